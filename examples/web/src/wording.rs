//! Words for applicants.

use std::time::Duration;

use idv::profile::ProviderProfile;
use idv::{NextAction, Timestamp, VerificationReason, VerificationStatus};
use idv_tracker::{State, Tracked};

/// The state of a verification, as the applicant sees it.
pub(crate) struct View {
    pub(crate) id: i64,
    pub(crate) version: i64,
    /// The word of the status, for style sheets and tests.
    pub(crate) status: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) text: &'static str,
    pub(crate) reasons: Vec<&'static str>,
    pub(crate) vendor: String,
    /// The vendor's own words of how long it takes; empty unless one has to wait.
    pub(crate) times: Vec<String>,
    pub(crate) step: Step,
}

/// What the applicant can do.
pub(crate) enum Step {
    /// Nothing: wait, or be glad.
    None,
    /// Go on with the link that is there.
    Continue,
    /// Go on with a fresh link.
    FreshLink,
    /// Begin another verification, after a wait where the vendor asks for one.
    Again { wait: Option<String> },
    /// Begin anew in place of a session whose link is lost.
    Anew,
    /// Talk to a person.
    Support,
}

impl View {
    pub(crate) fn new(
        verification: &Tracked,
        profile: &ProviderProfile,
        has_link: bool,
        now: Timestamp,
    ) -> Self {
        let state = verification.state.as_ref();
        let status = state.map(|state| state.status);
        let waits = matches!(
            status,
            Some(
                VerificationStatus::InReview | VerificationStatus::OnHold | VerificationStatus::Unrecognized
            )
        );
        let times = profile.decision_times.iter().filter(|_| waits).map(|note| note.text.to_string());
        Self {
            id: verification.id.get(),
            version: verification.version,
            status: status.map_or("starting", |status| status.as_str()),
            heading: heading(status),
            text: text(status),
            reasons: state.map(reasons).unwrap_or_default(),
            vendor: profile.vendor.to_string(),
            times: times.collect(),
            step: step(verification, profile, has_link, now),
        }
    }
}

fn step(verification: &Tracked, profile: &ProviderProfile, has_link: bool, now: Timestamp) -> Step {
    let link = match (has_link, profile.capabilities.refresh) {
        (true, _) => Step::Continue,
        (false, true) => Step::FreshLink,
        (false, false) => Step::Anew,
    };
    let Some(state) = &verification.state else { return link };
    match &state.next_action {
        NextAction::ContinueSession => link,
        NextAction::Wait { .. } | NextAction::Check if state.status == VerificationStatus::InProgress => link,
        NextAction::ResumeSession => Step::FreshLink,
        NextAction::StartSession | NextAction::RetryWithNewSession { .. } if has_link => Step::Continue,
        NextAction::StartSession | NextAction::RetryWithNewSession { .. } => {
            Step::Again { wait: cooldown(verification, now).map(duration) }
        }
        NextAction::ContactSupport => Step::Support,
        _ => Step::None,
    }
}

/// How long the vendor still asks to wait before another try.
pub(crate) fn cooldown(verification: &Tracked, now: Timestamp) -> Option<Duration> {
    let state = verification.state.as_ref()?;
    let NextAction::RetryWithNewSession { cooldown: Some(cooldown), .. } = &state.next_action else {
        return None;
    };
    let left = state.updated_at.saturating_add(*cooldown).saturating_since(now);
    (!left.is_zero()).then_some(left)
}

/// The status in a few words.
pub(crate) fn heading(status: Option<VerificationStatus>) -> &'static str {
    use VerificationStatus as Status;
    match status {
        None | Some(Status::NotStarted) => "Ready to begin",
        Some(Status::InProgress) => "Waiting for you",
        Some(Status::InReview) => "Being checked",
        Some(Status::OnHold) => "Being checked by a person",
        Some(Status::ResubmissionRequired) => "Something has to be sent again",
        Some(Status::Approved) => "You are verified",
        Some(Status::Rejected) => "Not verified",
        Some(Status::Abandoned) => "You left before the end",
        Some(Status::Expired) => "The time ran out",
        Some(Status::Cancelled) => "Withdrawn",
        Some(Status::Failed) => "Something went wrong",
        Some(_) => "Being looked at",
    }
}

fn text(status: Option<VerificationStatus>) -> &'static str {
    use VerificationStatus as Status;
    match status {
        None | Some(Status::NotStarted) => "You have not begun yet.",
        Some(Status::InProgress) => {
            "The verification is open. If you have finished already, this page changes by itself in a moment."
        }
        Some(Status::InReview) => {
            "Your documents have arrived, and there is nothing to do for you. This page changes by itself."
        }
        Some(Status::OnHold) => "There is nothing to do for you. This page changes by itself.",
        Some(Status::ResubmissionRequired) => "You can correct it at once: the verification goes on.",
        Some(Status::Approved) => "Thank you, that is all.",
        Some(Status::Rejected) => "The verification ended without success.",
        Some(Status::Abandoned | Status::Expired) => {
            "Nothing was decided about you, and you can begin again."
        }
        Some(Status::Cancelled) => "The verification was withdrawn, and you can begin again.",
        Some(Status::Failed) => "The verification broke off. Nothing was decided about you.",
        Some(_) => {
            "We got an answer that we do not know yet. A person looks at it; nothing was decided about you."
        }
    }
}

/// The reasons that an applicant can do something about, each once. To tell a suspect of a suspicion, or of a match in a list of
/// wanted or sanctioned persons, is forbidden in many countries: those are shown to operators only.
fn reasons(state: &State) -> Vec<&'static str> {
    let mut told: Vec<&str> = state.reasons.iter().filter_map(|reported| reason(reported.reason)).collect();
    told.sort_unstable();
    told.dedup();
    told
}

fn reason(reason: VerificationReason) -> Option<&'static str> {
    use VerificationReason as Reason;
    Some(match reason {
        Reason::DocumentUnreadable => {
            "The document could not be read: take the photo in good light, without reflections."
        }
        Reason::DocumentExpired => "The document has expired.",
        Reason::DocumentUnsupported => "This kind of document is not accepted.",
        Reason::DocumentMissing => "A document, or a side of it, is missing.",
        Reason::FaceMismatch => "The selfie and the document do not seem to show the same person.",
        Reason::LivenessFailed => "The selfie could not be used.",
        Reason::DataMismatch => "Your entries differ from the document.",
        Reason::Underage => "You are too young for this service.",
        Reason::AttemptsExhausted => "There were too many tries.",
        Reason::SessionExpired => "The time ran out.",
        Reason::ApplicantCancelled => "You ended the verification.",
        Reason::ProviderError => "There was a technical problem on the other side.",
        _ => return None,
    })
}

/// A duration in words: "3 minutes".
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds.div_ceil(60), "minute"),
        7_200..172_800 => (seconds.div_ceil(3_600), "hour"),
        _ => (seconds.div_ceil(86_400), "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A moment in words: "2026-11-20 12:30 UTC".
pub(crate) fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(date), Some(time)) => format!("{date} {time} UTC"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_units_that_people_use() {
        let told = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(
            [told(1), told(90), told(121), told(86_400), told(604_800)],
            ["1 second", "90 seconds", "3 minutes", "24 hours", "7 days"]
        );
    }

    #[test]
    fn no_applicant_is_told_of_a_suspicion() {
        use VerificationReason as Reason;
        for secret in [
            Reason::Watchlist,
            Reason::FraudSuspected,
            Reason::Duplicate,
            Reason::DocumentTampered,
            Reason::Unspecified,
        ] {
            assert_eq!(reason(secret), None);
        }
    }
}
