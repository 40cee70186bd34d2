//! Sessions of the simulated Veriff.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::evicted::Evicted;
use crate::history::History;
use crate::kept::Kept;
use crate::random::Random;
use crate::script::{Directives, Plot, Scripts};
use crate::vendors::veriff::agenda::Agenda;
use crate::vendors::veriff::attempt::{Attempt, Decision};
use crate::vendors::veriff::create::Wanted;
use crate::vendors::veriff::deletions::Deletions;
use crate::vendors::veriff::settings::Settings;
use crate::webhooks::{Event, HOUR};

/// The time after which an unfinished session ends (Veriff documentation, session status codes).
const LIFETIME: i64 = 7 * 24 * HOUR;

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    /// The token of the hosted page.
    pub(crate) token: String,
    pub(crate) wanted: Wanted,
    pub(crate) status: String,
    /// Oldest first, and never empty.
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) decision: Option<Decision>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) history: History,
    /// Whether the application submits by API.
    pub(crate) is_upload: bool,
    /// The webhook that is withheld, and until when.
    pub(crate) held: Option<(i64, Event)>,
    pub(crate) no_webhook: bool,
    /// The script that goes on with another attempt.
    pub(crate) sequel: Option<Plot>,
}

impl Session {
    pub(crate) fn expires_at(&self) -> i64 {
        self.created_at.saturating_add(LIFETIME)
    }

    pub(crate) fn attempt_id(&self) -> &str {
        self.attempts.last().map_or("", |attempt| &attempt.id)
    }

    /// Sets the word of the session and of its newest attempt.
    pub(crate) fn set_status(&mut self, word: &str, now: i64) {
        word.clone_into(&mut self.status);
        self.updated_at = now;
        if let Some(attempt) = self.attempts.last_mut() {
            word.clone_into(&mut attempt.status);
        }
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) random: Random,
    pub(crate) sessions: Kept<Session>,
    /// The sessions by the tokens of their pages.
    pub(crate) tokens: HashMap<String, String>,
    pub(crate) deleted: Evicted,
    pub(crate) deletions: Deletions,
    pub(crate) agenda: Agenda,
    pub(crate) settings: Settings,
    pub(crate) scripts: Scripts,
}

impl State {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            random,
            sessions: Kept::default(),
            tokens: HashMap::new(),
            deleted: Evicted::default(),
            deletions: Deletions::default(),
            agenda: Agenda::default(),
            settings: Settings::default(),
            scripts: Scripts::default(),
        }
    }

    /// Creates a session, and returns its id.
    pub(crate) fn create(&mut self, wanted: Wanted, now: i64) -> String {
        let id = self.random.uuid();
        let directives = wanted.vendor_data.as_deref().map(Directives::parse).unwrap_or_default();
        let first = Attempt { id: self.random.uuid(), status: "created".to_owned(), created_at: now };
        let session = Session {
            id: id.clone(),
            token: token(&self.random, &id, now),
            wanted,
            status: "created".to_owned(),
            attempts: vec![first],
            decision: None,
            created_at: now,
            updated_at: now,
            history: History::default(),
            is_upload: false,
            held: None,
            no_webhook: directives.no_webhook,
            sequel: directives.plot.clone().filter(|plot| *plot == Plot::Resubmit),
        };
        if let Some(plot) = &directives.plot {
            self.scripts.begin(&id, plot.steps(self.is_again(&session)), now);
        }
        self.agenda.add(session.expires_at(), &id);
        self.tokens.insert(session.token.clone(), id.clone());
        self.sessions.add(id.clone(), session);
        id
    }

    /// Whether another session of the same reference was asked for a resubmission, and has had none.
    fn is_again(&self, session: &Session) -> bool {
        let is_one = |other: &Session| {
            other.status == "resubmission_requested" && other.wanted.vendor_data == session.wanted.vendor_data
        };
        session.sequel.is_some() && self.sessions.values().any(is_one)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(session) = self.sessions.remove(id) {
            self.forget(id, &session);
        }
    }

    /// Drops what leads to a session that is gone.
    fn forget(&mut self, id: &str, session: &Session) {
        self.tokens.remove(&session.token);
        self.agenda.remove(session.expires_at(), id);
        if let Some((until, _)) = session.held {
            self.agenda.remove(until, id);
        }
        self.scripts.stop(id);
    }

    /// Evicts the oldest sessions until there is space for another one.
    pub(crate) fn make_room(&mut self, capacity: usize) {
        while let Some((oldest, session)) = self.sessions.evict(capacity) {
            self.forget(&oldest, &session);
        }
    }
}

/// A token in the form of a JWT. Nothing checks its signature.
fn token(random: &Random, id: &str, now: i64) -> String {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let head = json!({ "alg": "HS256", "typ": "JWT" }).to_string();
    let claims = json!({ "session_id": id, "iat": now.div_euclid(1000) }).to_string();
    [part(head.as_bytes()), part(claims.as_bytes()), part(&random.bytes(32))].join(".")
}
