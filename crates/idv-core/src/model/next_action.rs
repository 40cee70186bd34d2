//! The next action of the application: computed here and nowhere else.

use std::time::Duration;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use crate::model::stored::{seconds, seconds_or_null, whole_seconds};
use crate::string_enum::string_enum;
use crate::{ProviderId, ProviderKind, VerificationStatus};

/// The next action of the application.
///
/// As JSON it is `{"next_action":"wait","poll_after_seconds":15,"cooldown_seconds":null,"via":null,"recheck_after_seconds":null}`: the word of
/// [`as_str`](Self::as_str), and beside it what some actions carry, in whole seconds, rounded up. A word that this version does not know is
/// an error.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "next_action", rename_all = "snake_case")]
#[non_exhaustive]
pub enum NextAction {
    /// Start a session.
    StartSession,
    /// Reopen the link still in hand; `refresh` only if it is lost or expired, since that may spend a quota.
    ContinueSession,
    /// Ask again later.
    Wait {
        /// How long to wait before the next check.
        #[serde(rename = "poll_after_seconds", deserialize_with = "seconds")]
        poll_after: Duration,
    },
    /// `refresh`: the same applicant goes on with a fresh link.
    ResumeSession,
    /// Start anew.
    RetryWithNewSession {
        /// How long the vendor asks to wait first.
        #[serde(rename = "cooldown_seconds", default, deserialize_with = "seconds_or_null")]
        cooldown: Option<Duration>,
        /// The configured provider at which to start instead.
        #[serde(default)]
        via: Option<ProviderId>,
    },
    /// Terminal in this flow: a person has to talk to the vendor.
    ContactSupport,
    /// Read the status with `check`: what was seen is a hint.
    Check,
    /// Nothing.
    #[serde(rename = "none")]
    Done {
        /// After how long to look again, because an approval can lapse.
        #[serde(rename = "recheck_after_seconds", default, deserialize_with = "seconds_or_null")]
        recheck_after: Option<Duration>,
    },
}

impl NextAction {
    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::StartSession => "start_session",
            Self::ContinueSession => "continue_session",
            Self::Wait { .. } => "wait",
            Self::ResumeSession => "resume_session",
            Self::RetryWithNewSession { .. } => "retry_with_new_session",
            Self::ContactSupport => "contact_support",
            Self::Check => "check",
            Self::Done { .. } => "none",
        }
    }
}

impl Serialize for NextAction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut poll_after, mut cooldown, mut via, mut recheck_after) = (None, None, None, None);
        match self {
            Self::Wait { poll_after: wait } => poll_after = Some(*wait),
            Self::RetryWithNewSession { cooldown: wait, via: provider } => {
                (cooldown, via) = (*wait, provider.as_ref());
            }
            Self::Done { recheck_after: after } => recheck_after = *after,
            _ => {}
        }
        let mut fields = serializer.serialize_struct("NextAction", 5)?;
        fields.serialize_field("next_action", self.as_str())?;
        fields.serialize_field("poll_after_seconds", &poll_after.map(whole_seconds))?;
        fields.serialize_field("cooldown_seconds", &cooldown.map(whole_seconds))?;
        fields.serialize_field("via", &via)?;
        fields.serialize_field("recheck_after_seconds", &recheck_after.map(whole_seconds))?;
        fields.end()
    }
}

/// The action after `not_started` at a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotStarted {
    /// No link exists yet.
    StartSession,
    /// A link exists, and opening it changes nothing at the vendor.
    ContinueSession,
}

/// The action after `rejected` at a vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AfterRejection {
    /// The vendor takes no second try in this flow.
    ContactSupport,
    /// The vendor takes another try.
    Retry {
        /// How long the vendor asks to wait first.
        cooldown: Option<Duration>,
        /// The configured provider at which the next try belongs.
        via: Option<Successor>,
    },
}

string_enum! {
    /// The action that a vendor's policy names for a status, where it is another one than everywhere else.
    pub enum PolicyAction {
        /// Start a session.
        StartSession = "start_session",
        /// Reopen the link still in hand.
        ContinueSession = "continue_session",
        /// Ask again later, at the pace of the cadence.
        Wait = "wait",
        /// `refresh`: the same session goes on with a fresh link.
        ResumeSession = "resume_session",
        /// Start anew.
        RetryWithNewSession = "retry_with_new_session",
        /// A person has to talk to the vendor.
        ContactSupport = "contact_support",
    }
}

/// The configured provider that takes over from another one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Successor {
    /// Its configured id.
    pub provider: ProviderId,
    /// The kind that it must have.
    pub kind: ProviderKind,
}

impl Successor {
    /// Names the provider and the kind that it must have.
    #[must_use]
    pub const fn new(provider: ProviderId, kind: ProviderKind) -> Self {
        Self { provider, kind }
    }
}

/// Poll intervals: how often to check at a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cadence {
    /// While the applicant is busy.
    pub applicant_busy: Duration,
    /// While the vendor decides, or where its word is unknown.
    pub vendor_busy: Duration,
}

impl Cadence {
    /// The same interval all the time.
    #[must_use]
    pub const fn every(interval: Duration) -> Self {
        Self { applicant_busy: interval, vendor_busy: interval }
    }

    /// Another interval while the applicant is busy.
    #[must_use]
    pub const fn with_applicant_busy(mut self, interval: Duration) -> Self {
        self.applicant_busy = interval;
        self
    }

    /// Another interval while the vendor decides.
    #[must_use]
    pub const fn with_vendor_busy(mut self, interval: Duration) -> Self {
        self.vendor_busy = interval;
        self
    }
}

/// A vendor's policy: the facts from which the next action follows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActionPolicy {
    /// The action after `not_started`.
    pub not_started: NotStarted,
    /// The action after `rejected`.
    pub rejected: AfterRejection,
    /// How often to poll.
    pub cadence: Cadence,
    /// How long an approval is trusted, where that is configured.
    pub recheck_after: Option<Duration>,
    /// The statuses that are followed by another action at this vendor. An approval is none of them.
    pub exceptions: Vec<(VerificationStatus, PolicyAction)>,
}

impl ActionPolicy {
    /// A policy in which an approval is trusted without end.
    #[must_use]
    pub const fn new(not_started: NotStarted, rejected: AfterRejection, cadence: Cadence) -> Self {
        Self { not_started, rejected, cadence, recheck_after: None, exceptions: Vec::new() }
    }

    /// Trusts an approval for so long, where that is configured.
    #[must_use]
    pub const fn with_recheck_after(mut self, recheck_after: Option<Duration>) -> Self {
        self.recheck_after = recheck_after;
        self
    }

    /// Follows a status with another action than everywhere else. It has no effect on an approval.
    #[must_use]
    pub fn with_exception(mut self, status: VerificationStatus, action: PolicyAction) -> Self {
        self.exceptions.push((status, action));
        self
    }

    /// The next action for a status that the vendor reported, at a vendor that can do everything.
    pub(crate) fn next(&self, status: VerificationStatus) -> NextAction {
        let exception = self.exceptions.iter().rev().find(|(own, _)| *own == status);
        match exception.filter(|_| status != VerificationStatus::Approved) {
            Some((_, action)) => self.exceptional(status, *action),
            None => self.usual(status),
        }
    }

    fn exceptional(&self, status: VerificationStatus, action: PolicyAction) -> NextAction {
        match action {
            PolicyAction::StartSession => NextAction::StartSession,
            PolicyAction::ContinueSession => NextAction::ContinueSession,
            PolicyAction::Wait if status == VerificationStatus::InProgress => {
                NextAction::Wait { poll_after: self.cadence.applicant_busy }
            }
            PolicyAction::Wait => NextAction::Wait { poll_after: self.cadence.vendor_busy },
            PolicyAction::ResumeSession => NextAction::ResumeSession,
            PolicyAction::RetryWithNewSession => {
                NextAction::RetryWithNewSession { cooldown: None, via: None }
            }
            PolicyAction::ContactSupport => NextAction::ContactSupport,
        }
    }

    fn usual(&self, status: VerificationStatus) -> NextAction {
        use VerificationStatus as Status;
        match status {
            Status::NotStarted => match self.not_started {
                NotStarted::StartSession => NextAction::StartSession,
                NotStarted::ContinueSession => NextAction::ContinueSession,
            },
            Status::InProgress => NextAction::Wait { poll_after: self.cadence.applicant_busy },
            Status::InReview | Status::OnHold | Status::Unrecognized => {
                NextAction::Wait { poll_after: self.cadence.vendor_busy }
            }
            Status::ResubmissionRequired => NextAction::ResumeSession,
            Status::Approved => NextAction::Done { recheck_after: self.recheck_after },
            Status::Rejected => match &self.rejected {
                AfterRejection::ContactSupport => NextAction::ContactSupport,
                AfterRejection::Retry { cooldown, via } => NextAction::RetryWithNewSession {
                    cooldown: *cooldown,
                    via: via.as_ref().map(|successor| successor.provider.clone()),
                },
            },
            Status::Abandoned | Status::Expired | Status::Cancelled | Status::Failed => {
                NextAction::StartSession
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(rejected: AfterRejection, not_started: NotStarted) -> ActionPolicy {
        let cadence = Cadence::every(Duration::from_secs(60)).with_applicant_busy(Duration::from_secs(5));
        ActionPolicy::new(not_started, rejected, cadence).with_recheck_after(Some(Duration::from_secs(9)))
    }

    #[test]
    fn every_status_has_its_action() {
        let policy = policy(AfterRejection::ContactSupport, NotStarted::StartSession);
        let actions: Vec<_> = VerificationStatus::ALL
            .iter()
            .map(|status| format!("{status} {}", policy.next(*status).as_str()))
            .collect();
        assert_eq!(
            actions,
            [
                "not_started start_session",
                "in_progress wait",
                "in_review wait",
                "on_hold wait",
                "resubmission_required resume_session",
                "approved none",
                "rejected contact_support",
                "abandoned start_session",
                "expired start_session",
                "cancelled start_session",
                "failed start_session",
                "unrecognized wait",
            ]
        );
    }

    #[test]
    fn a_session_that_can_be_revived_is_taken_up_again() {
        let policy = policy(AfterRejection::ContactSupport, NotStarted::StartSession)
            .with_exception(VerificationStatus::Abandoned, PolicyAction::ResumeSession);
        assert_eq!(policy.next(VerificationStatus::Abandoned), NextAction::ResumeSession);
        assert_eq!(policy.next(VerificationStatus::Expired), NextAction::StartSession);
    }

    #[test]
    fn the_vendor_s_policy_decides_after_a_rejection() {
        let cards: ProviderId = "cards".parse().unwrap();
        let via = Some(Successor::new(cards.clone(), ProviderKind::from_static("baanx-user")));
        let policy = policy(AfterRejection::Retry { cooldown: None, via }, NotStarted::ContinueSession);
        assert_eq!(
            policy.next(VerificationStatus::Rejected),
            NextAction::RetryWithNewSession { cooldown: None, via: Some(cards) }
        );
        assert_eq!(policy.next(VerificationStatus::NotStarted), NextAction::ContinueSession);
    }

    #[test]
    fn a_vendor_s_exception_goes_before_the_rule_but_for_an_approval() {
        use VerificationStatus::{Approved, Expired, Failed, InProgress, Rejected};
        let policy = policy(AfterRejection::ContactSupport, NotStarted::StartSession)
            .with_exception(Expired, PolicyAction::ResumeSession)
            .with_exception(Failed, PolicyAction::Wait)
            .with_exception(InProgress, PolicyAction::Wait)
            .with_exception(Rejected, PolicyAction::RetryWithNewSession)
            .with_exception(Approved, PolicyAction::StartSession);
        assert_eq!(policy.next(Expired), NextAction::ResumeSession);
        assert_eq!(policy.next(Failed), NextAction::Wait { poll_after: Duration::from_secs(60) });
        assert_eq!(policy.next(InProgress), NextAction::Wait { poll_after: Duration::from_secs(5) });
        assert_eq!(policy.next(Rejected).as_str(), "retry_with_new_session");
        assert_eq!(policy.next(Approved).as_str(), "none");
    }
}
