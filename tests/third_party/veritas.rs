//! An adapter for Veritas, a vendor that does not exist: cases that are opened, linked to, and read.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idv::adapter::{
    Adapter, BaseUrl, JsonSchema, OptionsValidator, RequestValidator, SecretSource, lookup_ignore_case,
};
use idv::profile::{
    ActionPolicy, AfterRejection, Cadence, Capabilities, InputNeed, InputTable, MappingRow, NotStarted,
    ProviderProfile, Surface,
};
use idv::{
    CancelRequest, CheckRequest, Correlation, EraseRequest, Erasure, Error, ErrorKind, FindRequest,
    ImportRequest, Input, Operation, ProviderId, ProviderKind, Redirect, RedirectOutcome, RefreshRequest,
    Result, SessionRef, StartRequest, VendorWord, Verification, VerificationProvider, VerificationSession,
    VerificationStatus, WebhookOutcome, WebhookRequest,
};
use idv_http::{
    AccessGrant, CachedToken, Call, ErrorRules, JsonClient, ReplaySafety, TokenSource, decode,
    invalid_response,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

pub(crate) const KIND: ProviderKind = ProviderKind::from_static("veritas");
pub(crate) const VERDICTS: &[(&str, VerificationStatus)] = &[
    ("none", VerificationStatus::InProgress),
    ("true", VerificationStatus::Approved),
    ("false", VerificationStatus::Rejected),
];
const RULES: ErrorRules = ErrorRules::new();
/// Every case that is opened costs, and nothing recognises a repeated call.
const OPENS: ReplaySafety = ReplaySafety::UnlessProcessed;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    base_url: BaseUrl,
    password: SecretSource,
}

#[derive(Deserialize)]
struct Case {
    number: Number,
    link: Option<String>,
    verdict: Option<String>,
}

/// A number of a case, as text or as JSON number: the same number is the same case.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Text(String),
    Digits(u64),
}

impl Number {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Digits(digits) => digits.to_string(),
        }
    }
}

#[derive(Debug)]
pub(crate) struct VeritasFactory;

#[derive(Debug)]
pub(crate) struct Veritas {
    id: ProviderId,
    profile: ProviderProfile,
    client: JsonClient,
}

/// The exchange of the password for an access token, which all calls share until it expires.
#[derive(Debug)]
struct Tokens {
    client: JsonClient,
    password: SecretString,
}

#[derive(Deserialize)]
struct Token {
    token: SecretString,
    seconds: u64,
}

#[async_trait]
impl TokenSource for Tokens {
    async fn fetch(&self) -> Result<AccessGrant> {
        let call = Call::post(Operation::Check, ReplaySafety::Idempotent, ["tokens"]).endpoint("tokens");
        let call = call.json(&json!({"password": self.password.expose_secret()}))?;
        let token = self.client.send::<Token>(call).await?.body;
        Ok(AccessGrant::new(token.token, Some(Duration::from_secs(token.seconds))))
    }
}

impl Adapter for VeritasFactory {
    type Config = Config;
    type Provider = Veritas;

    const KIND: ProviderKind = KIND;

    fn build(
        &self,
        id: &ProviderId,
        config: &Config,
        validator: &mut OptionsValidator<'_>,
    ) -> Option<Veritas> {
        let password = validator.secret("password", &config.password);
        let client = JsonClient::new(id.clone(), config.base_url.clone(), &RULES, validator.context());
        let client = validator.client(client)?;
        let tokens = CachedToken::new(Tokens { client: client.clone(), password: password? });
        let client = client.with_authorization(Arc::new(tokens));
        Some(Veritas { id: id.clone(), profile: profile(), client })
    }

    fn lint(&self, _: &Config, _: &mut OptionsValidator<'_>) {}

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

fn profile() -> ProviderProfile {
    let inputs = InputTable::new().with(Operation::Start, InputNeed::Required, [Input::LAST_NAME]);
    let rejected = AfterRejection::Retry { cooldown: None, via: None };
    let cadence = Cadence::every(Duration::from_secs(20));
    let actions = ActionPolicy::new(NotStarted::ContinueSession, rejected, cadence);
    let mut profile = ProviderProfile::new(KIND, "Veritas", Capabilities::new(), inputs, actions);
    profile.mapping = VERDICTS
        .iter()
        .map(|(word, status)| MappingRow::status(Surface::CheckStatus, *word, *status))
        .collect();
    profile
}

impl Veritas {
    fn unsupported<T>(&self, operation: Operation) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, "Veritas opens cases and reads them: use `check`"))
    }

    async fn send<T>(&self, call: Call<'_>, read: impl FnOnce(Case) -> Result<T>) -> Result<T> {
        Ok(self.client.send_and_read(call, |text| read(decode(text)?)).await?.body)
    }

    /// The case that an answer names.
    fn named(&self, number: &str) -> Result<SessionRef> {
        self.reference(number).ok_or_else(|| invalid_response("the answer has no usable number"))
    }

    /// The reference of a case: its number, which is made of digits and `-`.
    fn reference(&self, number: &str) -> Option<SessionRef> {
        let plain = number.len() <= 64 && number.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        SessionRef::new(self.id.clone(), number).ok().filter(|_| plain)
    }
}

#[async_trait]
impl VerificationProvider for Veritas {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let rule = self.client.base().url_rule();
        let unused = RequestValidator::start(&self.profile, &self.id, request, rule).finish()?;
        let name = request.last_name.as_ref().map(idv::Pii::expose);
        let call = Call::post(Operation::Start, OPENS, ["cases"]).context(request.context());
        let read = |case: Case| {
            Ok((self.named(&case.number.text())?, self.client.session_url(&case.link.unwrap_or_default())?))
        };
        let (reference, url) =
            self.send(call.json(&json!({"name": name, "reference": request.reference}))?, read).await?;
        let mut session = VerificationSession::new(reference, url);
        session.unused_inputs = unused;
        Ok(session)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let mut validator = RequestValidator::check(&self.profile, &self.id, request);
        if self.reference(request.session.key()).is_none() {
            validator.invalid(Input::SESSION, "must name a case");
        }
        validator.finish()?;
        let path = ["cases", request.session.key()];
        let call = Call::get(Operation::Check, ReplaySafety::Idempotent, path).context(request.context());
        let read = |case: Case| {
            // The verdict of another case, or of none in particular, says nothing about this one.
            if self.named(&case.number.text())? != request.session {
                return Err(Error::new(ErrorKind::Conflict, "the answer is about another case"));
            }
            case.verdict.ok_or_else(|| invalid_response("the answer has no verdict"))
        };
        let word = self.send(call, read).await?;
        let status = lookup_ignore_case(VERDICTS, &word).unwrap_or(VerificationStatus::Unrecognized);
        let next = self.profile.next_action(status);
        let mut found = Verification::new(request.session.clone(), status, VendorWord::new(&word), next);
        found.correlation = Correlation::new().with(Correlation::SESSION_ID, Some(request.session.key()));
        found.ensure_matches(&request.expected)
    }

    async fn refresh(&self, _: &RefreshRequest) -> Result<VerificationSession> {
        self.unsupported(Operation::Refresh)
    }

    async fn find(&self, _: &FindRequest) -> Result<Vec<Verification>> {
        self.unsupported(Operation::Find)
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.unsupported(Operation::Import)
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        self.unsupported(Operation::Cancel)
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        self.unsupported(Operation::Erase)
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.unsupported(Operation::Redirect)
    }

    fn verify_webhook(&self, _: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.unsupported(Operation::Webhook)
    }
}
