//! The description of a vendor as the provider works from it, wherever it came from: everything is taken apart.

use std::time::Duration;

use http::{HeaderMap, HeaderName, Method};
use idv_core::signature::SignatureScheme;
use idv_core::{
    Assurance, BaseUrl, DocumentKind, ErasureState, ErrorKind, IdentityField, Input, InputNeed, InputTable,
    Invites, Operation, PolicyAction, RedirectClaim, RedirectNames, VerificationReason, VerificationStatus,
};
use idv_http::{ErrorPlaces, ReplaySafety};

use super::facts::Facts;
use super::link::LinkTemplate;
use super::path::Path;
use super::request_places::Template;
use crate::mapping::{Vocabulary, Words};
use crate::places::Places;
use crate::reason_places::ReasonPlaces;
use crate::record::RecordPlaces;

/// A vendor of hosted sessions.
#[derive(Debug, Clone)]
pub(crate) struct ApiSpec {
    /// The vendor's name, for people.
    pub(crate) vendor: String,
    /// Where the vendor is, unless configured otherwise.
    pub(crate) base_url: Option<BaseUrl>,
    pub(crate) auth: Auth,
    /// Headers that are the same in every request.
    pub(crate) headers: HeaderMap,
    /// Query parameters that are the same in every request.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) start: Start,
    pub(crate) check: Call,
    pub(crate) find: Option<FindWay>,
    pub(crate) refresh: Option<Refresh>,
    pub(crate) cancel: Option<Cancel>,
    pub(crate) erase: Option<Erase>,
    pub(crate) identity: Option<Identity>,
    pub(crate) record: RecordPlaces,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) redirect: Option<ReturnUrl>,
    pub(crate) webhook: Option<WebhookSpec>,
    pub(crate) errors: Errors,
    pub(crate) policy: Policy,
    pub(crate) facts: Facts,
}

/// How requests carry the credential.
#[derive(Debug, Clone)]
pub(crate) struct Auth {
    pub(crate) header: HeaderName,
    pub(crate) scheme: AuthScheme,
    /// Further headers, each with the name of its secret.
    pub(crate) secret_headers: Vec<(HeaderName, String)>,
}

/// The form of the credential in its header.
#[derive(Debug, Clone)]
pub(crate) enum AuthScheme {
    /// The key, behind a text.
    Key { prefix: String },
    /// HTTP Basic; the key is the password, and the name is that of the secret with the user.
    Basic { user: String },
    /// An access token of OAuth 2; the key is the client secret, and the name is that of the secret with the client id.
    AccessToken { token_url: BaseUrl, client: String, scope: Option<String> },
}

impl Auth {
    /// The names of the secrets beside the key.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let user = match &self.scheme {
            AuthScheme::Basic { user: name } | AuthScheme::AccessToken { client: name, .. } => {
                Some(name.as_str())
            }
            AuthScheme::Key { .. } => None,
        };
        user.into_iter().chain(self.secret_headers.iter().map(|(_, name)| name.as_str()))
    }
}

/// A call about a session.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: Path,
    /// Nothing for calls without a body.
    pub(crate) body: Option<Template>,
}

/// Where the verified identity stands.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The call whose answer has it, unless that to a check has.
    pub(crate) call: Option<IdentityCall>,
    pub(crate) at: Places,
    /// The facts that are one text each.
    pub(crate) facts: Vec<(IdentityField, Places)>,
    /// The parts of the address.
    pub(crate) address: ReasonPlaces,
    pub(crate) kinds: Words<DocumentKind>,
}

/// The call whose answer has the identity.
#[derive(Debug, Clone)]
pub(crate) struct IdentityCall {
    pub(crate) call: Call,
    /// Query parameters, each in place of one with the same name that every request has.
    pub(crate) query: Vec<(String, String)>,
}

impl Identity {
    /// The facts that it can give.
    pub(crate) fn fields(&self) -> Vec<IdentityField> {
        let address = (!self.address.is_nowhere()).then_some(IdentityField::Address);
        let mut fields: Vec<_> = self.facts.iter().map(|(field, _)| *field).chain(address).collect();
        fields.sort_unstable();
        fields
    }
}

/// The call that creates a session.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) path: Path,
    pub(crate) body: Template,
    /// The inputs with a place in the request.
    pub(crate) inputs: Vec<Input>,
    pub(crate) required: Vec<Input>,
    /// Which invitations the vendor sends.
    pub(crate) invites: Invites,
    /// The header with the idempotency key.
    pub(crate) key_header: Option<HeaderName>,
    pub(crate) safety: ReplaySafety,
    /// Whether a repeated start gives the same session, which may have ended.
    pub(crate) repeatable: bool,
    /// Whether the reference is the id of the session.
    pub(crate) reference_is_id: bool,
    pub(crate) id: Places,
    pub(crate) link: LinkPlaces,
    pub(crate) links: Places,
}

/// Where the way to the vendor stands in an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct LinkPlaces {
    pub(crate) url: Places,
    pub(crate) token: Places,
    /// The link where the answer has none.
    pub(crate) template: Option<LinkTemplate>,
    pub(crate) expires_at: Places,
    /// Where the seconds stand that it lives.
    pub(crate) lifetime: Places,
    /// How long it lives where the answer does not say it.
    pub(crate) lives: Option<Duration>,
    pub(crate) opens_once: bool,
}

impl FindWay {
    /// Whether only the sessions of the instance's workflow are found.
    pub(crate) fn needs_workflow(&self) -> bool {
        matches!(self, Self::List(Find { by: FindBy::Body { has_workflow: true, .. }, .. }))
    }
}

impl Start {
    /// Whether the request has a place for an input.
    pub(crate) fn takes(&self, input: &Input) -> bool {
        self.inputs.contains(input)
    }

    /// Whether the vendor sends invitations, but not all of those that are asked for.
    pub(crate) fn lacks(&self, asked: Invites) -> bool {
        self.invites.any() && (asked.email && !self.invites.email || asked.sms && !self.invites.sms)
    }
}

/// How the sessions of a reference are found.
#[derive(Debug, Clone)]
pub(crate) enum FindWay {
    /// By a list.
    List(Find),
    /// By a check: the reference is the id of the one session.
    Check,
}

/// The call that lists the sessions of a reference, page by page.
#[derive(Debug, Clone)]
pub(crate) struct Find {
    pub(crate) path: Path,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) by: FindBy,
    pub(crate) list: Places,
    pub(crate) next: NextPage,
    /// Places that say something where the list goes on.
    pub(crate) more: Places,
}

/// The form of the call that lists sessions.
#[derive(Debug, Clone)]
pub(crate) enum FindBy {
    /// A GET.
    Query {
        /// The query parameter with the reference.
        parameter: String,
        /// The query parameter with how many sessions a page is to have.
        size_parameter: Option<String>,
    },
    /// A POST.
    Body {
        body: Template,
        /// Whether the body has the workflow of the instance.
        has_workflow: bool,
    },
}

/// How a list goes on.
#[derive(Debug, Clone)]
pub(crate) enum NextPage {
    /// Not at all.
    Whole,
    /// With a token of the answer, which a query parameter takes, or else the body.
    Token { at: Places, parameter: Option<String> },
    /// At a URL of the answer.
    Url(Places),
    /// With the number of the page.
    Number(String),
    /// With how many sessions to pass over.
    Offset(String),
}

/// How a session gets a fresh link.
#[derive(Debug, Clone)]
pub(crate) struct Refresh {
    pub(crate) way: RefreshWay,
    pub(crate) id: Places,
    pub(crate) link: LinkPlaces,
}

/// The calls of a refresh.
#[derive(Debug, Clone)]
pub(crate) enum RefreshWay {
    /// The answer to a check has the link.
    Reread,
    /// A POST gives one.
    Post { path: Path, safety: ReplaySafety, revive: Option<Revive> },
}

/// A call that brings a session back to life.
#[derive(Debug, Clone)]
pub(crate) struct Revive {
    pub(crate) path: Path,
    pub(crate) when: Vec<VerificationStatus>,
}

/// The call that withdraws a session.
#[derive(Debug, Clone)]
pub(crate) struct Cancel {
    pub(crate) call: Call,
    /// The words of its answer.
    pub(crate) vocabulary: Vocabulary,
}

/// The call that has data deleted.
#[derive(Debug, Clone)]
pub(crate) struct Erase {
    pub(crate) call: Call,
    /// Where the session id stands in the answer; nowhere where a success has an empty body.
    pub(crate) id: Places,
    pub(crate) outcome: ErasureState,
    /// The HTTP statuses that say that the data is gone already.
    pub(crate) already_gone: Vec<u16>,
}

/// The parameters that the vendor adds to the return URL.
#[derive(Debug, Clone)]
pub(crate) struct ReturnUrl {
    pub(crate) names: RedirectNames,
    pub(crate) claims: Words<RedirectClaim>,
    pub(crate) reasons: Words<VerificationReason>,
}

/// A vendor's webhooks.
#[derive(Debug, Clone)]
pub(crate) struct WebhookSpec {
    pub(crate) scheme: SignatureScheme,
    /// The beginning of every secret, to warn about another one; empty where none is known.
    pub(crate) secret_prefix: String,
    pub(crate) event_type: EventType,
    /// When the event happened.
    pub(crate) time: Places,
    /// The vendor's id of the event.
    pub(crate) id: Places,
    /// The header that tells events with the same body from each other.
    pub(crate) id_header: Option<HeaderName>,
    /// A signed time that has to be of the present.
    pub(crate) fresh: Option<(Places, Duration)>,
    pub(crate) record: RecordPlaces,
    pub(crate) vocabulary: Vocabulary,
    /// The event types about sessions.
    pub(crate) ours: Vec<EventPattern>,
    /// The event types whose status may be an old one.
    pub(crate) notices: Vec<EventPattern>,
}

impl WebhookSpec {
    pub(crate) fn assurance(&self) -> Assurance {
        self.scheme.assurance()
    }
}

/// The type of an event.
#[derive(Debug, Clone)]
pub(crate) struct EventType {
    /// Where it is told in the body.
    pub(crate) at: Places,
    /// The type of events whose body does not tell it; `None` where each does.
    pub(crate) otherwise: Option<String>,
}

/// An event type, or the beginning of some.
#[derive(Debug, Clone)]
pub(crate) struct EventPattern(String);

impl EventPattern {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether a type fits, whatever the case of its letters.
    pub(crate) fn fits(&self, event_type: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(start) => event_type.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)),
            None => event_type.eq_ignore_ascii_case(&self.0),
        }
    }
}

/// Where errors stand, and what they mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Errors {
    pub(crate) places: ErrorPlaces,
    /// Words at the place of the status that make a success an error.
    pub(crate) words: Vec<(String, ErrorKind)>,
}

/// The next actions of an application, and how often it asks.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) next_actions: Vec<(VerificationStatus, PolicyAction)>,
    pub(crate) poll_applicant: Duration,
    pub(crate) poll_vendor: Duration,
}

impl ApiSpec {
    /// The inputs that a start needs and can use, where the instance has a workflow for starts that name none, and where not.
    pub(crate) fn inputs(&self, has_workflow: bool) -> InputTable {
        let start = &self.start;
        let mut table = InputTable::new();
        table.declare(Operation::Start, InputNeed::Optional, start.inputs.iter().cloned());
        if start.invites.any() {
            table.declare(Operation::Start, InputNeed::Optional, [Input::INVITES]);
        }
        if start.key_header.is_some() {
            table.declare(Operation::Start, InputNeed::Optional, [Input::IDEMPOTENCY_KEY]);
        }
        let is_given = |input: &&Input| has_workflow && **input == Input::WORKFLOW;
        let required = start.required.iter().filter(|input| !is_given(input)).cloned();
        let required = required.chain([Input::REFERENCE]);
        table.with(Operation::Start, InputNeed::Required, required)
    }
}
