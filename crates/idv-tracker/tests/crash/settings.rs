//! The settings of a process, in an environment variable.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use idv::adapter::Clock;
use idv::{StartRequest, Timestamp};
use serde::{Deserialize, Serialize};

/// The variable that makes a test binary one of the processes of a test.
pub(crate) const VARIABLE: &str = "IDV_CRASH_PROCESS";

/// The work of a process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Role {
    /// Serves an application: starts, webhooks, polls, and a log of all transitions.
    Serve {
        /// The configuration of the registry.
        configuration: String,
        /// The file of the log.
        log: PathBuf,
        /// By how much the clock of the vendors is ahead of the machine's.
        ahead: Duration,
    },
    /// Polls at the vendor that listens at this port.
    Poll {
        /// The port.
        vendor: u16,
        /// The number by which the vendor knows this process.
        number: usize,
    },
    /// Holds the database locked until its input ends.
    Lock,
}

/// The settings of a process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) database: String,
    pub(crate) role: Role,
}

/// A start, as the application sends it to its process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) provider: String,
    pub(crate) reference: String,
    pub(crate) organization: Option<String>,
}

impl Wanted {
    pub(crate) fn request(&self) -> StartRequest {
        let request = StartRequest::new(self.reference.as_str())
            .first_name("Ada")
            .last_name("Sample")
            .email("ada@example.test")
            .phone("+15195550100")
            .redirect_url("https://app.example.test/back");
        match &self.organization {
            Some(organization) => request.organization(organization),
            None => request,
        }
    }
}

/// The answer to a start.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Answer {
    /// There is a session.
    Session(String),
    /// The vendor may have one, and it cannot be looked for.
    Uncertain,
    /// None, for this reason: the application may try again.
    Failed(String),
}

/// The machine's clock and a constant.
#[derive(Debug)]
pub(crate) struct Ahead(pub(crate) Duration);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        (SystemTime::now() + self.0).into()
    }
}
