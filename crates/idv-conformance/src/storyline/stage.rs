//! The vendor's side of one flow, as storylines drive it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use http::HeaderMap;
use idv_core::{CheckRequest, RefreshRequest, SessionRef, StartRequest, Timestamp, VerificationReason};

use super::Role;

/// An act of the applicant, the vendor or the passing of time on a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// The applicant opens the link.
    Open,
    /// The applicant finishes and submits.
    Submit,
    /// The applicant's try fails before anybody decides.
    Fail {
        /// The reason.
        reason: VerificationReason,
    },
    /// The applicant leaves before finishing.
    Leave,
    /// The vendor approves.
    Approve,
    /// The vendor declines.
    Reject {
        /// The reason. Vendors report it on few surfaces.
        reason: VerificationReason,
    },
    /// The vendor holds the verification for a manual review.
    Hold,
    /// The vendor asks the applicant to correct something.
    RequireResubmission,
    /// Time runs out before the applicant finishes.
    Expire,
    /// An approval runs out.
    Lapse,
    /// The business withdraws the verification, in the vendor's dashboard.
    Withdraw,
    /// The vendor uses a word for the state, such as one that it does not document.
    Say {
        /// The word.
        word: Cow<'static, str>,
    },
}

impl Act {
    /// The actor.
    #[must_use]
    pub const fn role(&self) -> Role {
        match self {
            Self::Open | Self::Submit | Self::Fail { .. } | Self::Leave => Role::Applicant,
            Self::Withdraw => Role::Application,
            _ => Role::Vendor,
        }
    }

    /// The words for the act in a trace.
    #[must_use]
    pub fn words(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Open => "opens the link",
            Self::Submit => "submits",
            Self::Fail { reason } => return format!("fails for {reason}").into(),
            Self::Leave => "leaves",
            Self::Approve => "approves",
            Self::Reject { reason } => return format!("rejects for {reason}").into(),
            Self::Hold => "holds for manual review",
            Self::RequireResubmission => "asks for a correction",
            Self::Expire => "lets the time run out",
            Self::Lapse => "lets the approval lapse",
            Self::Withdraw => "withdraws it in the dashboard",
            Self::Say { .. } => "uses a word that no page lists",
        })
    }
}

/// A mishap between the vendor and the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mishap {
    /// The vendor carries out the next start, and its answer is lost.
    LostAnswer,
    /// The next webhook is never sent.
    WebhookLost,
    /// The next webhook is delivered twice, with the same event id.
    WebhookTwice,
    /// The next webhook is overtaken by the one after it.
    WebhookOvertaken,
}

impl Mishap {
    /// The words for the mishap in a trace.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::LostAnswer => "will lose the answer to the next start",
            Self::WebhookLost => "will lose a webhook",
            Self::WebhookTwice => "will send a webhook twice",
            Self::WebhookOvertaken => "will send a webhook after its successor",
        }
    }
}

/// The outcome of an [`Act`] or a [`Mishap`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// It was done.
    Done {
        /// The URL to which the vendor sends the applicant's browser, if any.
        redirect: Option<String>,
    },
    /// The vendor does not support it. That is an answer, not an error.
    NotAtThisVendor {
        /// The reason, in a few words without ids.
        why: &'static str,
    },
}

impl Acted {
    /// It was done, and the browser stays on its page.
    pub const DONE: Self = Self::Done { redirect: None };
}

/// One applicant at the vendor, and the application's data on them.
#[derive(Debug, Clone)]
pub struct Case {
    /// A start for the applicant, with every credential that the flow asks for and without an idempotency key.
    pub start: StartRequest,
    /// The stage's key of the applicant at the vendor. It is for the stage alone, and must be no credential.
    pub subject: String,
}

impl Case {
    /// A check with the applicant's credentials.
    #[must_use]
    pub fn check(&self, session: &SessionRef) -> CheckRequest {
        let mut request = CheckRequest::new(session.clone());
        request.user_token = self.start.user_token.clone();
        request.onboarding_id = self.start.onboarding_id.clone();
        request
    }

    /// A refresh with the applicant's credentials.
    #[must_use]
    pub fn refresh(&self, session: &SessionRef) -> RefreshRequest {
        let mut request = RefreshRequest::new(session.clone());
        request.user_token = self.start.user_token.clone();
        request.onboarding_id = self.start.onboarding_id.clone();
        request
    }
}

/// The records that the vendor holds for one applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Their number.
    pub count: usize,
    /// Their kind, in the singular: "session", "applicant".
    pub what: &'static str,
}

/// A webhook as it arrived. `Debug` shows its size only: headers can hold secrets, bodies personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// All headers.
    pub headers: HeaderMap,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// A failure of the stage itself: nothing is known of the provider.
#[derive(Debug, thiserror::Error)]
#[error("the stage broke: {0}")]
pub struct StageError(String);

impl StageError {
    /// Describes the failure. The message is printed.
    pub fn new(message: impl fmt::Display) -> Self {
        Self(message.to_string())
    }
}

/// The vendor's side of one flow: a simulation, a vendor's own test environment, or a script.
#[async_trait]
pub trait Stage: fmt::Debug + Send + Sync {
    /// The name of the flow, for people: the kind of the provider, or the description that it uses.
    fn flow(&self) -> &str;

    /// The time at the vendor. The clock of the provider under test has to agree with it when a storyline begins.
    fn now(&self) -> Timestamp;

    /// Adds a fresh applicant, of whom the vendor holds no session.
    async fn enter(&self) -> Result<Case, StageError>;

    /// Gives the applicant fresh credentials, as after another login. A flow without credentials does nothing.
    async fn renew(&self, case: &mut Case) -> Result<(), StageError>;

    /// Performs an act on the verification of an applicant; `session` is the one that the application holds.
    async fn act(&self, case: &Case, session: &SessionRef, act: &Act) -> Result<Acted, StageError>;

    /// Arranges a mishap. Several queue up: those of webhooks affect one webhook each.
    async fn arrange(&self, mishap: Mishap) -> Result<Acted, StageError>;

    /// The records that the vendor holds for the applicant now.
    async fn held(&self, case: &Case) -> Result<Held, StageError>;

    /// The webhooks that arrived since the last call, in the order of their arrival. Pending ones are waited for.
    async fn webhooks(&self) -> Result<Vec<Webhook>, StageError>;

    /// Lets time pass at the vendor.
    async fn advance(&self, by: Duration) -> Result<(), StageError>;
}
