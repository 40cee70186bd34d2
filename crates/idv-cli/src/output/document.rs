//! The things that the command prints, and the interface of the formats that print them.

use std::path::Path;
use std::time::Duration;

use idv::config::ParsedConfig;
use idv::health::Finding;
use idv::registry::Changes;
use idv::routing::{Decision, RouteRequest};
use idv::{
    ConfigProblem, Erasure, Error, RedirectOutcome, Registry, Result, Verification, VerificationSession,
    WebhookOutcome,
};
use serde_json::Value;

#[cfg(feature = "tracker")]
use super::tracked::Stored;
use crate::failure::Failure;

/// The answer of a command: its facts, and not how they are printed.
pub(crate) enum Document<'a> {
    /// A session that was opened, or its fresh link.
    Session(&'a Registry, &'a VerificationSession),
    /// The QR code of a session's link.
    QrCode(&'a str),
    Verification(&'a Registry, &'a Verification),
    /// A verification with the identity that the vendor verified: the one document with personal data.
    Identified(&'a Registry, &'a Verification),
    Verifications(&'a Registry, &'a [Verification]),
    Erasure(&'a Erasure),
    Redirect(&'a RedirectOutcome),
    Webhook(&'a WebhookOutcome),
    Route {
        registry: &'a Registry,
        request: &'a RouteRequest,
        decision: &'a Decision,
    },
    /// The configured providers.
    Providers(&'a Registry),
    /// One state of a watch, some time after its beginning.
    Change {
        registry: &'a Registry,
        state: &'a Verification,
        after: Duration,
    },
    /// The last state of a watch.
    WatchEnd {
        last: &'a Verification,
        end: WatchEnd,
    },
    /// A configuration without mistakes.
    Config {
        path: &'a Path,
        registry: &'a Registry,
        outline: &'a ParsedConfig,
        warnings: &'a [ConfigProblem],
    },
    /// The JSON Schema of the configuration.
    Schema(&'a Value),
    /// The results of health checks.
    Health(&'a [Finding]),
    /// A session that the store keeps, or shares with an earlier start.
    #[cfg(feature = "tracker")]
    Started(&'a Registry, &'a idv_tracker::Started),
    /// A webhook that was stored.
    #[cfg(feature = "tracker")]
    Received(&'a WebhookOutcome, &'a idv_tracker::Receipt),
    /// The content of the store.
    #[cfg(feature = "tracker")]
    Stored(Stored<'a>),
    /// The report of one command: its facts for programs, and its own words for people.
    Report {
        facts: &'a Value,
        words: &'a dyn Fn() -> String,
    },
}

/// The event that ended a watch without a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WatchEnd {
    Settled,
    TimeIsUp,
    Stopped,
}

/// A message beside the answer, on standard error.
pub(crate) enum Notice<'a> {
    /// The failure of the command.
    Failure(&'a Failure),
    /// The command line cannot be understood: the parser's explanation, and the error.
    Usage {
        explanation: &'a str,
        error: &'a Error,
    },
    /// A start that failed at one provider, and is not the failure of the command.
    FailedStart(&'a Error),
    /// The result of reading the configuration again.
    Reload(&'a Result<Changes>),
    Warning(&'a str),
}

/// The text of a document, and the stream that it belongs on.
pub(crate) enum Printed {
    Stdout(String),
    /// For people only, while standard output is for programs.
    Stderr(String),
    /// The format does not show it.
    Nothing,
}

/// An output format.
pub(crate) trait Format {
    fn document(&self, document: &Document<'_>) -> Printed;

    /// One line or more for standard error. If the command fails, the last line of its notice is the last of all.
    fn notice(&self, notice: &Notice<'_>) -> String;
}
