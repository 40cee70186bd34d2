//! Scripts that the endings of references ask for; [`crate::magic`] lists them.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::act::Act;
use crate::reason::Reason;

/// The pace of a script without reads, in milliseconds.
const PACE: i64 = 10 * 1000;

/// The word of `-unknown-word`.
pub(crate) const UNKNOWN_WORD: &str = "SIMULATED_NEW_WORD";

/// The script that the ending of a reference asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directives {
    pub(crate) plot: Option<Plot>,
    /// A status, and how many starts get it.
    pub(crate) refusals: Option<(u16, u32)>,
    pub(crate) lost_answer: bool,
    pub(crate) no_webhook: bool,
}

/// An outcome, and the steps to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plot {
    Approve,
    Reject(Option<Reason>),
    Fail(Option<Reason>),
    HoldApprove,
    HoldReject,
    Resubmit,
    Lapse,
    Abandon,
    Expire,
    UnknownWord,
}

impl Directives {
    /// Reads the ending of `reference`; an ordinary reference has none.
    pub(crate) fn parse(reference: &str) -> Self {
        let (mut directives, mut rest) = (Self::default(), reference);
        while let Some(before) = directives.strip(rest) {
            rest = before;
        }
        directives
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Strips one ending, and returns the text before it.
    fn strip<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        if let Some(before) = text.strip_suffix("-no-webhook") {
            self.no_webhook = true;
            return Some(before);
        }
        if let Some(before) = text.strip_suffix("-lost-answer") {
            self.lost_answer = true;
            return Some(before);
        }
        if let Some((before, plot)) = plot(text) {
            self.plot.get_or_insert(plot);
            return Some(before);
        }
        let (before, last) = text.rsplit_once('-')?;
        self.refusals = Some(refusals(last)?);
        Some(before)
    }
}

fn plot(text: &str) -> Option<(&str, Plot)> {
    // The longer endings come before those that they end in.
    const ENDINGS: [(&str, Plot); 10] = [
        ("-hold-approve", Plot::HoldApprove),
        ("-hold-reject", Plot::HoldReject),
        ("-approve", Plot::Approve),
        ("-reject", Plot::Reject(None)),
        ("-fail", Plot::Fail(None)),
        ("-resubmit", Plot::Resubmit),
        ("-lapse", Plot::Lapse),
        ("-abandon", Plot::Abandon),
        ("-expire", Plot::Expire),
        ("-unknown-word", Plot::UnknownWord),
    ];
    for (ending, plot) in ENDINGS {
        if let Some(before) = text.strip_suffix(ending) {
            return Some((before, plot));
        }
    }
    let (before, reason) = text.rsplit_once(':')?;
    let reason = Reason::new(reason).ok()?;
    match before.rsplit_once('-')? {
        (before, "reject") => Some((before, Plot::Reject(Some(reason)))),
        (before, "fail") => Some((before, Plot::Fail(Some(reason)))),
        _ => None,
    }
}

/// Parses `503x2`.
fn refusals(word: &str) -> Option<(u16, u32)> {
    let (status, count) = word.split_once('x')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(status) || !digits(count) || count.len() > 2 {
        return None;
    }
    let status = status.parse().ok().filter(|status| (400..600).contains(status))?;
    Some((status, count.parse().ok()?))
}

impl Plot {
    /// The steps; `again` marks the start after a required correction.
    pub(crate) fn steps(&self, again: bool) -> VecDeque<Act> {
        let reject = |reason: &Option<Reason>| Act::Reject { reason: reason.clone() };
        let steps = match self {
            Self::Approve => vec![Act::Submit, Act::Approve],
            Self::Reject(reason) => vec![Act::Submit, reject(reason)],
            Self::Fail(reason) => {
                vec![Act::Open, Act::Fail { reason: reason.clone().unwrap_or_else(Reason::unreadable) }]
            }
            Self::HoldApprove => vec![Act::Submit, Act::Hold, Act::Approve],
            Self::HoldReject => vec![Act::Submit, Act::Hold, reject(&None)],
            Self::Resubmit if again => vec![Act::Submit, Act::Approve],
            Self::Resubmit => vec![Act::Submit, Act::RequireResubmission],
            Self::Lapse => vec![Act::Submit, Act::Approve, Act::Lapse],
            Self::Abandon => vec![Act::Open, Act::Leave],
            Self::Expire => vec![Act::Expire],
            Self::UnknownWord => vec![Act::Submit, Act::Say { word: UNKNOWN_WORD.to_owned() }],
        };
        steps.into()
    }
}

/// The step nearest to one of a script, at a vendor without manual review, correction and lapse.
pub(crate) fn without_review(step: Act) -> Option<Act> {
    match step {
        Act::RequireResubmission => Some(Act::Reject { reason: Some(Reason::unreadable()) }),
        Act::Hold | Act::Lapse => None,
        step => Some(step),
    }
}

/// The running scripts of one vendor, by the id of the verification.
#[derive(Debug, Default)]
pub(crate) struct Scripts {
    running: HashMap<String, Running>,
    due: BTreeSet<(i64, String)>,
}

#[derive(Debug)]
struct Running {
    steps: VecDeque<Act>,
    due: i64,
    /// Whether only the clock advances the script, and not a read.
    by_clock_only: bool,
}

impl Scripts {
    pub(crate) fn begin(&mut self, id: &str, steps: VecDeque<Act>, now: i64) {
        self.stop(id);
        self.schedule(id.to_owned(), steps, false, now);
    }

    /// The same for an act that happens by the clock only, and not on a read.
    pub(crate) fn begin_by_clock(&mut self, id: &str, act: Act, now: i64) {
        self.stop(id);
        self.schedule(id.to_owned(), [act].into(), true, now);
    }

    fn schedule(&mut self, id: String, steps: VecDeque<Act>, by_clock_only: bool, now: i64) {
        if !steps.is_empty() {
            let due = now.saturating_add(PACE);
            self.due.insert((due, id.clone()));
            self.running.insert(id, Running { steps, due, by_clock_only });
        }
    }

    /// Ends the script of this verification, if it has one.
    pub(crate) fn stop(&mut self, id: &str) {
        if let Some(Running { due, .. }) = self.running.remove(id) {
            self.due.remove(&(due, id.to_owned()));
        }
    }

    /// The next step, on a read of the state.
    pub(crate) fn step(&mut self, id: &str, now: i64) -> Option<Act> {
        if self.running.get(id)?.by_clock_only {
            return None;
        }
        self.advance(id, now)
    }

    fn advance(&mut self, id: &str, now: i64) -> Option<Act> {
        let Running { mut steps, due, by_clock_only } = self.running.remove(id)?;
        self.due.remove(&(due, id.to_owned()));
        let step = steps.pop_front();
        self.schedule(id.to_owned(), steps, by_clock_only, now);
        step
    }

    /// The next step that is due.
    pub(crate) fn take_due(&mut self, now: i64) -> Option<(String, Act)> {
        let (due, id) = self.due.first().filter(|(due, _)| *due <= now)?.clone();
        // The pace counts from when the step was due, so that a clock that jumps finds the same steps.
        let step = self.advance(&id, due)?;
        Some((id, step))
    }

    pub(crate) fn next_due(&self) -> Option<i64> {
        self.due.first().map(|(due, _)| *due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(reference: &str) -> Directives {
        Directives::parse(reference)
    }

    #[test]
    fn ordinary_references_ask_for_nothing() {
        for plain in [
            "",
            "approve",
            "case-7",
            "case-503",
            "case-approved",
            "case-x2",
            "case-503x",
            "case-200x2",
            "case-503x100",
            "case-reject:",
            "case-reject:Not A Reason",
            "case:document_expired",
            "0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d01",
        ] {
            assert!(parse(plain).is_empty(), "{plain}");
        }
    }

    #[test]
    fn endings_are_read_and_combine() {
        assert_eq!(parse("case-7-approve").plot, Some(Plot::Approve));
        assert_eq!(parse("case-hold-approve").plot, Some(Plot::HoldApprove));
        let expired = Reason::new("document_expired").ok();
        assert_eq!(parse("a-reject:document_expired").plot, Some(Plot::Reject(expired)));
        let all = parse("case-7-503x2-lost-answer-reject-no-webhook");
        assert_eq!(all.plot, Some(Plot::Reject(None)));
        assert_eq!(all.refusals, Some((503, 2)));
        assert!(all.lost_answer && all.no_webhook);
        assert_eq!(parse("a-reject-approve").plot, Some(Plot::Approve), "the last outcome counts");
    }

    #[test]
    fn steps_are_taken_by_looking_or_by_time() {
        let mut scripts = Scripts::default();
        scripts.begin("a", Plot::HoldApprove.steps(false), 0);
        assert_eq!(scripts.step("a", 1000), Some(Act::Submit));
        assert_eq!(scripts.next_due(), Some(1000 + PACE));
        assert_eq!(scripts.take_due(1000 + PACE - 1), None);
        assert_eq!(scripts.take_due(1000 + 2 * PACE), Some(("a".to_owned(), Act::Hold)));
        assert_eq!(scripts.take_due(1000 + 2 * PACE), Some(("a".to_owned(), Act::Approve)));
        assert_eq!((scripts.step("a", 0), scripts.next_due()), (None, None));
    }
}
