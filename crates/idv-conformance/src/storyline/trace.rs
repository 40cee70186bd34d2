//! The trace: the result of a storyline, without ids and times.

use std::fmt;

use idv_core::{
    Assurance, Delivery, Error, ErrorKind, HumanDuration, NextAction, ReportedReason, VerificationStatus,
};
use serde::{Serialize, Serializer};

use super::Storyline;

/// The actor of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The application, through the provider.
    Application,
    /// The person who is verified.
    Applicant,
    /// The vendor, and the passing of time there.
    Vendor,
}

impl Role {
    /// The word used in traces.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Applicant => "applicant",
            Self::Vendor => "vendor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An error, without the parts that differ from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The kind of error.
    pub kind: ErrorKind,
    /// Whether the call may be repeated: the word of [`Retry`](idv_core::Retry).
    pub retry: &'static str,
    /// Whether a session could exist.
    pub delivery: Delivery,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { kind: error.kind(), retry: error.retry().as_str(), delivery: error.delivery() }
    }
}

/// One step of a storyline and the application's view of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Beat {
    /// The actor.
    pub by: Role,
    /// The step. It occurs once in a trace.
    pub step: String,
    /// Whether the vendor supports the step at all.
    pub at_this_vendor: bool,
    /// The status that the application got.
    pub status: Option<VerificationStatus>,
    /// The vendor's own word for it.
    pub provider_status: Option<String>,
    /// The reasons, each with the vendor's own code.
    pub reasons: Vec<String>,
    /// The next action of the application, with its fields.
    pub next_action: Option<String>,
    /// The assurance of a webhook.
    pub assurance: Option<Assurance>,
    /// The vendor's own type of a webhook.
    pub event_type: Option<String>,
    /// The error in place of an answer.
    pub error: Option<Failure>,
    /// Further details.
    pub note: Option<String>,
}

impl Beat {
    /// A step of which the application sees nothing.
    #[must_use]
    pub fn new(by: Role, step: impl Into<String>) -> Self {
        Self {
            by,
            step: step.into(),
            at_this_vendor: true,
            status: None,
            provider_status: None,
            reasons: Vec::new(),
            next_action: None,
            assurance: None,
            event_type: None,
            error: None,
            note: None,
        }
    }

    /// A step that the vendor does not support.
    #[must_use]
    pub fn not_at_this_vendor(by: Role, step: impl Into<String>, why: impl Into<String>) -> Self {
        let mut beat = Self::new(by, step).note(why);
        beat.at_this_vendor = false;
        beat
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub(super) fn status(mut self, status: VerificationStatus) -> Self {
        self.status = Some(status);
        self
    }

    pub(super) fn says(mut self, word: impl fmt::Display) -> Self {
        self.provider_status = Some(word.to_string());
        self
    }

    pub(super) fn reasons(mut self, reasons: &[ReportedReason]) -> Self {
        let one = |reason: &ReportedReason| match &reason.provider_code {
            Some(code) => format!("{} ({code})", reason.reason),
            None => reason.reason.to_string(),
        };
        self.reasons = reasons.iter().map(one).collect();
        self
    }

    pub(super) fn next(mut self, action: &NextAction) -> Self {
        self.next_action = Some(describe(action));
        self
    }

    pub(super) fn failed(mut self, error: &Error) -> Self {
        self.error = Some(error.into());
        self
    }

    /// The outcome, in one line.
    #[must_use]
    pub fn outcome(&self) -> String {
        let mut parts = Vec::new();
        if !self.at_this_vendor {
            parts.push("not at this vendor".to_owned());
        }
        parts.extend(self.status.map(|status| status.to_string()));
        parts.extend(self.assurance.map(|assurance| assurance.to_string()));
        parts.extend(self.event_type.as_ref().map(|name| format!("type {name}")));
        parts.extend(self.provider_status.as_ref().map(|word| format!("says {word}")));
        if !self.reasons.is_empty() {
            parts.push(format!("because {}", self.reasons.join(", ")));
        }
        parts.extend(self.next_action.as_ref().map(|action| format!("next {action}")));
        if let Some(Failure { kind, retry, delivery }) = self.error {
            parts.push(format!("error {kind}, retry {retry}, delivery {delivery}"));
        }
        parts.extend(self.note.clone());
        if parts.is_empty() { "done".to_owned() } else { parts.join("; ") }
    }
}

impl fmt::Display for Beat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.by, self.step, self.outcome())
    }
}

/// An action with its fields. The name of a provider that takes over is omitted, because it is configured.
fn describe(action: &NextAction) -> String {
    let word = action.as_str();
    match action {
        NextAction::Wait { poll_after } => format!("{word} {}", HumanDuration::from(*poll_after)),
        NextAction::RetryWithNewSession { cooldown, via } => {
            let after =
                cooldown.map(|wait| format!(" after {}", HumanDuration::from(wait))).unwrap_or_default();
            let at = if via.is_some() { " at another provider" } else { "" };
            format!("{word}{after}{at}")
        }
        _ => word.to_owned(),
    }
}

/// The trace of a storyline at one vendor: a beat for each step, in order, the same in every run.
///
/// `Display` is its stable text form: the name of the storyline, then one line for each beat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Trace {
    /// The storyline.
    #[serde(serialize_with = "name")]
    pub storyline: Storyline,
    /// The flow: the kind of the provider.
    pub flow: String,
    /// The beats.
    pub beats: Vec<Beat>,
}

fn name<S: Serializer>(storyline: &Storyline, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(storyline.name())
}

impl Trace {
    /// A trace of beats, whose steps are told apart by numbers where they recur.
    #[must_use]
    pub fn new(storyline: Storyline, flow: impl Into<String>, beats: Vec<Beat>) -> Self {
        let mut trace = Self { storyline, flow: flow.into(), beats: Vec::with_capacity(beats.len()) };
        for mut beat in beats {
            let plain = beat.step.clone();
            let mut number = 1;
            while trace.beat(&beat.step).is_some() {
                number += 1;
                beat.step = format!("{plain} ({number})");
            }
            trace.beats.push(beat);
        }
        trace
    }

    /// The beat of a step.
    #[must_use]
    pub fn beat(&self, step: &str) -> Option<&Beat> {
        self.beats.iter().find(|beat| beat.step == step)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} at {}", self.storyline.title(), self.flow)?;
        self.beats.iter().try_for_each(|beat| writeln!(f, "  {beat}"))
    }
}
