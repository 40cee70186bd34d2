//! The adapter: the calls of Lumen as a `VerificationProvider`.

use async_trait::async_trait;
use http::{HeaderName, HeaderValue};
use idv::adapter::{Adapter, JsonSchema, OptionsValidator, RequestValidator, lookup_ignore_case};
use idv::profile::ProviderProfile;
use idv::{
    CancelRequest, CheckRequest, EraseRequest, Erasure, Error, ErrorKind, FindRequest, ImportRequest, Input,
    Operation, Pii, ProviderId, ProviderKind, Redirect, RedirectOutcome, RefreshRequest, Result, SessionRef,
    StartRequest, VendorWord, Verification, VerificationProvider, VerificationSession, VerificationStatus,
    WebhookOutcome, WebhookRequest,
};
use idv_http::{Call, ErrorRules, JsonClient, ReplaySafety, decode};
use serde::Deserialize;
use serde_json::json;

use crate::settings::{Config, KIND, WORDS, profile};

const RULES: ErrorRules = ErrorRules::new();

/// Builds the provider from its options.
#[derive(Debug)]
pub(crate) struct LumenAdapter;

#[derive(Debug)]
pub(crate) struct Lumen {
    id: ProviderId,
    profile: ProviderProfile,
    client: JsonClient,
    /// Marked as sensitive, so no `Debug` shows it.
    key: HeaderValue,
}

#[derive(Deserialize)]
struct Opened {
    case: String,
    page: String,
}

#[derive(Deserialize)]
struct Case {
    case: String,
    word: String,
}

impl Adapter for LumenAdapter {
    type Config = Config;
    type Provider = Lumen;

    const KIND: ProviderKind = KIND;

    fn build(&self, id: &ProviderId, config: &Config, validator: &mut OptionsValidator<'_>) -> Option<Lumen> {
        let key = validator.secret_header("api_key", &config.api_key, "");
        let client = JsonClient::new(id.clone(), config.base_url.clone(), &RULES, validator.context());
        let client = validator.client(client)?;
        Some(Lumen { id: id.clone(), profile: profile(), client, key: key? })
    }

    fn lint(&self, _: &Config, _: &mut OptionsValidator<'_>) {}

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

impl Lumen {
    fn unsupported<T>(&self, operation: Operation) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, "Lumen opens cases and reads them: use `check`"))
    }

    /// Sends a call once. The registry's layers repeat it, where the error and the kind of call allow that.
    async fn send<T>(&self, call: Call<'_>, read: impl FnOnce(&str) -> Result<T>) -> Result<T> {
        let call = call.header(HeaderName::from_static("x-lumen-key"), self.key.clone());
        Ok(self.client.send_and_read(call, read).await?.body)
    }
}

#[async_trait]
impl VerificationProvider for Lumen {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        // All problems of the request at once, and before anything is sent.
        let rule = self.client.base().url_rule();
        let unused = RequestValidator::start(&self.profile, &self.id, request, rule).finish()?;
        let name = request.last_name.as_ref().map(Pii::expose);
        // A case that is opened twice costs twice, so a lost answer is not followed by another try.
        let call =
            Call::post(Operation::Start, ReplaySafety::UnlessProcessed, ["cases"]).context(request.context());
        let call = call.json(&json!({ "surname": name, "reference": request.reference }))?;
        let read = |text: &str| {
            let opened: Opened = decode(text)?;
            let reference = SessionRef::new(self.id.clone(), &opened.case)
                .map_err(|_| idv_http::invalid_response("the answer has no usable case"))?;
            Ok((reference, self.client.session_url(&opened.page)?))
        };
        let (reference, page) = self.send(call, read).await?;
        let mut session = VerificationSession::new(reference, page);
        session.unused_inputs = unused;
        Ok(session)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let key = request.session.key();
        let mut validator = RequestValidator::check(&self.profile, &self.id, request);
        if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            validator.invalid(Input::SESSION, "must name a case");
        }
        validator.finish()?;
        let path = ["cases", key];
        let call = Call::get(Operation::Check, ReplaySafety::Idempotent, path).context(request.context());
        let read = |text: &str| match decode::<Case>(text)? {
            case if case.case == key => Ok(case.word),
            // The word of another case says nothing about this one.
            _ => Err(Error::new(ErrorKind::Conflict, "the answer is about another case")),
        };
        let word = self.send(call, read).await?;
        let status = lookup_ignore_case(WORDS, &word).unwrap_or(VerificationStatus::Unrecognized);
        let next = self.profile.next_action(status);
        let found = Verification::new(request.session.clone(), status, VendorWord::new(&word), next);
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
