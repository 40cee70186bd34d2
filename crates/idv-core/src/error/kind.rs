//! The kind of an error: what happened.

use crate::string_enum::string_enum;

string_enum! {
    /// The kind of an error.
    pub enum ErrorKind {
        /// The configuration is wrong or incomplete, or names a provider that is not configured.
        Config = "config",
        /// The provider cannot do this; its capabilities say so.
        Unsupported = "unsupported",
        /// An input is missing or wrong, found by us or by the vendor.
        InvalidRequest = "invalid_request",
        /// A credential was refused; [`Error::credential`](crate::Error::credential) says whose.
        Unauthenticated = "unauthenticated",
        /// The credential is valid but lacks the permission.
        Forbidden = "forbidden",
        /// The vendor does not know the session, organization, user or workflow.
        NotFound = "not_found",
        /// The request conflicts with the vendor's state, or the vendor's answer is about another subject.
        Conflict = "conflict",
        /// The account at the vendor has no balance.
        PaymentRequired = "payment_required",
        /// Too many calls, by the vendor's count (`Delivery::Answered`) or by a local limit (`Delivery::NotSent`).
        /// [`Retry::Allowed`](crate::Retry::Allowed) says how long to wait, where that is known.
        RateLimited = "rate_limited",
        /// The vendor is down or broken, or nothing was sent because of that: an open circuit breaker, the outage switch, a cap.
        Unavailable = "unavailable",
        /// No answer in time.
        Timeout = "timeout",
        /// No connection, or it broke.
        Connection = "connection",
        /// An answer that cannot be used: an HTTP redirect, too large, or not as the vendor documents it.
        InvalidResponse = "invalid_response",
        /// A webhook that is not authentic, or authentic but unreadable.
        WebhookRejected = "webhook_rejected",
        /// A return URL that is malformed or belongs to another session.
        RedirectRejected = "redirect_rejected",
    }
}

string_enum! {
    /// The owner of a credential that the vendor refused.
    pub enum CredentialOwner {
        /// The application's key.
        Application = "application",
        /// The applicant's own token.
        User = "user",
    }
}
