//! The description of an adapter under test: the vendor's documentation, in the form of code.

use std::sync::Arc;
use std::time::Duration;

use idv_core::{
    CredentialOwner, ErasureState, ErrorKind, MappingRow, Operation, ProviderFactory, Retry, StartRequest,
    Timestamp, VerificationProvider, VerifiedIdentity,
};
use serde_json::Value;

use crate::received::{NaturalKey, Received, ReplySigner};
use crate::reply::Reply;
use crate::step::{Call, Step};

/// An adapter and what its vendor's documentation says.
///
/// Write it from the vendor's pages and not from the adapter: a mistake that both share is not found.
pub trait Subject: Send + Sync + 'static {
    /// The factory of the kind.
    fn factory(&self) -> Arc<dyn ProviderFactory>;

    /// The options of an instance at an address, without the secrets of webhooks. Secrets are `{"env": "NAME"}`.
    fn options(&self, base_url: &str) -> Value;

    /// The reader of the key by which the vendor recognises a repeated start without an idempotency key, such as the caller's own id
    /// in the body; `None` where it recognises none.
    fn natural_key(&self) -> Option<NaturalKey> {
        None
    }

    /// The values of the secrets that the options name. The kit looks for them in everything that is printed, so each is
    /// at least eight characters long.
    fn secrets(&self) -> Vec<(&'static str, &'static str)>;

    /// The operation whose own request this is; `None` for every other one. A vendor that has one call for start and refresh returns
    /// start. Of a start of several requests, its own is the one that makes the session: the kit counts sessions by it.
    fn operation(&self, request: &Received) -> Option<Operation>;

    /// The vendor's answer to a request that a call makes beside its own, before or after it: a look-up before a change, the link of a
    /// session, the exchange of credentials for an access token. `None` for every other request: those that are neither are an error of
    /// the adapter. One operation's own request may be a step of another.
    ///
    /// The mock vendor answers steps by itself in every check, and loses the answer to each of them, or fails: the adapter sends nothing
    /// after it, and its verdict is that of all requests that it sent.
    fn step(&self, _call: &Call<'_>, _request: &Received) -> Option<Step> {
        None
    }

    /// Whether a request is signed as the vendor's pages say, for vendors whose requests are: compute the signature with other code
    /// than the adapter's, over the request as it was received.
    ///
    /// # Errors
    /// The reason why the vendor would refuse it.
    fn authentic(&self, _request: &Received) -> Result<(), String> {
        Ok(())
    }

    /// The signer of the vendor's answers, where it signs them; it signs each answer of the mock vendor as it is sent.
    fn reply_signer(&self) -> Option<ReplySigner> {
        None
    }

    /// The cost of calling start or refresh twice at the vendor.
    fn start_cost(&self) -> StartCost;

    /// The mapping of the vendor's words, surface by surface, which the profile must have too.
    ///
    /// The surfaces are `rest` (states of a check), `webhook` (states of an event), `reason` and `failure code` (reasons of a check and of
    /// an event), `redirect` and `redirect reason` (the return URL). A word that means something only beside a second one is written
    /// `failed with reason timeout`: the word, ` with `, the name of the second one, and its value.
    fn words(&self) -> Vec<MappingRow>;

    /// The answer to a start. `session` is the vendor's id of the session, if it has one: in the kit a
    /// UUID. A vendor with ids of another form derives its own here, in [`state`](Self::state) and in
    /// [`found`](Self::found); [`redirect`](Self::redirect) and [`Webhooks::event`] get the key of the reference.
    ///
    /// The mock vendor answers with status 200, whatever 2xx the vendor uses: an adapter takes every 2xx.
    fn started(&self, session: &str) -> Value;

    /// Whether the vendor has a place for the application's reference, or for a text that contains it: then each start sends it.
    fn takes_reference(&self) -> bool {
        true
    }

    /// The answer to a start that says when the session ends, where the vendor's answers do: as a time (`at`) or as the time that is left
    /// (`at` less `now`). Then [`started`](Self::started) leaves it out.
    fn expiring(&self, _session: &str, _now: Timestamp, _at: Timestamp) -> Option<Value> {
        None
    }

    /// The cost of calling refresh twice, where that is another than of starts.
    fn refresh_cost(&self) -> StartCost {
        self.start_cost()
    }

    /// Whether a refresh only reads the session, as a check does, because that answer has the link: then the request of a check is a
    /// refresh's own, and costs nothing.
    fn refresh_is_a_read(&self) -> bool {
        false
    }

    /// The answer to a refresh, where it is another than to a start.
    fn refreshed(&self, session: &str) -> Value {
        self.started(session)
    }

    /// The answer to a check. `word` is that of a row of surface `rest`, with its condition if it has one, in any case
    /// of its letters; or one that no row has. If the vendor's states are JSON numbers or flags, a word that reads as
    /// one is written as one, and all others as text.
    fn state(&self, session: &str, word: &str) -> Value;

    /// The places of ids in the answer to a check, as JSON pointers into [`state`](Self::state). The kit itself finds
    /// every place of the key of the reference; ids in another form, or of another entity that a check asks for, belong
    /// here. None if the answer contains no id, because a header or a token decides whose state it is.
    fn subject_id_places(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// The places of details in the answer to a check, beside ids and state, as JSON pointers into
    /// [`state`](Self::state), such as the time of the last change: if a detail cannot be read, it is omitted, and the
    /// state is reported all the same.
    fn detail_places(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// The answer to a check of an approved applicant with everything that the vendor verified, and the identity that has to be read
    /// from it; `None` where the vendor gives none. It has every fact that the profile names. Give it facts that stand nowhere else, each at least six characters long: the kit
    /// looks for them in everything that is printed.
    fn identified(&self, _session: &str) -> Option<(Value, VerifiedIdentity)> {
        None
    }

    /// The answer to a find: all sessions of a reference, newest first, and none at all where `sessions` is empty. A vendor with a
    /// [natural key](Self::natural_key) has one at most, and need not answer with a list.
    fn found(&self, _reference: &str, _sessions: &[&str]) -> Value {
        Value::Null
    }

    /// Whether a find only reads the session, as a check does, because the reference is its id: then the request of a check is a find's
    /// own.
    fn find_is_a_read(&self) -> bool {
        false
    }

    /// The answer to a find where the vendor knows no session, if it is an error by its status; by default that is
    /// [`found`](Self::found) without sessions.
    fn found_nothing(&self) -> Option<Reply> {
        None
    }

    /// The same as [`found`](Self::found), if the vendor says that the list goes on; `None` if its lists are always complete.
    fn continued(&self, _reference: &str, _sessions: &[&str]) -> Option<Value> {
        None
    }

    /// The answer to an import.
    fn imported(&self, _session: &str, _word: &str) -> Value {
        Value::Null
    }

    /// The answer to a cancellation of a session that is open.
    fn cancelled(&self, session: &str) -> Reply {
        Reply::json(200, &self.state(session, ""))
    }

    /// The answer to a cancellation of a session that is cancelled already; `None` where the vendor documents none.
    fn cancelled_before(&self, _session: &str) -> Option<Reply> {
        None
    }

    /// The answers to an erasure, and the meaning of each. The first is that of an applicant whom the vendor knows.
    fn erased(&self, _session: &str) -> Vec<(Reply, ErasureState)> {
        Vec::new()
    }

    /// The statuses that mean something else at this vendor than elsewhere, with every body, such as a 402 that is not about money.
    fn statuses(&self) -> Vec<(u16, ErrorKind)> {
        Vec::new()
    }

    /// The errors that the vendor documents beyond the meaning of the status: codes with a meaning of their own, and
    /// failures that come as a success with an error in the body.
    fn errors(&self) -> Vec<DocumentedError> {
        Vec::new()
    }

    /// The URL of the browser that comes back, with nothing but the vendor's own parameters; `None` where the vendor
    /// documents none.
    fn redirect(&self, _session: &str, _status: &str, _reason: Option<&str>) -> Option<String> {
        None
    }

    /// The vendor's webhooks; `None` where it has none.
    fn webhooks(&self) -> Option<&dyn Webhooks> {
        None
    }

    /// Changes the request that the kit starts with, if the vendor needs another form. Every input that has a name is
    /// given already.
    fn applicant(&self, request: StartRequest) -> StartRequest {
        request
    }

    /// Wraps every provider that the kit builds: with the layer that is tested, where the subject is a layer.
    fn wrap(&self, provider: Arc<dyn VerificationProvider>) -> Arc<dyn VerificationProvider> {
        provider
    }

    /// The deviations file, in TOML: see [`Deviation`](crate::Deviation).
    fn deviations(&self) -> &'static str {
        ""
    }
}

/// The webhooks of a vendor.
///
/// ```
/// use idv_conformance::{Event, Webhooks, hmac_sha256_hex};
/// use serde_json::{Value, json};
///
/// struct Veritas;
///
/// impl Webhooks for Veritas {
///     fn event(&self, event: &Event<'_>) -> Value {
///         let kind = event.event_type.unwrap_or("case.changed");
///         json!({"id": event.id, "type": kind, "number": event.session, "verdict": event.status, "at": event.at.to_string()})
///     }
///
///     fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
///         let time = event.at.unix_seconds().to_string();
///         let signature = hmac_sha256_hex(secret, &[time.as_bytes(), b".", body]);
///         vec![("veritas-time", time), ("veritas-signature", signature)]
///     }
/// }
/// # assert!(Veritas.is_timed());
/// ```
pub trait Webhooks: Send + Sync {
    /// Secrets of the form that the vendor gives out: the first two are configured during a rotation, the third never. By default they
    /// are plain text.
    fn secrets(&self) -> [&'static str; 3] {
        ["webhook-secret-canary-one", "webhook-secret-canary-two", "webhook-secret-canary-three"]
    }

    /// Whether nothing proves to the adapter that a webhook is the vendor's: then no secret is configured, and each one is a notice.
    fn is_unproved(&self) -> bool {
        false
    }

    /// The key of the options under which these secrets are configured. Where they sign requests too, an instance without them may
    /// be refused.
    fn option(&self) -> &'static str {
        "webhook_secrets"
    }

    /// The body of an event about a verification.
    fn event(&self, event: &Event<'_>) -> Value;

    /// The headers that a vendor with this secret sends along with a body. A secret that is not of the vendor's form,
    /// such as an empty one, is a forger's: use an empty key then.
    fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)>;

    /// Whether the headers hold a timestamp beyond which a webhook is stale: by default, whether they depend on [`Event::at`].
    fn is_timed(&self) -> bool {
        let [early, late] = [0, 1].map(|second| {
            let event = Event::about("conformance", None, Timestamp::from_unix_seconds(second));
            self.sign(self.secrets()[0], &event, b"{}")
        });
        early != late
    }

    /// Whether the body of this event gives the event's own time: by default, whether it depends on [`Event::at`]. The adapter has to
    /// keep that time.
    fn is_dated(&self, event: &Event<'_>) -> bool {
        let mut later = *event;
        later.at = event.at.saturating_add(Duration::from_secs(1));
        self.event(event) != self.event(&later)
    }

    /// Bodies of an event that gives the status of `event` in one place and `other` in a second one: one body for each
    /// two places that the vendor documents. None if an event gives its status once.
    fn contradictions(&self, _event: &Event<'_>, _other: &str) -> Vec<Value> {
        Vec::new()
    }

    /// The separator of signatures if the scheme lists several in one header, such as the blank of Svix; `None` if
    /// there is one signature.
    fn signature_separator(&self) -> Option<&'static str> {
        None
    }
}

/// The content of a webhook. Fields that are `None` are omitted from the body.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The vendor's id of the event, where it has one.
    pub id: &'a str,
    /// The vendor's id of the session, the organization or the user.
    pub session: &'a str,
    /// Another event type than that of a changed verification. A vendor whose events have no types takes no notice of it.
    pub event_type: Option<&'a str>,
    /// The vendor's status word with its condition, as in a row of surface `webhook`, or one that no row has.
    pub status: Option<&'a str>,
    /// The vendor's code of a reason, as in a row of surface `failure code`.
    pub reason: Option<&'a str>,
    /// The time of the event, and of its sending.
    pub at: Timestamp,
}

/// The cost of calling start or refresh twice (the rows of the retry table).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartCost {
    /// Nothing: an idempotency key makes one session of both.
    Nothing,
    /// Nothing, but the vendor stores each answer under its key, failures included: a key that met a 5xx meets it for ever.
    NothingUnlessAnswered,
    /// Another session, but an operation that the vendor answered with a 5xx did not happen.
    Session,
    /// Another session, and an operation that the vendor answered with a 5xx may have happened.
    SessionEvenAfterServerError,
}

/// An error answer that the vendor documents, and how it has to be read.
#[derive(Debug, Clone)]
pub struct DocumentedError {
    pub(crate) name: &'static str,
    pub(crate) operation: Operation,
    pub(crate) reply: Reply,
    pub(crate) kind: ErrorKind,
    pub(crate) retry: Option<Retry>,
    pub(crate) credential: Option<CredentialOwner>,
    pub(crate) code: Option<&'static str>,
}

impl DocumentedError {
    /// An answer to an operation, and its kind. It may be repeated as the retry table says of that kind, unless it is
    /// [`repeatable`](Self::repeatable) whatever its kind.
    #[must_use]
    pub fn new(name: &'static str, operation: Operation, reply: Reply, kind: ErrorKind) -> Self {
        Self { name, operation, reply, kind, retry: None, credential: None, code: None }
    }

    /// The answer says whose credential was refused.
    #[must_use]
    pub fn credential(mut self, owner: CredentialOwner) -> Self {
        self.credential = Some(owner);
        self
    }

    /// The answer carries a code of the vendor.
    #[must_use]
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// The answer may be repeated, whatever its kind says; after a wait, where the vendor names one.
    #[must_use]
    pub fn repeatable(mut self, after: Option<Duration>) -> Self {
        self.retry = Some(Retry::Allowed { after });
        self
    }
}

/// An [`Event`] that keeps its own texts.
#[derive(Debug, Clone)]
pub(crate) struct OwnedEvent {
    id: String,
    session: String,
    status: Option<String>,
    pub(crate) at: Timestamp,
}

impl<'a> Event<'a> {
    /// An event about a session.
    pub(crate) fn about(session: &'a str, status: Option<&'a str>, at: Timestamp) -> Self {
        Self { id: "event-1", session, event_type: None, status, reason: None, at }
    }

    pub(crate) fn owned(&self) -> OwnedEvent {
        OwnedEvent {
            id: self.id.to_owned(),
            session: self.session.to_owned(),
            status: self.status.map(str::to_owned),
            at: self.at,
        }
    }
}

impl OwnedEvent {
    pub(crate) fn borrow(&self) -> Event<'_> {
        Event {
            id: &self.id,
            session: &self.session,
            event_type: None,
            status: self.status.as_deref(),
            reason: None,
            at: self.at,
        }
    }
}
