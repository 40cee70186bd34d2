//! The axes of an error: what happened, whether to repeat, whether a session could exist, whose credential it was.

use std::time::Duration;

use crate::word_enum::word_enum;

word_enum! {
    /// What happened.
    pub enum ErrorKind {
        /// The configuration is wrong or incomplete, or names a provider that is not configured.
        Config = "config",
        /// The provider cannot do this; its capabilities say so.
        Unsupported = "unsupported",
        /// An input is missing or wrong, found by us or by the vendor.
        InvalidRequest = "invalid_request",
        /// A credential was refused; [`Error::credential`](crate::Error::credential) says whose.
        Unauthenticated = "unauthenticated",
        /// The credential is good but not for this.
        Forbidden = "forbidden",
        /// The vendor does not know the session, organization, user or workflow.
        NotFound = "not_found",
        /// The request conflicts with the vendor's state, or the vendor answered for somebody else.
        Conflict = "conflict",
        /// The account at the vendor has no balance.
        PaymentRequired = "payment_required",
        /// Too many calls; [`Retry::Allowed`] says how long to wait, where the vendor does.
        RateLimited = "rate_limited",
        /// The vendor is down or broken.
        Unavailable = "unavailable",
        /// No answer in time.
        Timeout = "timeout",
        /// No connection, or it broke.
        Connection = "connection",
        /// An answer that is no answer: a redirect, too large, not what the vendor documents.
        InvalidResponse = "invalid_response",
        /// A webhook that is not authentic, or authentic but unreadable.
        WebhookRejected = "webhook_rejected",
        /// A return URL that is malformed or belongs to another session.
        RedirectRejected = "redirect_rejected",
    }
}

word_enum! {
    /// What is known of whether the request reached the vendor: could a session exist?
    pub enum Delivery {
        /// Nothing was sent.
        NotSent = "not_sent",
        /// It may have been processed: a time-out, a reset, an answer cut short.
        Unknown = "unknown",
        /// The vendor answered.
        Answered = "answered",
    }
}

/// Whether the same call may be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// Repeating changes nothing.
    Never,
    /// Repeating is safe, not before `after` where the vendor named a wait.
    Allowed {
        /// The wait that the vendor asked for.
        after: Option<Duration>,
    },
    /// A session may exist already: look (check, or find by reference) before repeating.
    AfterCheck,
    /// It was repeated as often as allowed.
    Exhausted,
}

impl Retry {
    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Allowed { .. } => "allowed",
            Self::AfterCheck => "after_check",
            Self::Exhausted => "exhausted",
        }
    }
}

word_enum! {
    /// Whose credential a vendor refused.
    pub enum CredentialOwner {
        /// The application's key.
        Application = "application",
        /// The applicant's own token.
        User = "user",
    }
}
