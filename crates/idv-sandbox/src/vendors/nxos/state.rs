//! Organizations, tokens and limits of the simulated nxos.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use utoipa::ToSchema;

use crate::answer::Answer;
use crate::bounded::BoundedMap;
use crate::clock::{iso, seconds_until};
use crate::evicted::Evicted;
use crate::history::History;
use crate::random::Random;
use crate::script::{Directives, Scripts};
use crate::vendors::nxos::idempotency::Entry;
use crate::vendors::nxos::refusal::Refusal;

const MAX_TOKENS: usize = 20_000;
const MAX_IDEMPOTENCY_KEYS: usize = 20_000;
const MAX_SHARE_TOKENS: usize = 10_000;

/// "Short-lived (~30 min) access token" (nxos OpenAPI, Start verification).
const TOKEN_LIFETIME: i64 = 30 * 60 * 1000;
const MINUTE: i64 = 60 * 1000;

/// The type of an organization; fixed at creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrganizationType {
    /// A company.
    Business,
    /// A natural person.
    Individual,
}

impl fmt::Display for OrganizationType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Business => "BUSINESS",
            Self::Individual => "INDIVIDUAL",
        })
    }
}

/// The amount of data in an event. The documentation leaves the fields of `data` open, so a receiver must do without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NxosEventData {
    /// `{}`
    Empty,
    /// `organizationId` alone: the subject, not the change.
    Minimal,
    /// `organizationId`, `status`, `type` and `updatedAt`.
    #[default]
    Full,
}

/// The letter of authorization that a customer organization gives to its broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum LoaState {
    /// Sent, not signed: enough to start and to poll a verification.
    Pending,
    /// Signed: needed for an import.
    Active,
    /// Withdrawn: every call on behalf of the organization is refused.
    Revoked,
}

#[derive(Debug)]
pub(crate) struct Organization {
    pub(crate) name: String,
    pub(crate) kind: OrganizationType,
    pub(crate) status: String,
    /// `None` for the API key's own organization, which needs none.
    pub(crate) loa: Option<LoaState>,
    pub(crate) applicant: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) created_at: i64,
    /// The most recent change of the status (nxos API reference, Get verification).
    pub(crate) updated_at: i64,
    /// The newest links, each with the access token that was handed out with it; newest last.
    pub(crate) sessions: VecDeque<(String, String)>,
    /// The steps of the embedded flow that are done, and whether all were submitted.
    pub(crate) steps: BTreeSet<&'static str>,
    pub(crate) submitted: bool,
    pub(crate) history: History,
    pub(crate) directives: Directives,
}

/// The most sessions of one organization that are shown or can be ended by the operator.
const MAX_SESSIONS: usize = 16;

impl Organization {
    pub(crate) fn new(kind: OrganizationType, loa: Option<LoaState>, now: i64) -> Self {
        let (name, status) = ("Simulated organization".to_owned(), "NOT_STARTED".to_owned());
        Self {
            name,
            kind,
            status,
            loa,
            applicant: None,
            metadata: Map::new(),
            created_at: now,
            updated_at: now,
            sessions: VecDeque::new(),
            steps: BTreeSet::new(),
            submitted: false,
            history: History::default(),
            directives: Directives::default(),
        }
    }

    /// Sets the status; true if the word changed.
    pub(crate) fn set_status(&mut self, word: &str, now: i64) -> bool {
        let differs = self.status != word;
        if differs {
            word.clone_into(&mut self.status);
            self.updated_at = now;
        }
        differs
    }

    pub(crate) fn verification(&self) -> Value {
        json!({
            "object": "organization_verification",
            "status": self.status,
            "type": self.kind,
            "updatedAt": iso(self.updated_at),
        })
    }

    pub(crate) fn describe(&self, id: &str, own: &str) -> Value {
        json!({
            "object": "organization",
            "organizationId": id,
            "name": self.name,
            "type": self.kind,
            "verificationStatus": self.status,
            "createdByOrganizationId": (id != own).then_some(own),
            "metadata": self.metadata,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.updated_at),
        })
    }
}

/// A link to the hosted page, or an access token for the embedded one.
#[derive(Debug)]
pub(crate) struct Pass {
    pub(crate) organization: String,
    pub(crate) expires_at: i64,
}

#[derive(Debug)]
pub(crate) enum ShareToken {
    Unused,
    Consumed,
}

/// Requests counted in windows of one minute.
#[derive(Debug)]
pub(crate) struct Rate {
    pub(crate) per_minute: Option<u32>,
    window_ends: i64,
    used: u32,
}

impl Rate {
    /// Counts one request; refuses it if there are too many.
    pub(crate) fn take(&mut self, now: i64) -> Result<(), Refusal> {
        let Some(limit) = self.per_minute else { return Ok(()) };
        if now >= self.window_ends {
            self.window_ends = now.saturating_add(MINUTE);
            self.used = 0;
        }
        if self.used < limit {
            self.used += 1;
            return Ok(());
        }
        let wait = seconds_until(now, self.window_ends);
        let message = format!("Rate limit exceeded: {limit} requests per minute. Retry in {wait} seconds.");
        Err(Refusal::new(429, "rate_limited", message))
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) random: Random,
    pub(crate) organizations: HashMap<String, Organization>,
    /// Those created over HTTP, oldest first.
    pub(crate) created: VecDeque<String>,
    pub(crate) evicted: Evicted,
    pub(crate) tokens: BoundedMap<Pass>,
    pub(crate) links: BoundedMap<Pass>,
    pub(crate) scripts: Scripts,
    pub(crate) share_tokens: BoundedMap<ShareToken>,
    pub(crate) idempotency: BoundedMap<Entry>,
    pub(crate) rate: Rate,
    pub(crate) failing_authentications: u32,
    /// The amount of data in the events that the vendor sends by itself.
    pub(crate) event_data: NxosEventData,
}

impl State {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            random,
            organizations: HashMap::new(),
            created: VecDeque::new(),
            evicted: Evicted::default(),
            tokens: BoundedMap::new(MAX_TOKENS),
            links: BoundedMap::new(MAX_TOKENS),
            scripts: Scripts::default(),
            share_tokens: BoundedMap::new(MAX_SHARE_TOKENS),
            idempotency: BoundedMap::new(MAX_IDEMPOTENCY_KEYS),
            rate: Rate { per_minute: Some(1000), window_ends: i64::MIN, used: 0 },
            failing_authentications: 0,
            event_data: NxosEventData::default(),
        }
    }

    pub(crate) fn add(&mut self, kind: OrganizationType, loa: Option<LoaState>, now: i64) -> String {
        let id = format!("org_{}", self.random.hex(32));
        self.put(id.clone(), Organization::new(kind, loa, now));
        id
    }

    /// Creates an organization for an unknown id that asks for a script.
    pub(crate) fn conjure(&mut self, id: &str, capacity: usize, now: i64) {
        let known = self.organizations.contains_key(id) || self.evicted.contains(id);
        if known || !id.starts_with("org_") || Directives::parse(id).is_empty() {
            return;
        }
        self.make_room(capacity);
        self.created.push_back(id.to_owned());
        let organization = Organization::new(OrganizationType::Business, Some(LoaState::Active), now);
        self.put(id.to_owned(), organization);
    }

    /// Evicts the oldest organizations created over HTTP until there is space for another one.
    pub(crate) fn make_room(&mut self, capacity: usize) {
        while self.organizations.len() >= capacity {
            let Some(oldest) = self.created.pop_front() else { return };
            if let Some(gone) = self.organizations.remove(&oldest) {
                self.scripts.stop(&oldest);
                for (link, token) in gone.sessions {
                    self.links.remove(&link);
                    self.tokens.remove(&token);
                }
                self.evicted.add(oldest);
            }
        }
    }

    pub(crate) fn put(&mut self, id: String, mut organization: Organization) {
        organization.directives = Directives::parse(&id);
        self.organizations.insert(id, organization);
    }

    pub(crate) fn issue_share_token(&mut self) -> String {
        let token = format!("_act-sbx-jwt-share-{}", self.random.word(24));
        self.share_tokens.insert(token.clone(), ShareToken::Unused);
        token
    }

    /// A fresh link and access token; the first one also creates the applicant.
    pub(crate) fn open_session(&mut self, organization: &str, now: i64) -> (String, String) {
        self.ensure_applicant(organization);
        let (link, token) = (self.random.word(24), format!("_act-sbx-jwt-{}", self.random.uuid()));
        let expires_at = now.saturating_add(TOKEN_LIFETIME);
        let pass = || Pass { organization: organization.to_owned(), expires_at };
        self.links.insert(link.clone(), pass());
        self.tokens.insert(token.clone(), pass());
        if let Some(found) = self.organizations.get_mut(organization) {
            found.sessions.push_back((link.clone(), token.clone()));
            if found.sessions.len() > MAX_SESSIONS {
                found.sessions.pop_front();
            }
        }
        (link, token)
    }

    /// Expires the links and access tokens of an organization.
    pub(crate) fn expire_sessions(&mut self, organization: &str, now: i64) {
        let Self { organizations, links, tokens, .. } = self;
        let Some(found) = organizations.get(organization) else { return };
        for (link, token) in &found.sessions {
            let passes = links.get_mut(link).into_iter().chain(tokens.get_mut(token));
            passes.for_each(|pass| pass.expires_at = pass.expires_at.min(now));
        }
    }

    pub(crate) fn ensure_applicant(&mut self, organization: &str) {
        let fresh = self.random.hex(24);
        if let Some(found) = self.organizations.get_mut(organization) {
            found.applicant.get_or_insert(fresh);
        }
    }

    pub(crate) fn refuse(&mut self, refusal: &Refusal) -> Answer {
        let request_id = format!("req_{}", self.random.hex(32));
        refusal.answer(&request_id)
    }
}
