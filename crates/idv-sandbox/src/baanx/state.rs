//! Users, registrations, hosted sessions and limits of the simulated Baanx.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::baanx::applicant::Applicant;
use crate::bounded::BoundedMap;
use crate::clock::seconds_until;
use crate::error::{Error, Result};
use crate::random::Random;

const MAX_TOKENS: usize = 20_000;
const MAX_LINKS: usize = 20_000;

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

/// Access tokens have a "6-hour lifetime" (Baanx, Start User Verification).
const TOKEN_LIFETIME: i64 = 6 * HOUR;
/// "Typically 30-60 minutes" (Baanx, Generate KYC Verification Session).
const ONBOARDING_LIFETIME: i64 = HOUR;

/// "Maximum 10 verification sessions per user per day" (Baanx, Start User Verification), and so on.
const SESSIONS_PER_DAY: usize = 10;
const CONCURRENT_SESSIONS: usize = 3;

/// The environment that `x-us-env` selects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// The default.
    #[default]
    International,
    /// `x-us-env: true`.
    Us,
}

impl Region {
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::International => "",
            Self::Us => "US_",
        }
    }
}

/// A registered user, as an application knows one after the login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BaanxUser {
    /// The user's id.
    pub user_id: String,
    /// An access token, good for six hours.
    pub token: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The environment that the user lives in.
    pub region: Region,
}

#[derive(Debug)]
pub(crate) struct Onboarding {
    pub(crate) user_id: String,
    pub(crate) region: Region,
    pub(crate) client_key: String,
    pub(crate) expires_at: i64,
    pub(crate) completed: bool,
}

#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) user_id: String,
    pub(crate) region: Region,
    pub(crate) expires_at: i64,
}

/// Which of the two endpoints gave out a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    User,
    Registration,
}

impl Flow {
    /// "Typically expires after 24 hours" and "typically expires after 7 days" (the two Baanx pages).
    fn lifetime(self) -> i64 {
        match self {
            Self::User => DAY,
            Self::Registration => 7 * DAY,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Link {
    flow: Flow,
    expires_at: i64,
    ended: bool,
}

impl Link {
    pub(crate) fn is_open(&self, now: i64) -> bool {
        !self.ended && now < self.expires_at
    }
}

/// A limit that a request ran into.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Limited {
    pub(crate) limit: &'static str,
    pub(crate) retry_after: i64,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) random: Random,
    pub(crate) client_keys: HashSet<String>,
    pub(crate) applicants: HashMap<String, Applicant>,
    pub(crate) onboardings: HashMap<String, Onboarding>,
    pub(crate) tokens: BoundedMap<Token>,
    pub(crate) links: BoundedMap<Link>,
    pub(crate) webhook_key: String,
}

impl State {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed, 2);
        let webhook_key = format!("whk_{}", random.hex(48));
        Self {
            random,
            client_keys: HashSet::new(),
            applicants: HashMap::new(),
            onboardings: HashMap::new(),
            tokens: BoundedMap::new(MAX_TOKENS),
            links: BoundedMap::new(MAX_LINKS),
            webhook_key,
        }
    }

    pub(crate) fn add_client(&mut self) -> String {
        let key = self.random.uuid();
        self.client_keys.insert(key.clone());
        key
    }

    fn add_applicant(&mut self, client_key: &str, region: Region) -> String {
        let id = format!("{}{}", region.prefix(), self.random.uuid());
        let email = format!("sim-{}@example.test", self.random.hex(8));
        self.applicants.insert(id.clone(), Applicant::new(region, client_key, email));
        id
    }

    pub(crate) fn add_user(
        &mut self,
        client_key: &str,
        region: Region,
        first_name: &str,
        last_name: &str,
        now: i64,
    ) -> BaanxUser {
        let user_id = self.add_applicant(client_key, region);
        self.register(&user_id, region, first_name, last_name, now)
    }

    fn register(&mut self, id: &str, region: Region, first: &str, last: &str, now: i64) -> BaanxUser {
        if let Some(applicant) = self.applicants.get_mut(id) {
            applicant.names = Some((first.to_owned(), last.to_owned()));
        }
        let token = self.issue_token(id, region, now);
        let (first_name, last_name) = (first.to_owned(), last.to_owned());
        BaanxUser { user_id: id.to_owned(), token, first_name, last_name, region }
    }

    pub(crate) fn issue_token(&mut self, user_id: &str, region: Region, now: i64) -> String {
        let token = format!("{}{}", region.prefix(), self.random.word(40));
        let expires_at = now.saturating_add(TOKEN_LIFETIME);
        self.tokens.insert(token.clone(), Token { user_id: user_id.to_owned(), region, expires_at });
        token
    }

    pub(crate) fn add_onboarding(&mut self, client_key: &str, region: Region, id: &str, now: i64) {
        let user_id = self.add_applicant(client_key, region);
        let expires_at = now.saturating_add(ONBOARDING_LIFETIME);
        let client_key = client_key.to_owned();
        let onboarding = Onboarding { user_id, region, client_key, expires_at, completed: false };
        self.onboardings.insert(id.to_owned(), onboarding);
    }

    pub(crate) fn complete_registration(
        &mut self,
        id: &str,
        first_name: &str,
        last_name: &str,
        now: i64,
    ) -> Option<BaanxUser> {
        let onboarding = self.onboardings.get_mut(id).filter(|onboarding| !onboarding.completed)?;
        onboarding.completed = true;
        let (user_id, region) = (onboarding.user_id.clone(), onboarding.region);
        Some(self.register(&user_id, region, first_name, last_name, now))
    }

    fn user_id<'a>(&'a self, user_or_onboarding: &'a str) -> &'a str {
        self.onboardings.get(user_or_onboarding).map_or(user_or_onboarding, |onboarding| &onboarding.user_id)
    }

    pub(crate) fn applicant_mut(&mut self, user_or_onboarding: &str) -> Option<&mut Applicant> {
        let id = self.user_id(user_or_onboarding).to_owned();
        self.applicants.get_mut(&id)
    }

    /// The limit that another session of the user flow would break.
    pub(crate) fn limited(&mut self, user_id: &str, now: i64) -> Option<Limited> {
        let applicant = self.applicants.get_mut(user_id)?;
        if now < applicant.cools_until {
            let retry_after = seconds_until(now, applicant.cools_until);
            return Some(Limited { limit: "3_per_hour", retry_after });
        }
        while applicant.minted.front().is_some_and(|at| at.saturating_add(DAY) <= now) {
            applicant.minted.pop_front();
        }
        if applicant.minted.len() >= SESSIONS_PER_DAY {
            let until = applicant.minted.front().map_or(now, |at| at.saturating_add(DAY));
            return Some(Limited { limit: "10_per_day", retry_after: seconds_until(now, until) });
        }
        let open = applicant.links.iter().filter_map(|link| self.links.get(link));
        let ends: Vec<i64> = open.filter(|link| link.is_open(now)).map(|link| link.expires_at).collect();
        let first_end = ends.iter().min().filter(|_| ends.len() >= CONCURRENT_SESSIONS)?;
        Some(Limited { limit: "3_concurrent", retry_after: seconds_until(now, *first_end) })
    }

    /// Opens a hosted session, which changes nothing about the verification state, and returns its link.
    pub(crate) fn open_session(&mut self, user_id: &str, flow: Flow, now: i64) -> String {
        let name = self.random.word(32);
        let expires_at = now.saturating_add(flow.lifetime());
        self.links.insert(name.clone(), Link { flow, expires_at, ended: false });
        let Self { applicants, links, .. } = self;
        if let Some(applicant) = applicants.get_mut(user_id) {
            applicant.links.retain(|link| links.get(link).is_some_and(|link| link.is_open(now)));
            applicant.links.push(name.clone());
            if flow == Flow::User {
                applicant.minted.push_back(now);
            }
        }
        name
    }

    fn newest_open(&mut self, user_or_onboarding: &str, now: i64) -> Result<Option<&mut Link>> {
        let Some(applicant) = self.applicants.get(self.user_id(user_or_onboarding)) else {
            return Err(Error::Unknown { what: "user or onboarding", id: user_or_onboarding.to_owned() });
        };
        let is_open = |link: &&String| self.links.get(link).is_some_and(|link| link.is_open(now));
        let newest = applicant.links.iter().rev().find(is_open).cloned();
        Ok(newest.and_then(|name| self.links.get_mut(&name)))
    }

    pub(crate) fn submit(&mut self, user_or_onboarding: &str, now: i64) -> Result<String> {
        let link = self.newest_open(user_or_onboarding, now)?;
        let link = link.ok_or_else(|| Error::NoOpenSession { id: user_or_onboarding.to_owned() })?;
        link.ended = true;
        let flow = link.flow;
        let applicant = self.applicant_mut(user_or_onboarding);
        let applicant =
            applicant.ok_or_else(|| Error::NoOpenSession { id: user_or_onboarding.to_owned() })?;
        let outcome = applicant.test_outcome().filter(|_| flow == Flow::User);
        if let Some(word) = outcome.or((applicant.state != "VERIFIED").then_some("PENDING")) {
            word.clone_into(&mut applicant.state);
            applicant.count_outcome(word, now);
        }
        Ok(applicant.state.clone())
    }

    pub(crate) fn abandon(&mut self, user_or_onboarding: &str, now: i64) -> Result<()> {
        let link = self.newest_open(user_or_onboarding, now)?;
        let link = link.ok_or_else(|| Error::NoOpenSession { id: user_or_onboarding.to_owned() })?;
        link.ended = link.flow == Flow::User;
        Ok(())
    }

    /// What the vendor decides; `None` where nobody has this id.
    pub(crate) fn decide(&mut self, user_or_onboarding: &str, word: &str, now: i64) -> Option<()> {
        if matches!(word, "PENDING" | "VERIFIED" | "REJECTED")
            && let Ok(Some(link)) = self.newest_open(user_or_onboarding, now)
        {
            link.ended = true;
        }
        let applicant = self.applicant_mut(user_or_onboarding)?;
        word.clone_into(&mut applicant.state);
        applicant.count_outcome(word, now);
        Some(())
    }

    pub(crate) fn rotate_webhook_key(&mut self) -> String {
        self.webhook_key = format!("whk_{}", self.random.hex(48));
        self.webhook_key.clone()
    }
}
