//! Applicants of the simulated Baanx.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Value, json};

use crate::history::History;
use crate::script::Directives;
use crate::vendors::baanx::region::Region;

/// "Cooldown period of 1 hour after 3 consecutive failures" (Baanx, Start User Verification).
const FAILURES_TO_COOL_DOWN: u32 = 3;
const COOL_DOWN: i64 = 60 * 60 * 1000;

/// The password of users that the API of the sandbox added.
pub(crate) const PASSWORD: &str = "Simulation-1";

/// The phase of an unfinished registration (Baanx guides, authentication).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Phase {
    PhoneNumber,
    PersonalInformation,
    PhysicalAddress,
    MailingAddress,
}

/// An applicant, registered or registering.
#[derive(Debug)]
pub(crate) struct Applicant {
    pub(crate) region: Region,
    pub(crate) client_key: String,
    pub(crate) names: Option<(String, String)>,
    /// The names given before the registration is complete.
    pub(crate) given_names: Option<(String, String)>,
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) phone: String,
    pub(crate) phase: Option<Phase>,
    /// The onboarding id of the registration, where there was one.
    pub(crate) onboarding: Option<String>,
    pub(crate) state: String,
    pub(crate) external_id: Option<String>,
    pub(crate) suspended: bool,
    /// Links given out, oldest first; ended ones are dropped when the next one is given out.
    pub(crate) links: Vec<String>,
    /// The times at which the user flow gave out links in the last day.
    pub(crate) minted: VecDeque<i64>,
    failures: u32,
    pub(crate) cools_until: i64,
    pub(crate) updated_at: i64,
    pub(crate) history: History,
    pub(crate) directives: Directives,
}

impl Applicant {
    pub(crate) fn new(region: Region, client_key: &str, email: String, now: i64) -> Self {
        Self {
            region,
            client_key: client_key.to_owned(),
            names: None,
            given_names: None,
            email,
            password: PASSWORD.to_owned(),
            phone: "7000000001".to_owned(),
            phase: None,
            onboarding: None,
            state: "UNVERIFIED".to_owned(),
            external_id: None,
            suspended: false,
            links: Vec::new(),
            minted: VecDeque::new(),
            failures: 0,
            cools_until: i64::MIN,
            updated_at: now,
            history: History::default(),
            directives: Directives::default(),
        }
    }

    /// The test names of the page "Start User Verification".
    pub(crate) fn test_outcome(&self) -> Option<&'static str> {
        match self.names.as_ref().map(|(first, last)| (first.as_str(), last.as_str()))? {
            ("Test", "Approved") => Some("VERIFIED"),
            ("Test", "Rejected") => Some("REJECTED"),
            ("Test", "Pending") => Some("PENDING"),
            _ => None,
        }
    }

    /// Three failures in a row start the cool-down.
    pub(crate) fn count_outcome(&mut self, word: &str, now: i64) {
        match word {
            "VERIFIED" => self.failures = 0,
            "REJECTED" => self.failures += 1,
            _ => {}
        }
        if self.failures == FAILURES_TO_COOL_DOWN {
            self.failures = 0;
            self.cools_until = now.saturating_add(COOL_DOWN);
        }
    }

    /// The whole profile, as the vendor gives it (Baanx API reference, Get user).
    pub(crate) fn profile(&self, id: &str) -> Value {
        let (first_name, last_name) = self.names.clone().unwrap_or_default();
        let us = self.region == Region::Us;
        let mut profile = json!({
            "id": id,
            "firstName": first_name,
            "lastName": last_name,
            "dateOfBirth": "1990-01-02",
            "email": self.email,
            "verificationState": self.state,
            "phoneNumber": self.phone,
            "phoneCountryCode": if us { "+1" } else { "+44" },
            "addressLine1": "1 Simulation Street",
            "addressLine2": "Flat 2",
            "city": if us { "Springfield" } else { "London" },
            "zip": if us { "12345" } else { "SW1A 1AA" },
            "countryOfResidence": if us { "US" } else { "GB" },
            "countryOfNationality": if us { "US" } else { "GB" },
        });
        if us {
            profile["usState"] = json!("NY");
            profile["ssn"] = json!("000112222");
        }
        profile
    }

    /// The onboarding status in the middle of a registration (Baanx API reference, Get onboarding status).
    pub(crate) fn registration(&self, id: &str) -> Value {
        json!({
            "id": id,
            "email": self.email,
            "firstName": self.given_names.as_ref().map(|(first, _)| first),
            "lastName": self.given_names.as_ref().map(|(_, last)| last),
            "phoneNumber": self.phone,
            "verificationState": self.state,
            "addressLine1": null,
            "city": null,
            "countryOfResidence": if self.region == Region::Us { "US" } else { "GB" },
        })
    }
}
