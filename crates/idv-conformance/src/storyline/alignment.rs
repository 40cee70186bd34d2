//! The traces of one storyline at several vendors, side by side.

use idv_core::{Assurance, VerificationStatus};

use super::words::{self, list};
use super::{Beat, Role, Trace};

/// One step of a storyline at every vendor.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AlignedStep<'a> {
    /// The actor.
    pub by: Role,
    /// The step.
    pub step: &'a str,
    /// The beat of each trace, in the order of the traces; `None` if the storyline did not take the step.
    pub beats: Vec<Option<&'a Beat>>,
    /// The differences in our own vocabulary, a sentence each; empty if there are none. The vendors' own words do not
    /// count.
    pub differences: Vec<String>,
}

impl AlignedStep<'_> {
    /// Whether an application notices a difference here.
    #[must_use]
    pub fn differs(&self) -> bool {
        !self.differences.is_empty()
    }
}

/// Aligns traces of one storyline: a step that some traces lack follows the step before it.
#[must_use]
pub fn align<'a>(traces: &[&'a Trace]) -> Vec<AlignedStep<'a>> {
    let mut steps: Vec<(Role, &str)> = Vec::new();
    for trace in traces {
        let mut next = 0;
        for beat in &trace.beats {
            match steps.iter().position(|(_, step)| *step == beat.step) {
                Some(known) => next = known + 1,
                None => {
                    steps.insert(next, (beat.by, &beat.step));
                    next += 1;
                }
            }
        }
    }
    let aligned = |(by, step)| {
        let beats: Vec<Option<&Beat>> = traces.iter().map(|trace| trace.beat(step)).collect();
        let cells: Vec<Cell<'_>> =
            traces.iter().zip(&beats).map(|(trace, beat)| (trace.flow.as_str(), *beat)).collect();
        let differences = differences(&cells);
        AlignedStep { by, step, beats, differences }
    };
    steps.into_iter().map(aligned).collect()
}

type Cell<'a> = (&'a str, Option<&'a Beat>);

fn differences(cells: &[Cell<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    let taken: Vec<(&str, &Beat)> =
        cells.iter().filter_map(|(flow, beat)| beat.map(|beat| (*flow, beat))).collect();
    if taken.len() < cells.len() {
        let flows: Vec<&str> = taken.iter().map(|(flow, _)| *flow).collect();
        found.push(format!("only at {}", list(&flows)));
    }
    let lacking: Vec<(&str, &Beat)> =
        taken.iter().filter(|(_, beat)| !beat.at_this_vendor).copied().collect();
    if !lacking.is_empty() && lacking.len() < taken.len() {
        let why = |beat: &Beat| beat.note.clone().unwrap_or_default();
        let groups = group(&lacking, why);
        let parts: Vec<String> =
            groups.iter().map(|(why, flows)| format!("{} ({why})", list(flows))).collect();
        found.push(format!("does not exist at {}", parts.join(", nor at ")));
    }
    let here: Vec<(&str, &Beat)> = taken.into_iter().filter(|(_, beat)| beat.at_this_vendor).collect();
    found.extend(tell(&here, |beat| match (&beat.error, is_silent(beat)) {
        (Some(error), _) => words::failure(error),
        (None, true) => beat.note.clone().unwrap_or_default(),
        (None, false) => "something is told".to_owned(),
    }));
    let telling: Vec<(&str, &Beat)> =
        here.into_iter().filter(|(_, beat)| beat.error.is_none() && !is_silent(beat)).collect();
    found.extend(tell(&telling, |beat| status(beat.status)));
    found.extend(tell(&telling, reasons));
    found.extend(tell(&telling, |beat| words::action(beat.next_action.as_deref())));
    found.extend(tell(&telling, |beat| assurance(beat.assurance)));
    found.extend(tell(&telling, |beat| beat.note.clone().unwrap_or_else(|| "no more than that".to_owned())));
    found
}

/// Whether a beat has nothing but, at most, a note.
fn is_silent(beat: &Beat) -> bool {
    beat.status.is_none() && beat.next_action.is_none() && beat.assurance.is_none()
}

fn status(status: Option<VerificationStatus>) -> String {
    status.map_or_else(|| "no status is told".to_owned(), words::status)
}

fn assurance(assurance: Option<Assurance>) -> String {
    match assurance {
        Some(Assurance::Signed) => "the body is signed (signed)".to_owned(),
        Some(Assurance::SharedSecret) => "the sender knows a secret (shared_secret)".to_owned(),
        Some(Assurance::Unsigned) => "anybody may have sent it (unsigned)".to_owned(),
        Some(other) => other.to_string(),
        None => "nothing is vouched for".to_owned(),
    }
}

/// Reasons without the vendor's codes.
fn reasons(beat: &Beat) -> String {
    let plain: Vec<&str> =
        beat.reasons.iter().map(|reason| reason.split(' ').next().unwrap_or(reason)).collect();
    if plain.is_empty() { "no reason is told".to_owned() } else { format!("the reason is {}", list(&plain)) }
}

/// A sentence, if the flows differ.
fn tell(cells: &[(&str, &Beat)], fact: impl Fn(&Beat) -> String) -> Option<String> {
    let groups = group(cells, fact);
    let parts: Vec<String> =
        groups.iter().map(|(fact, flows)| format!("at {} {fact}", list(flows))).collect();
    (groups.len() > 1).then(|| parts.join("; "))
}

/// The flows for each fact, in the order of the flows.
fn group<'a>(cells: &[(&'a str, &Beat)], fact: impl Fn(&Beat) -> String) -> Vec<(String, Vec<&'a str>)> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (flow, beat) in cells {
        let fact = fact(beat);
        match groups.iter_mut().find(|(known, _)| *known == fact) {
            Some((_, flows)) => flows.push(flow),
            None => groups.push((fact, vec![flow])),
        }
    }
    groups
}
