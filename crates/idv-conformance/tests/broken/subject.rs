//! The documentation of Acme, a vendor that does not exist and can everything.

use std::sync::Arc;

use idv_conformance::{
    Call, DocumentedError, Event, Received, Reply, StartCost, Step, Subject, Webhooks, hmac_sha256_hex,
};
use idv_core::{
    ErasureState, ErrorKind, MappingRow, Operation, ProviderFactory, Surface, Timestamp, VerifiedIdentity,
};
use idv_core::{VerificationReason as Reason, VerificationStatus as Status};
use serde_json::{Map, Value, json};

use crate::acme::AcmeFactory;
use crate::flaw::Flaw;

/// An adapter for Acme with one flaw, or none.
pub(crate) struct Acme {
    pub(crate) flaw: Option<Flaw>,
    pub(crate) deviations: &'static str,
    /// Acme has a page of its own for applicants, beside the token.
    pub(crate) hosts_a_page: bool,
    /// A start takes three calls: the person, the check, and its link, all with a token that the key is exchanged for. No key
    /// recognises a repeated one.
    pub(crate) in_steps: bool,
    /// Answers are stored under the key of a start, failures included.
    pub(crate) stores_failures: bool,
    /// The adapter repeats a start all the same. Every family that looks at the advice of errors notices that.
    pub(crate) repeats_stored_failures: bool,
    /// Events say of which type they are.
    pub(crate) has_event_types: bool,
}

impl Acme {
    /// Without a flaw, and with nothing to declare.
    pub(crate) const SOUND: Self = Self {
        flaw: None,
        deviations: "",
        hosts_a_page: true,
        in_steps: false,
        stores_failures: false,
        repeats_stored_failures: false,
        has_event_types: true,
    };

    /// Sound, and with starts of several calls.
    pub(crate) const IN_STEPS: Self = Self { in_steps: true, ..Self::SOUND };

    /// Sound, and at a vendor that stores failures under the key.
    pub(crate) const STORING: Self = Self { stores_failures: true, ..Self::SOUND };

    /// The link of a check, and the token for its embedded page.
    fn opened(&self, session: &str) -> Value {
        let url = self.hosts_a_page.then(|| format!("https://acme.example/c/{session}"));
        json!({"id": session, "url": url, "token": format!("acme-token-{session}")})
    }

    pub(crate) fn with(flaw: Flaw) -> Self {
        let sound = match flaw {
            Flaw::GoesOnAfterAFailedStep
            | Flaw::StartsOverAfterALostStep
            | Flaw::ChecksOnePerson
            | Flaw::LinksOneCheck
            | Flaw::BlamesTheKeyForAMissingToken
            | Flaw::IgnoresTheDeadlineOfLinks
            | Flaw::BeginsTheDeadlineAnew => Self::IN_STEPS,
            _ => Self::SOUND,
        };
        Self { flaw: Some(flaw), ..sound }
    }
}

pub(crate) fn words() -> Vec<MappingRow> {
    let states = [
        ("open", Status::InProgress),
        ("submitted", Status::InReview),
        ("passed", Status::Approved),
        ("refused", Status::Rejected),
        ("withdrawn", Status::Cancelled),
    ];
    let row = |surface| states.map(|(word, status)| MappingRow::status(surface, word, status));
    let mut rows = [row(Surface::CheckStatus), row(Surface::WebhookStatus)].concat();
    rows.push(MappingRow::status(Surface::RedirectStatus, "done", Status::InReview));
    rows.push(MappingRow::status(Surface::RedirectStatus, "success", Status::InReview));
    rows.push(MappingRow::status(Surface::RedirectStatus, "failed", Status::Failed));
    rows.push(MappingRow::reason(Surface::RedirectReason, "blurred", Reason::DocumentUnreadable));
    rows
}

impl Subject for Acme {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        Arc::new(AcmeFactory {
            flaw: self.flaw,
            hosts_a_page: self.hosts_a_page,
            in_steps: self.in_steps,
            stores_failures: self.stores_failures && !self.repeats_stored_failures,
            has_event_types: self.has_event_types,
        })
    }

    fn options(&self, base_url: &str) -> Value {
        json!({"base_url": base_url, "api_key": {"env": "ACME_KEY"}})
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        vec![("ACME_KEY", "acme-key-canary-0001")]
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        match (request.method.as_str(), request.segments().as_slice()) {
            ("POST", ["checks"]) => Some(Operation::Start),
            ("POST", ["checks", _, "renew"]) => Some(Operation::Refresh),
            ("POST", ["imports"]) => Some(Operation::Import),
            ("GET", ["checks"]) => Some(Operation::Find),
            ("GET", ["checks", _]) => Some(Operation::Check),
            ("POST", ["checks", _, "cancel"]) => Some(Operation::Cancel),
            ("DELETE", ["checks", _]) => Some(Operation::Erase),
            _ => None,
        }
    }

    /// A check is looked up before it is withdrawn; where a start takes steps, a person is made before it, and a link after it.
    fn step(&self, call: &Call<'_>, request: &Received) -> Option<Step> {
        let segments = request.segments();
        let person = format!("p-{}", call.session);
        let answer = match (call.operation, request.method.as_str(), segments.as_slice()) {
            (_, "POST", ["tokens"]) if self.in_steps => {
                return Some(Step::shared(Reply::json(200, &json!({"token": "acme-access-canary"}))));
            }
            (Operation::Start, "POST", ["people"]) if self.in_steps => {
                return Some(Step::new(Reply::json(200, &json!({"person": person}))).gives(person));
            }
            (Operation::Cancel, "GET", ["checks", _]) => {
                self.state(call.session, if call.is_cancelled { "withdrawn" } else { "open" })
            }
            (Operation::Start, "POST", ["checks", id, "link"]) if self.in_steps => self.opened(id),
            _ => return None,
        };
        Some(Step::new(Reply::json(200, &answer)))
    }

    /// `acme-request-signature`: HMAC-SHA256 of method, target and body under the API key.
    fn authentic(&self, request: &Received) -> Result<(), String> {
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        let head = format!("{} {}{query} ", request.method, request.path);
        let right = hmac_sha256_hex("acme-key-canary-0001", &[head.as_bytes(), &request.body]);
        match request.header("acme-request-signature") == Some(&right) {
            true => Ok(()),
            false => Err(format!("the signature of {} {} is wrong", request.method, request.path)),
        }
    }

    fn start_cost(&self) -> StartCost {
        match (self.in_steps, self.stores_failures) {
            (true, _) => StartCost::SessionEvenAfterServerError,
            (false, true) => StartCost::NothingUnlessAnswered,
            (false, false) => StartCost::Nothing,
        }
    }

    fn words(&self) -> Vec<MappingRow> {
        words()
    }

    fn started(&self, session: &str) -> Value {
        if self.in_steps { self.state(session, "open") } else { self.opened(session) }
    }

    fn refreshed(&self, session: &str) -> Value {
        self.opened(session)
    }

    fn expiring(&self, session: &str, now: Timestamp, at: Timestamp) -> Option<Value> {
        let mut answer = self.started(session);
        answer["expires_in"] = at.saturating_since(now).as_secs().into();
        Some(answer).filter(|_| !self.in_steps)
    }

    fn state(&self, session: &str, word: &str) -> Value {
        json!({"id": session, "state": word, "changed": "2026-11-20T11:00:00Z"})
    }

    fn identified(&self, session: &str) -> Option<(Value, VerifiedIdentity)> {
        let mut answer = self.state(session, "passed");
        answer["person"] = "Ottoline Featherquill".into();
        let mut identity = VerifiedIdentity::default();
        identity.full_name = Some("Ottoline Featherquill".into());
        Some((answer, identity))
    }

    fn detail_places(&self) -> Vec<&'static str> {
        vec!["/changed"]
    }

    fn found(&self, reference: &str, sessions: &[&str]) -> Value {
        let check = |session: &&str| json!({"id": session, "state": "open", "reference": reference});
        json!({"checks": sessions.iter().map(check).collect::<Vec<_>>(), "next": null})
    }

    fn continued(&self, reference: &str, sessions: &[&str]) -> Option<Value> {
        let mut half = self.found(reference, sessions);
        half["next"] = "page-2".into();
        Some(half)
    }

    fn imported(&self, session: &str, word: &str) -> Value {
        self.state(session, word)
    }

    fn cancelled(&self, session: &str) -> Reply {
        Reply::json(200, &self.state(session, "withdrawn"))
    }

    fn cancelled_before(&self, _: &str) -> Option<Reply> {
        Some(Reply::json(
            409,
            &json!({"error": {"code": "already_withdrawn", "message": "withdrawn before"}}),
        ))
    }

    fn erased(&self, _: &str) -> Vec<(Reply, ErasureState)> {
        let deletion = |status, state| Reply::json(status, &json!({"state": state}));
        let unknown =
            Reply::json(404, &json!({"error": {"code": "unknown_check", "message": "no such check"}}));
        vec![
            (deletion(202, "deleting"), ErasureState::Accepted),
            (deletion(200, "deleted"), ErasureState::Done),
            (unknown, ErasureState::AlreadyGone),
        ]
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let reply = Reply::json(409, &json!({"error": {"code": "duplicate_reference"}}));
        vec![
            DocumentedError::new("duplicate", Operation::Start, reply, ErrorKind::Conflict)
                .code("duplicate_reference"),
        ]
    }

    fn redirect(&self, session: &str, status: &str, reason: Option<&str>) -> Option<String> {
        let mut url = url::Url::parse("https://app.example.com/back").ok()?;
        url.query_pairs_mut().append_pair("check", session);
        if let Some(reason) = reason {
            url.query_pairs_mut().append_pair("why", reason);
        }
        url.query_pairs_mut().append_pair("result", status);
        Some(url.into())
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn deviations(&self) -> &'static str {
        self.deviations
    }
}

impl Webhooks for Acme {
    fn secrets(&self) -> [&'static str; 3] {
        ["acme-hook-canary-one", "acme-hook-canary-two", "acme-hook-canary-three"]
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let mut check = Map::new();
        check.insert("id".to_owned(), event.session.into());
        check.extend(event.status.map(|status| ("state".to_owned(), status.into())));
        let mut body = json!({"id": event.id, "check": check, "at": event.at.to_string()});
        if self.has_event_types {
            body["type"] = event.event_type.unwrap_or("check.changed").into();
        }
        body
    }

    fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        let time = event.at.unix_seconds().to_string();
        let signature = hmac_sha256_hex(secret, &[time.as_bytes(), b".", body]);
        vec![("acme-time", time), ("acme-signature", signature)]
    }

    fn contradictions(&self, event: &Event<'_>, other: &str) -> Vec<Value> {
        let mut said = self.event(event);
        said["now"] = other.into();
        vec![said]
    }

    fn signature_separator(&self) -> Option<&'static str> {
        Some(" ")
    }
}

/// Acme, documented wrongly: it has an error whose code is the application's key.
pub(crate) struct Echoing(pub(crate) Acme);

impl Subject for Echoing {
    fn factory(&self) -> Arc<dyn ProviderFactory> {
        self.0.factory()
    }

    fn options(&self, base_url: &str) -> Value {
        self.0.options(base_url)
    }

    fn secrets(&self) -> Vec<(&'static str, &'static str)> {
        Subject::secrets(&self.0)
    }

    fn operation(&self, request: &Received) -> Option<Operation> {
        self.0.operation(request)
    }

    fn start_cost(&self) -> StartCost {
        self.0.start_cost()
    }

    fn words(&self) -> Vec<MappingRow> {
        self.0.words()
    }

    fn started(&self, session: &str) -> Value {
        self.0.started(session)
    }

    fn state(&self, session: &str, word: &str) -> Value {
        self.0.state(session, word)
    }

    fn errors(&self) -> Vec<DocumentedError> {
        let reply = Reply::json(409, &json!({"error": {"code": "acme-key-canary-0001"}}));
        vec![DocumentedError::new("echo", Operation::Start, reply, ErrorKind::Conflict).code("duplicate")]
    }
}
