//! Organizations, tokens and limits of the simulated nxos.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::bounded::BoundedMap;
use crate::clock::{iso, seconds_until};
use crate::nxos::idempotency::Entry;
use crate::random::Random;

const MAX_TOKENS: usize = 20_000;
const MAX_IDEMPOTENCY_KEYS: usize = 20_000;
const MAX_SHARE_TOKENS: usize = 10_000;

/// "Short-lived (~30 min) access token" (nxos OpenAPI, Start verification).
const TOKEN_LIFETIME: i64 = 30 * 60 * 1000;
const MINUTE: i64 = 60 * 1000;

/// What an organization is; fixed when it is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// The letter of authorization that a customer organization gives to its broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

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
        }
    }

    pub(crate) fn set_status(&mut self, word: &str, now: i64) {
        if self.status != word {
            word.clone_into(&mut self.status);
            self.updated_at = now;
        }
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

/// A link to the hosted page.
#[derive(Debug)]
pub(crate) struct Link {
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
    /// Counts one request; the refusal, where there are too many.
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

/// An error answer before it has a request id.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) random: Random,
    pub(crate) organizations: HashMap<String, Organization>,
    pub(crate) tokens: BoundedMap<i64>,
    pub(crate) links: BoundedMap<Link>,
    pub(crate) share_tokens: BoundedMap<ShareToken>,
    pub(crate) idempotency: BoundedMap<Entry>,
    pub(crate) rate: Rate,
    pub(crate) failing_authentications: u32,
    pub(crate) webhook_key: Vec<u8>,
}

impl State {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed, 1);
        let webhook_key = random.bytes(24);
        Self {
            random,
            organizations: HashMap::new(),
            tokens: BoundedMap::new(MAX_TOKENS),
            links: BoundedMap::new(MAX_TOKENS),
            share_tokens: BoundedMap::new(MAX_SHARE_TOKENS),
            idempotency: BoundedMap::new(MAX_IDEMPOTENCY_KEYS),
            rate: Rate { per_minute: Some(1000), window_ends: i64::MIN, used: 0 },
            failing_authentications: 0,
            webhook_key,
        }
    }

    pub(crate) fn add(&mut self, kind: OrganizationType, loa: Option<LoaState>, now: i64) -> String {
        let id = format!("org_{}", self.random.hex(32));
        self.put(id.clone(), Organization::new(kind, loa, now));
        id
    }

    pub(crate) fn put(&mut self, id: String, organization: Organization) {
        self.organizations.insert(id, organization);
    }

    pub(crate) fn issue_share_token(&mut self) -> String {
        let token = format!("_act-sbx-jwt-share-{}", self.random.word(24));
        self.share_tokens.insert(token.clone(), ShareToken::Unused);
        token
    }

    /// A fresh link and access token; the applicant is made with the first.
    pub(crate) fn open_session(&mut self, organization: &str, now: i64) -> (String, String) {
        self.ensure_applicant(organization);
        let (link, token) = (self.random.word(24), format!("_act-sbx-jwt-{}", self.random.uuid()));
        let expires_at = now.saturating_add(TOKEN_LIFETIME);
        self.links.insert(link.clone(), Link { expires_at });
        self.tokens.insert(token.clone(), expires_at);
        (link, token)
    }

    pub(crate) fn ensure_applicant(&mut self, organization: &str) {
        let fresh = self.random.hex(24);
        if let Some(found) = self.organizations.get_mut(organization) {
            found.applicant.get_or_insert(fresh);
        }
    }

    pub(crate) fn refuse(&mut self, refusal: &Refusal) -> Answer {
        let request_id = format!("req_{}", self.random.hex(32));
        let error = json!({ "code": refusal.code, "message": refusal.message, "requestId": request_id });
        Answer::json(refusal.status, &json!({ "error": error }))
    }
}
