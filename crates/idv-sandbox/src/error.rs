//! Errors of the sandbox itself; refusals of a simulated vendor are HTTP answers, not errors.

use std::io;
use std::net::{IpAddr, SocketAddr};

/// An error of the sandbox.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A server could not listen on its port.
    #[error("the sandbox cannot listen on {}", SocketAddr::new(*host, *port))]
    Listen {
        /// The address asked for.
        host: IpAddr,
        /// The port asked for; 0 stands for any free one.
        port: u16,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The simulated vendor holds nothing under this id.
    #[error("the sandbox has no {what} `{id}`")]
    Unknown {
        /// The kind of thing, such as `organization`.
        what: &'static str,
        /// The id that was looked up.
        id: String,
    },
    /// The applicant has no open hosted session that could be submitted or left.
    #[error("`{id}` has no open session")]
    NoOpenSession {
        /// The user, onboarding or session id.
        id: String,
    },
    /// The session was created without a redirect URL.
    #[error("session `{id}` was created without a redirect URL")]
    NoRedirect {
        /// The session id.
        id: String,
    },
    /// The vendor does not support the act, or not in this state.
    #[error("{act} is not possible for `{id}`: {why}")]
    NotPossible {
        /// The name of the act.
        act: &'static str,
        /// The verification.
        id: String,
        /// The reason.
        why: &'static str,
    },
    /// The vendor has no operation of this name.
    #[error("there is no operation `{operation}`; known are {known}")]
    UnknownOperation {
        /// The name.
        operation: String,
        /// The known names.
        known: String,
    },
    /// The fault is invalid.
    #[error("{0}")]
    BadFault(&'static str),
    /// A reason has 1 to 64 lower-case letters, digits and underscores.
    #[error("a reason is a word of 1 to 64 lower-case letters, digits and underscores")]
    BadReason,
    /// A new word for a state has at most 4096 bytes.
    #[error("a word for a state has at most 4096 bytes")]
    BadWord,
    /// The sandbox has reached its capacity.
    #[error("the sandbox keeps no more than {limit} {what}")]
    TooMany {
        /// The kind of thing that there are too many of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Webhooks are delivered to loopback only, so that a simulation can never reach a real system.
    #[error("webhooks are delivered to plain http URLs on loopback only")]
    NotLoopback,
    /// The signed message does not make a valid HTTP request.
    #[error("the webhook is not a valid HTTP request")]
    InvalidWebhook(#[source] axum::http::Error),
    /// The webhook could not be handed over, or no answer came back.
    #[error("the webhook could not be delivered")]
    Delivery(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The result of an operation on the sandbox.
pub type Result<T, E = Error> = std::result::Result<T, E>;
