//! The settings of a process, in an environment variable.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use idv::adapter::Clock;
use idv::{StartRequest, Timestamp};
use serde::{Deserialize, Serialize};

/// The variable that makes a test binary one of the processes of a test.
pub(crate) const VARIABLE: &str = "IDV_CRASH_PROCESS";

/// The work of a process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Role {
    /// Serves an application: starts, webhooks, polls, deliveries, and a log of all transitions.
    Serve(Serving),
    /// Polls at the vendor that listens at this port.
    Poll {
        /// The port.
        vendor: u16,
        /// The number by which the vendor knows this process.
        number: usize,
    },
    /// Takes a made-up step of the schema that never comes to its end.
    Upgrade,
    /// Holds the database locked until its input ends.
    Lock,
}

/// The work of an application's process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Serving {
    /// The configuration of the registry.
    pub(crate) configuration: String,
    /// The name of the consumer that writes the log.
    pub(crate) consumer: String,
    /// The file of the log.
    pub(crate) log: PathBuf,
    /// The file of the [`SharedClock`].
    pub(crate) clock: PathBuf,
    /// The URL to which transitions are sent, and the secret.
    pub(crate) deliver_to: (String, String),
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

/// The clock of all processes of a test: by as much ahead of the machine's as stands in a file.
#[derive(Debug)]
pub(crate) struct SharedClock(PathBuf);

impl SharedClock {
    pub(crate) fn of_file(file: &Path) -> Self {
        Self(file.to_owned())
    }

    /// Sets the clocks of all processes ahead.
    pub(crate) fn set(file: &Path, ahead: Duration) {
        // Moved into its place, so that no process reads half of it.
        let new = file.with_extension("new");
        std::fs::write(&new, ahead.as_millis().to_string()).unwrap();
        std::fs::rename(new, file).unwrap();
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        let ahead = std::fs::read_to_string(&self.0).unwrap().parse().unwrap();
        (SystemTime::now() + Duration::from_millis(ahead)).into()
    }
}
