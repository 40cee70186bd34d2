//! Sessions, workflows and the balance of the simulated session API.

use std::collections::HashSet;

use crate::history::History;
use crate::kept::Kept;
use crate::random::Random;
use crate::script::Scripts;
use crate::vendors::session_api::create::{Invites, Wanted};
use crate::vendors::session_api::limits::Limits;
use crate::vendors::session_api::spelling::{AnswerSpelling, IdField};

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) user_id: String,
    pub(crate) sender_user_id: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) external_id: Option<String>,
    pub(crate) workflow_id: Option<String>,
    pub(crate) redirect_url: Option<String>,
    pub(crate) invites: Invites,
    pub(crate) status: String,
    pub(crate) progress: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) submitted_at: Option<i64>,
    pub(crate) history: History,
    pub(crate) no_webhook: bool,
}

impl Session {
    pub(crate) fn set_status(&mut self, word: &str, now: i64) {
        word.clone_into(&mut self.status);
        self.updated_at = now;
        if matches!(word, "SUBMITTED" | "VERIFIED" | "REJECTED") {
            self.progress = "COMPLETED".to_owned();
            self.submitted_at.get_or_insert(now);
        }
    }

    pub(crate) fn set_progress(&mut self, word: &str, now: i64) {
        word.clone_into(&mut self.progress);
        self.updated_at = now;
    }
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) random: Random,
    pub(crate) organization_id: String,
    sender_user_id: String,
    pub(crate) sessions: Kept<Session>,
    pub(crate) workflows: HashSet<String>,
    pub(crate) balance: u64,
    pub(crate) limits: Limits,
    pub(crate) spelling: AnswerSpelling,
    pub(crate) id_field: IdField,
    pub(crate) loopback_redirects: bool,
    pub(crate) scripts: Scripts,
}

impl State {
    pub(crate) fn new(random: Random) -> Self {
        let (organization_id, sender_user_id) =
            (format!("org_{}", random.hex(24)), format!("usr_{}", random.hex(24)));
        Self {
            random,
            organization_id,
            sender_user_id,
            sessions: Kept::default(),
            workflows: HashSet::new(),
            balance: 1_000_000,
            limits: Limits::new(),
            spelling: AnswerSpelling::default(),
            id_field: IdField::default(),
            loopback_redirects: false,
            scripts: Scripts::default(),
        }
    }

    pub(crate) fn add_workflow(&mut self) -> String {
        let id = format!("wf_{}", self.random.hex(24));
        self.workflows.insert(id.clone());
        id
    }

    /// A session that is not stored yet.
    pub(crate) fn draft(&mut self, wanted: Wanted, now: i64) -> Session {
        Session {
            id: self.random.uuid(),
            organization_id: self.organization_id.clone(),
            user_id: format!("usr_{}", self.random.hex(24)),
            sender_user_id: self.sender_user_id.clone(),
            first_name: wanted.first_name,
            last_name: wanted.last_name,
            email: wanted.email,
            phone: wanted.phone,
            external_id: wanted.external_id,
            workflow_id: wanted.workflow_id,
            redirect_url: wanted.redirect_url,
            invites: wanted.invites,
            status: "PENDING".to_owned(),
            progress: "PENDING".to_owned(),
            created_at: now,
            updated_at: now,
            submitted_at: None,
            history: History::default(),
            no_webhook: false,
        }
    }

    /// Evicts the oldest sessions until there is space for another one.
    pub(crate) fn make_room(&mut self, capacity: usize) {
        while let Some((oldest, _)) = self.sessions.evict(capacity) {
            self.scripts.stop(&oldest);
        }
    }

    pub(crate) fn keep(&mut self, session: Session) -> String {
        let id = session.id.clone();
        self.sessions.add(id.clone(), session);
        id
    }

    pub(crate) fn add_foreign(&mut self, now: i64) -> String {
        let mut session = self.draft(Wanted::somebody(), now);
        session.organization_id = format!("org_{}", self.random.hex(24));
        self.keep(session)
    }

    pub(crate) fn is_own(&self, session: &Session) -> bool {
        session.organization_id == self.organization_id
    }

    /// The sessions of the organization itself, with their numbers, oldest first.
    pub(crate) fn own_sessions(&self) -> impl DoubleEndedIterator<Item = (u64, &Session)> {
        self.sessions.in_order().filter(|(_, session)| self.is_own(session))
    }
}
