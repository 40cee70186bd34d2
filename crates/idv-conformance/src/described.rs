//! A subject that is made from the document of a described vendor and from nothing else.
//!
//! The mock vendor behaves as the document says, so the kit sees what the document forgets or contradicts, and what the adapter does with
//! it. It cannot see where the vendor's pages say otherwise: the subject of a vendor that applications rely on is written from these.

mod answers;
mod calls;
mod deviations;
mod document;
mod events;
mod failures;
mod identity;
mod kept;
mod words;

use std::sync::Arc;

use idv_core::{
    ErasureState, ErrorKind, Invites, MappingRow, Operation, ProviderFactory, StartRequest, Timestamp,
    VerifiedIdentity,
};
use serde_json::{Value, json};

use self::document::Document;
use self::kept::kept;
use crate::received::{NaturalKey, Received};
use crate::reply::Reply;
use crate::step::{Call, Step};
use crate::subject::{DocumentedError, StartCost, Subject, Webhooks};
use crate::under_way;

/// The environment variables of the secrets, and their values: the key, and those that the document names.
const SECRETS: [(&str, &str); 5] = [
    ("DESCRIBED_API_KEY", "described-api-key-canary"),
    ("DESCRIBED_SECRET_1", "described-secret-canary-one"),
    ("DESCRIBED_SECRET_2", "described-secret-canary-two"),
    ("DESCRIBED_SECRET_3", "described-secret-canary-three"),
    ("DESCRIBED_SECRET_4", "described-secret-canary-four"),
];

/// The workflow of every start.
const WORKFLOW: &str = "wf_conformance";

/// A described vendor, as its document has it.
pub struct Described {
    document: Document,
    factory: Arc<dyn ProviderFactory>,
}

impl std::fmt::Debug for Described {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Described").finish_non_exhaustive()
    }
}

impl Described {
    /// A subject of a document in TOML, whose instances the factory builds. The factory has to accept the document.
    ///
    /// # Errors
    /// A sentence, where the text is no TOML or has more secrets than the kit has names for.
    pub fn new(text: &str, factory: Arc<dyn ProviderFactory>) -> Result<Self, String> {
        let document = Document::parse(text)?;
        match calls::secrets(&document).len() < SECRETS.len() {
            true => Ok(Self { document, factory }),
            false => Err(format!("the document names more than {} secrets", SECRETS.len() - 1)),
        }
    }
}

impl Subject for Described {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::clone(&self.factory)
    }

    fn options(&self, base_url: &str) -> Value {
        let mut options = self.document.options();
        let secrets = calls::secrets(&self.document);
        let named =
            secrets.iter().zip(&SECRETS[1..]).map(|(name, (variable, _))| (name.clone(), env(variable)));
        options.insert("base_url".to_owned(), base_url.into());
        options.insert("api_key".to_owned(), env(SECRETS[0].0));
        options.insert("secrets".to_owned(), named.collect());
        if let Some(oauth2) = options.get_mut("auth").and_then(|auth| auth.get_mut("oauth2")) {
            oauth2["token_url"] = format!("{base_url}{}", calls::TOKEN_PATH).into();
        }
        if !self.document.at("/find/fields/workflow").is_null() {
            options.insert("workflow_id".to_owned(), WORKFLOW.into());
        }
        options.into()
    }

    fn natural_key(&self) -> Option<NaturalKey> {
        let knows = self.document.flag("/start/repeatable") || self.document.flag("/start/reference_is_id");
        knows.then_some(|start| under_way::reference_in(&start.text()))
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        SECRETS.into_iter().take(1 + calls::secrets(&self.document).len()).collect()
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        calls::operation(&self.document, request)
    }

    fn step(&self, call: &Call<'_>, request: &Received) -> Option<Step> {
        if calls::asks_for_token(&self.document, request) {
            return Some(Step::shared(Reply::json(200, &calls::token())));
        }
        match (call.operation, self.operation(request)) {
            (Operation::Refresh, Some(Operation::Check))
                if !self.document.at("/refresh/revive").is_null() =>
            {
                Some(Step::new(Reply::json(200, &self.state(call.session, call.word))))
            }
            (Operation::Refresh, None) if calls::revives(&self.document, request) => {
                Some(Step::new(Reply::json(200, &json!({}))))
            }
            (Operation::Find, _) if calls::is_later_page(&self.document, request) => {
                Some(Step::new(Reply::json(200, &answers::found(&self.document, "", &[]))))
            }
            _ => None,
        }
    }

    fn authentic(&self, request: &Received) -> Result<(), String> {
        calls::authentic(&self.document, &SECRETS, request)
    }

    fn start_cost(&self) -> StartCost {
        let start = |key: &str| self.document.at(&format!("/start/{key}"));
        match (start("idempotency_header").is_null(), start("stored_errors") == &Value::Bool(true)) {
            (false, false) => StartCost::Nothing,
            (false, true) => StartCost::NothingUnlessAnswered,
            (true, _) if self.document.flag("/start/repeatable") => StartCost::Nothing,
            (true, _) => StartCost::SessionEvenAfterServerError,
        }
    }

    fn refresh_cost(&self) -> StartCost {
        let is_repeatable = self.document.flag("/refresh/repeatable");
        match (is_repeatable, self.document.flag("/start/stored_errors")) {
            (true, false) => StartCost::Nothing,
            (true, true) => StartCost::NothingUnlessAnswered,
            (false, _) => StartCost::SessionEvenAfterServerError,
        }
    }

    fn words(&self) -> Vec<MappingRow> {
        words::rows(&self.document)
    }

    fn started(&self, session: &str) -> Value {
        answers::started(&self.document, session)
    }

    fn takes_reference(&self) -> bool {
        !self.document.at("/start/fields/reference").is_null()
    }

    fn expiring(&self, session: &str, now: Timestamp, at: Timestamp) -> Option<Value> {
        answers::expiring(&self.document, session, now, at)
    }

    fn refresh_is_a_read(&self) -> bool {
        !self.document.at("/refresh").is_null() && self.document.at("/refresh/path").is_null()
    }

    fn refreshed(&self, session: &str) -> Value {
        answers::refreshed(&self.document, session)
    }

    fn state(&self, session: &str, word: &str) -> Value {
        answers::state(&self.document, session, word)
    }

    fn detail_places(&self) -> Vec<&'static str> {
        answers::detail_places(&self.document).iter().map(|place| kept(place)).collect()
    }

    fn identified(&self, session: &str) -> Option<(Value, VerifiedIdentity)> {
        identity::identified(&self.document, session)
    }

    fn find_is_a_read(&self) -> bool {
        self.document.flag("/start/reference_is_id")
    }

    fn found_nothing(&self) -> Option<Reply> {
        let reply = || Reply::json(404, &failures::body(&self.document, "unknown"));
        self.find_is_a_read().then(reply)
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        answers::found(&self.document, reference, sessions)
    }

    fn continued(&self, reference: &str, sessions: &[&str]) -> Option<Value> {
        answers::continued(&self.document, reference, sessions)
    }

    fn cancelled(&self, session: &str) -> Reply {
        let word = words::of_cancelled(&self.document);
        Reply::json(200, &self.state(session, &word.unwrap_or_default()))
    }

    fn erased(&self, session: &str) -> Vec<(Reply, ErasureState)> {
        answers::erased(&self.document, session)
    }

    fn statuses(&self) -> Vec<(u16, ErrorKind)> {
        failures::statuses(&self.document)
    }

    fn errors(&self) -> Vec<DocumentedError> {
        failures::documented(&self.document)
    }

    fn redirect(&self, session: &str, status: &str, reason: Option<&str>) -> Option<String> {
        answers::redirect(&self.document, session, status, reason)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        (!self.document.at("/webhook").is_null()).then_some(&self.document)
    }

    fn deviations(&self) -> &'static str {
        kept(&deviations::of(&self.document))
    }

    /// Every input that the document has a place for is given.
    fn applicant(&self, request: StartRequest) -> StartRequest {
        let start = |key: &str| !self.document.at(&format!("/start/fields/{key}")).is_null();
        let mut request = request.workflow(WORKFLOW);
        for (name, _) in self.document.table("/start/attributes") {
            request = request.attribute(name, "attribute-canary");
        }
        if start("date_of_birth") {
            request = request.date_of_birth("1990-12-31");
        }
        if start("country") {
            request = request.country("CA");
        }
        if start("language") {
            request = request.language("en");
        }
        match (start("invite_email"), start("invite_sms")) {
            (false, false) => request,
            (email, sms) => request.invites(Invites { email, sms }),
        }
    }
}

fn env(variable: &str) -> Value {
    json!({"env": variable})
}
