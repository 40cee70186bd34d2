//! Users, registrations, hosted sessions and limits of the simulated Baanx.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use crate::bounded::BoundedMap;
use crate::clock::seconds_until;
use crate::error::{Error, Result};
use crate::evicted::Evicted;
use crate::random::Random;
use crate::script::{Directives, Scripts};
use crate::vendors::baanx::applicant::{Applicant, Phase};
use crate::vendors::baanx::region::Region;

const MAX_TOKENS: usize = 20_000;
const MAX_LINKS: usize = 20_000;
const MAX_CONTACTS: usize = 10_000;

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

/// Access tokens have a "6-hour lifetime" (Baanx, Start User Verification).
const TOKEN_LIFETIME: i64 = 6 * HOUR;
/// "Typically 30-60 minutes" (Baanx, Generate KYC Verification Session).
const ONBOARDING_LIFETIME: i64 = HOUR;

/// "Maximum 10 verification sessions per user per day" (Baanx, Start User Verification), and so on.
const SESSIONS_PER_DAY: usize = 10;
const CONCURRENT_SESSIONS: usize = 3;

/// The two documented shapes of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BaanxEventShape {
    /// The shape of the webhooks guide.
    #[default]
    Guide,
    /// The shape of the page "Start User Verification". It is sent for decisions only.
    Legacy,
}

/// A registered user, as an application knows one after the login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub struct BaanxUser {
    /// The user's id.
    pub user_id: String,
    /// An access token, valid for six hours.
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

/// An e-mail address that a code was sent to.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) email: String,
    pub(crate) expires_at: i64,
}

#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) user_id: String,
    pub(crate) region: Region,
    pub(crate) expires_at: i64,
}

/// The flow, and so the endpoint, that gave out a link.
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
    pub(crate) user_id: String,
    pub(crate) flow: Flow,
    expires_at: i64,
    ended: bool,
}

impl Link {
    pub(crate) fn is_open(&self, now: i64) -> bool {
        !self.ended && now < self.expires_at
    }

    /// Whether the link was ended before it expired.
    pub(crate) fn was_used(&self) -> bool {
        self.ended
    }
}

/// A limit that a request exceeded.
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
    /// Applicants created over HTTP, oldest first.
    pub(crate) created: VecDeque<String>,
    /// Users and onboardings.
    pub(crate) evicted: Evicted,
    pub(crate) contacts: BoundedMap<Contact>,
    pub(crate) tokens: BoundedMap<Token>,
    pub(crate) links: BoundedMap<Link>,
    pub(crate) scripts: Scripts,
    /// The shape of the events that the vendor sends by itself.
    pub(crate) event_shape: BaanxEventShape,
}

impl State {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            random,
            client_keys: HashSet::new(),
            applicants: HashMap::new(),
            onboardings: HashMap::new(),
            created: VecDeque::new(),
            evicted: Evicted::default(),
            contacts: BoundedMap::new(MAX_CONTACTS),
            tokens: BoundedMap::new(MAX_TOKENS),
            links: BoundedMap::new(MAX_LINKS),
            scripts: Scripts::default(),
            event_shape: BaanxEventShape::default(),
        }
    }

    pub(crate) fn add_client(&mut self) -> String {
        let key = self.random.uuid();
        self.client_keys.insert(key.clone());
        key
    }

    fn add_applicant(&mut self, client_key: &str, region: Region, now: i64) -> String {
        let id = format!("{}{}", region.prefix(), self.random.uuid());
        let email = format!("sim-{}@example.test", self.random.hex(8));
        self.applicants.insert(id.clone(), Applicant::new(region, client_key, email, now));
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
        let user_id = self.add_applicant(client_key, region, now);
        self.register(&user_id, region, first_name, last_name, now)
    }

    fn register(&mut self, id: &str, region: Region, first: &str, last: &str, now: i64) -> BaanxUser {
        if let Some(applicant) = self.applicants.get_mut(id) {
            applicant.names = Some((first.to_owned(), last.to_owned()));
            applicant.phase = None;
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
        let user_id = self.add_applicant(client_key, region, now);
        let expires_at = now.saturating_add(ONBOARDING_LIFETIME);
        let client_key = client_key.to_owned();
        if let Some(applicant) = self.applicants.get_mut(&user_id) {
            applicant.phase = Some(Phase::PersonalInformation);
            applicant.onboarding = Some(id.to_owned());
        }
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

    /// The user of an e-mail address, registered or registering.
    pub(crate) fn account(&self, email: &str, region: Region) -> Option<String> {
        let mut applicants = self.applicants.iter();
        let found = applicants.find(|(_, one)| one.region == region && one.email.eq_ignore_ascii_case(email));
        found.map(|(id, _)| id.clone())
    }

    /// Evicts the oldest applicants created over HTTP until there is space for another one.
    pub(crate) fn make_room(&mut self, capacity: usize) {
        while self.applicants.len() >= capacity {
            let Some(oldest) = self.created.pop_front() else { return };
            let Some(gone) = self.applicants.remove(&oldest) else { continue };
            self.scripts.stop(&oldest);
            for link in &gone.links {
                self.links.remove(link);
            }
            if let Some(onboarding) = gone.onboarding {
                self.onboardings.remove(&onboarding);
                self.evicted.add(onboarding);
            }
            self.evicted.add(oldest);
        }
    }

    pub(crate) fn user_id<'a>(&'a self, user_or_onboarding: &'a str) -> &'a str {
        self.onboardings.get(user_or_onboarding).map_or(user_or_onboarding, |onboarding| &onboarding.user_id)
    }

    pub(crate) fn applicant_mut(&mut self, user_or_onboarding: &str) -> Option<&mut Applicant> {
        let id = self.user_id(user_or_onboarding).to_owned();
        self.applicants.get_mut(&id)
    }

    /// The limit that another session of the user flow would exceed.
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

    /// Opens a hosted session and returns its link; the verification state stays.
    pub(crate) fn open_session(&mut self, user_id: &str, flow: Flow, now: i64) -> String {
        let name = self.random.word(32);
        let expires_at = now.saturating_add(flow.lifetime());
        let link = Link { user_id: user_id.to_owned(), flow, expires_at, ended: false };
        self.links.insert(name.clone(), link);
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

    /// The id of the user, whether a user id or an onboarding id is given.
    pub(crate) fn known_user(&self, user_or_onboarding: &str) -> Result<String> {
        let id = self.user_id(user_or_onboarding);
        let unknown = || Error::Unknown { what: "user or onboarding", id: user_or_onboarding.to_owned() };
        self.applicants.contains_key(id).then(|| id.to_owned()).ok_or_else(unknown)
    }

    /// The links of a user that are open, oldest first.
    pub(crate) fn open_links<'a>(
        &'a self,
        user_id: &str,
        now: i64,
    ) -> impl DoubleEndedIterator<Item = &'a String> {
        let links = self.applicants.get(user_id).map(|applicant| applicant.links.iter());
        links
            .into_iter()
            .flatten()
            .filter(move |link| self.links.get(link).is_some_and(|link| link.is_open(now)))
    }

    pub(crate) fn newest_open(&self, user_id: &str, now: i64) -> Option<String> {
        self.open_links(user_id, now).next_back().cloned()
    }

    /// Ends a link, and says which endpoint gave it out.
    pub(crate) fn end(&mut self, link: Option<&str>) -> Option<Flow> {
        let link = self.links.get_mut(link?)?;
        link.ended = true;
        Some(link.flow)
    }

    /// Expires a link.
    pub(crate) fn expire(&mut self, link: Option<&str>, now: i64) {
        if let Some(link) = link.and_then(|link| self.links.get_mut(link)) {
            link.expires_at = link.expires_at.min(now);
        }
    }

    /// Leaves a link: one of the user flow is used up, one of the registration flow is not.
    pub(crate) fn leave(&mut self, link: Option<&str>) {
        if let Some(link) = link.and_then(|link| self.links.get_mut(link)) {
            link.ended = link.flow == Flow::User;
        }
    }

    /// Creates a user for an unknown access token that asks for a script.
    pub(crate) fn conjure_user(&mut self, client_key: &str, token: &str, capacity: usize, now: i64) {
        if self.tokens.get(token).is_some() || Directives::parse(token).is_empty() {
            return;
        }
        self.make_room(capacity);
        let region = Region::of(token);
        let user = self.add_user(client_key, region, "Sam", "Simulated", now);
        self.created.push_back(user.user_id.clone());
        self.tokens.remove(&user.token);
        let expires_at = now.saturating_add(TOKEN_LIFETIME);
        self.tokens.insert(token.to_owned(), Token { user_id: user.user_id.clone(), region, expires_at });
        self.direct(&user.user_id, token);
    }

    /// Creates a registration for an unknown onboarding id that asks for a script.
    pub(crate) fn conjure_onboarding(&mut self, client_key: &str, id: &str, capacity: usize, now: i64) {
        if self.onboardings.contains_key(id) || self.evicted.contains(id) || Directives::parse(id).is_empty()
        {
            return;
        }
        self.make_room(capacity);
        self.add_onboarding(client_key, Region::of(id), id, now);
        let user_id = self.user_id(id).to_owned();
        self.created.push_back(user_id.clone());
        self.direct(&user_id, id);
    }

    /// Reads the script that `text` asks for, if any.
    pub(crate) fn direct(&mut self, user_id: &str, text: &str) {
        let directives = Directives::parse(text);
        if let Some(applicant) = self.applicants.get_mut(user_id).filter(|_| !directives.is_empty()) {
            applicant.directives = directives;
        }
    }

    /// Begins the script on a start, unless the verification is approved already.
    pub(crate) fn begin_script(&mut self, user_id: &str, now: i64) {
        let Some(applicant) = self.applicants.get(user_id) else { return };
        if let Some(plot) = applicant.directives.plot.as_ref().filter(|_| applicant.state != "VERIFIED") {
            let steps = plot.steps(applicant.state == "REJECTED");
            self.scripts.begin(user_id, steps, now);
        }
    }
}
