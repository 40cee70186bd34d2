//! The provider: the calls to nxos.

use async_trait::async_trait;
use http::{HeaderName, HeaderValue};
use idv_core::signature::Svix;
use idv_core::{
    AccessToken, BuildContext, CallContext, CancelRequest, CheckRequest, Correlation, EraseRequest, Erasure,
    Error, ErrorKind, Expiry, FindRequest, Handoff, ImportRequest, Input, Operation, ProviderId,
    ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, RequestValidator, Result, SessionRef,
    StartRequest, Verification, VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};
use idv_http::{Call, JsonClient, ReplaySafety};

use crate::mapping::{self, OwnOrganization};
use crate::profile::TOKEN_LIFETIME;
use crate::{webhook, wire};

const PATH: [&str; 3] = ["v1", "organizations", "verification"];
const ON_BEHALF_OF: HeaderName = HeaderName::from_static("nxos-on-behalf-of");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// An nxos instance.
#[derive(Debug)]
pub struct NxosProvider {
    id: ProviderId,
    profile: ProviderProfile,
    parts: Parts,
}

/// The parts of an instance.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) client: JsonClient,
    pub(crate) authorization: HeaderValue,
    pub(crate) on_behalf_of: Option<String>,
    pub(crate) own: OwnOrganization,
    pub(crate) webhooks: Option<Svix>,
    pub(crate) context: BuildContext,
}

impl NxosProvider {
    pub(crate) fn new(id: ProviderId, mut profile: ProviderProfile, parts: Parts) -> Self {
        profile.system = Some(parts.client.base().authority().to_owned());
        Self { id, profile, parts }
    }

    /// The reference of an organization: of the given one, else of the configured one, else of the key's own.
    fn reference(&self, organization: Option<&str>) -> Result<SessionRef> {
        let organization = organization.or(self.parts.on_behalf_of.as_deref()).unwrap_or(mapping::SELF_KEY);
        SessionRef::new(self.id.clone(), self.parts.own.key(organization))
            .map_err(|error| Error::new(ErrorKind::InvalidRequest, error.to_string()))
    }

    /// Adds the key and the organization that a reference names.
    fn about<'a>(&self, session: &SessionRef, call: Call<'a>) -> Result<Call<'a>> {
        let call = call.header(http::header::AUTHORIZATION, self.parts.authorization.clone());
        if session.key() == mapping::SELF_KEY {
            return Ok(call);
        }
        Ok(call.header(ON_BEHALF_OF, header(session.key())?))
    }

    /// Opens a session, or gets a new token of the one that is open: nxos has one call for both.
    async fn open(
        &self,
        operation: Operation,
        reference: SessionRef,
        context: &CallContext,
    ) -> Result<VerificationSession> {
        let minted = || self.parts.context.random.idempotency_key();
        let key = context.idempotency_key().map_or_else(minted, str::to_owned);
        let call = Call::post(operation, ReplaySafety::Idempotent, PATH).context(context);
        let call = self.about(&reference, call)?.header(IDEMPOTENCY_KEY, header(&key)?);
        let sent_at = self.parts.context.clock.now();
        let client = &self.parts.client;
        let read = |text: &str| {
            let opened = wire::Session::read(text)?;
            let handoff = Handoff::from(client.session_url(&opened.url)?);
            Ok(handoff.with_token(opened.access_token.as_deref().map(AccessToken::from)))
        };
        let answer = client.send_and_read(call, read).await?;
        let is_replayed = answer.header_is_true(&REPLAYED);
        let mut session = VerificationSession::new(reference, answer.body);
        session.expires_at =
            (!is_replayed).then(|| Expiry::estimated(sent_at.saturating_add(TOKEN_LIFETIME)));
        Ok(session)
    }

    fn read(&self, reference: &SessionRef, text: &str) -> Result<Verification> {
        let body = wire::OrganizationVerification::read(text)?;
        let (status, word) = mapping::status(&body.status);
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(reference.clone(), status, word, next);
        verification.subject_kind = body.subject.as_deref().and_then(mapping::subject);
        verification.updated_at = body.updated_at;
        verification.correlation =
            Correlation::new().with(Correlation::ORGANIZATION_ID, self.parts.own.id(reference.key()));
        Ok(verification)
    }

    /// Ends a review that also looks at an organization id.
    fn admit(mut validator: RequestValidator, input: Input, id: Option<&str>) -> Result<Vec<Input>> {
        if id.is_some_and(|id| id != mapping::SELF_KEY && !mapping::is_organization(id)) {
            validator.invalid(input, "must be an organization id: letters, digits, `_` and `-`");
        }
        validator.finish()
    }
}

fn header(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| {
        Error::new(ErrorKind::InvalidRequest, "an id or key has characters that cannot stand in a header")
    })
}

#[async_trait]
impl VerificationProvider for NxosProvider {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let rule = self.parts.client.base().url_rule();
        let validator = RequestValidator::start(&self.profile, &self.id, request, rule);
        let organization = request.organization.as_deref();
        let unused = Self::admit(validator, Input::ORGANIZATION, organization)?;
        let reference = self.reference(organization)?;
        let mut session = self.open(Operation::Start, reference, request.context()).await?;
        session.unused_inputs = unused;
        Ok(session)
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let validator = RequestValidator::refresh(&self.profile, &self.id, request);
        Self::admit(validator, Input::SESSION, Some(request.session.key()))?;
        self.open(Operation::Refresh, request.session.clone(), request.context()).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let validator = RequestValidator::check(&self.profile, &self.id, request);
        Self::admit(validator, Input::SESSION, Some(request.session.key()))?;
        let call = Call::get(Operation::Check, ReplaySafety::Idempotent, PATH).context(request.context());
        let call = self.about(&request.session, call)?;
        let read = |text: &str| self.read(&request.session, text);
        self.parts.client.send_and_read(call, read).await?.body.ensure_matches(&request.expected)
    }

    async fn find(&self, _: &FindRequest) -> Result<Vec<Verification>> {
        let message = "nxos stores no reference of the caller: use `check`";
        Err(Error::unsupported(&self.id, Operation::Find, message))
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        let organization = request.organization.as_deref();
        Self::admit(RequestValidator::import(&self.id, request), Input::ORGANIZATION, organization)?;
        let reference = self.reference(organization)?;
        let path = PATH.into_iter().chain(["import"]);
        let body = wire::Import { share_token: request.share_token.expose() };
        let call = Call::post(Operation::Import, ReplaySafety::SingleUse, path)
            .context(request.context())
            .json(&body)?;
        let call = self.about(&reference, call)?;
        Ok(self.parts.client.send_and_read(call, |text| self.read(&reference, text)).await?.body)
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        let message = "nxos withdraws no verification: let its token expire";
        Err(Error::unsupported(&self.id, Operation::Cancel, message))
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        let message = "nxos deletes no data over its API: ask its support";
        Err(Error::unsupported(&self.id, Operation::Erase, message))
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        let message = "nxos has no return URL: use `check` or webhooks";
        Err(Error::unsupported(&self.id, Operation::Redirect, message))
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        match &self.parts.webhooks {
            Some(keys) => webhook::read(&self.id, keys, &self.parts.own, request),
            None => Err(Error::no_webhook_secrets()),
        }
        .map_err(|error| error.with_provider(self.id.clone()))
    }
}
