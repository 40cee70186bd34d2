//! The provider: the calls to a session API.

mod find;

use async_trait::async_trait;
use http::HeaderValue;
use idv_core::signature::WebhookVerifier;
use idv_core::{
    CancelRequest, CheckRequest, Correlation, EraseRequest, Erasure, Error, ErrorKind, FindRequest,
    ImportRequest, Input, NextAction, Operation, ProviderId, ProviderProfile, Redirect, RedirectClaim,
    RedirectOutcome, RedirectParameters, RedirectUrl, RefreshRequest, RequestValidator, Result, SessionLink,
    SessionRef, SessionUrl, StartRequest, VendorWord, Verification, VerificationProvider,
    VerificationSession, VerificationStatus, WebhookOutcome, WebhookRequest,
};
use idv_http::json::{Found, Node};
use idv_http::{Call, JsonClient, ReplaySafety, invalid_response};

use crate::spec::ApiSpec;
use crate::spec::create_body::CreateBody;
use crate::wire::Record;
use crate::{mapping, wire};

/// Every create call that is processed may mail, text and charge.
const CREATES: ReplaySafety = ReplaySafety::UnlessProcessed;

/// An instance of a session API.
#[derive(Debug)]
pub struct SessionApiProvider {
    id: ProviderId,
    pub(crate) profile: ProviderProfile,
    pub(crate) parts: Parts,
}

/// The parts of an instance.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) client: JsonClient,
    pub(crate) spec: ApiSpec,
    pub(crate) key: HeaderValue,
    pub(crate) workflow: Option<String>,
    pub(crate) webhooks: Option<Box<dyn WebhookVerifier>>,
}

impl SessionApiProvider {
    pub(crate) fn new(id: ProviderId, mut profile: ProviderProfile, parts: Parts) -> Self {
        profile.system = Some(parts.client.base().authority().to_owned());
        profile.default_workflow.clone_from(&parts.workflow);
        Self { id, profile, parts }
    }

    /// Makes a call, and reads the answer where it lies.
    pub(crate) async fn send<T>(
        &self,
        call: Call<'_>,
        read: impl FnOnce(&Node<'_>) -> Result<T>,
    ) -> Result<T> {
        let call = call.header(self.parts.spec.key_header.clone(), self.parts.key.clone());
        let read = |text: &str| read(&Node::parse(text)?);
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    /// The reference of an id in an answer.
    pub(crate) fn reference(&self, id: &str) -> Result<SessionRef> {
        let session = Some(id).filter(|id| mapping::is_session(id));
        let session = session.and_then(|id| SessionRef::new(self.id.clone(), id).ok());
        session.ok_or_else(|| invalid_response("the session id in the vendor's answer cannot be used"))
    }

    /// The body of a create call.
    fn create_body<'a>(
        &'a self,
        request: &'a StartRequest,
        redirect_url: Option<&'a RedirectUrl>,
    ) -> CreateBody<'a> {
        let workflow = self.parts.workflow.as_deref();
        CreateBody { create: &self.parts.spec.create, workflow, request, redirect_url }
    }

    fn session(&self, answer: &Node<'_>) -> Result<VerificationSession> {
        let create = &self.parts.spec.create;
        let client = &self.parts.client;
        let reference = self.reference(&create.id.required(create.id.id(answer))?)?;
        let url = client.session_url(&create.url.required(create.url.text(answer))?)?;
        let mut session = VerificationSession::new(reference, url);
        let links = create.links.list(answer).given().unwrap_or_default();
        session.links = links
            .into_iter()
            .filter_map(wire::link)
            .filter_map(|(url, kind)| {
                let url = SessionUrl::parse(&url, client.base().url_rule()).ok()?;
                Some(SessionLink::new(url, kind.as_deref().map(VendorWord::new)))
            })
            .collect();
        Ok(session)
    }

    pub(crate) fn verification(
        &self,
        reference: SessionRef,
        record: &Record<'_>,
        next: impl FnOnce(VerificationStatus) -> NextAction,
    ) -> Result<Verification> {
        let spec = &self.parts.spec;
        let (status, word, reasons) = spec.record.status.required(spec.vocabulary.read(record))?;
        let external =
            if let Found::Given(reference) = &record.reference { Some(&**reference) } else { None };
        let correlation = Correlation::new()
            .with(Correlation::SESSION_ID, Some(reference.key()))
            .with(Correlation::EXTERNAL_ID, external);
        let mut verification = Verification::new(reference, status, word, next(status));
        verification.reasons = reasons;
        verification.updated_at = record.updated_at;
        verification.correlation = correlation;
        Ok(verification)
    }

    /// Reads the answer to a check. A session without its id is no session: error envelopes have statuses, too.
    fn checked(&self, session: &SessionRef, answer: &Node<'_>) -> Result<Verification> {
        let places = &self.parts.spec.record;
        let record = places.read(answer)?;
        let read = self.verification(session.clone(), &record, |status| self.profile.next_action(status))?;
        if places.id.required(record.id)? != session.key() {
            return Err(Error::new(ErrorKind::Conflict, "the vendor answered for another session"));
        }
        Ok(read)
    }

    /// Ends a review that also looks at the key of a reference.
    fn admit(mut validator: RequestValidator, session: &SessionRef) -> Result<()> {
        if !mapping::is_session(session.key()) {
            validator.invalid(Input::SESSION, "must name a session id that this adapter made");
        }
        validator.finish().map(drop)
    }

    fn claimed(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        let Some(back) = &self.parts.spec.redirect else {
            let message = "this vendor's return URLs carry no status: use `check` or webhooks";
            return Err(Error::unsupported(&self.id, Operation::Redirect, message));
        };
        Self::admit(RequestValidator::redirect(&self.id, redirect.expected), redirect.expected)?;
        let said = RedirectParameters::read(redirect, &back.names)?;
        let claim = back.claims.meaning(&said.status, said.reason.as_deref());
        let claim = claim.unwrap_or(RedirectClaim::Unrecognized);
        let mut outcome =
            RedirectOutcome::new(redirect.expected.clone(), claim, VendorWord::new(&said.status));
        outcome.reason = said.reason.as_deref().map(|word| mapping::reason(&back.reasons, word));
        outcome.provider_reason = said.reason.as_deref().map(VendorWord::new);
        Ok(outcome)
    }
}

#[async_trait]
impl VerificationProvider for SessionApiProvider {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let create = &self.parts.spec.create;
        let rule = self.parts.client.base().url_rule();
        let mut validator = RequestValidator::start(&self.profile, &self.id, request, rule);
        let uninvited = create.lacks(request.invites);
        if uninvited && request.musts.contains(&Input::INVITES) {
            validator.invalid(Input::INVITES, "must be of a kind that this vendor sends");
        }
        if let Some(back) = &self.parts.spec.redirect {
            validator.reserve(&back.names);
        }
        let redirect_url = validator.redirect_url().cloned();
        let mut unused = validator.finish()?;
        unused.extend(uninvited.then_some(Input::INVITES));
        let call = Call::post(Operation::Start, CREATES, create.path.segments()).context(request.context());
        let call = call.json(&self.create_body(request, redirect_url.as_ref()))?;
        let mut session = self.send(call, |answer| self.session(answer)).await?;
        session.unused_inputs = unused;
        Ok(session)
    }

    async fn refresh(&self, _: &RefreshRequest) -> Result<VerificationSession> {
        let message = "a session keeps its one link: reopen that, or start anew, which makes another session";
        Err(Error::unsupported(&self.id, Operation::Refresh, message))
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        Self::admit(RequestValidator::check(&self.profile, &self.id, request), &request.session)?;
        let call = Call::get(
            Operation::Check,
            ReplaySafety::Idempotent,
            self.parts.spec.read.of(request.session.key()),
        );
        let checked = |answer: &Node<'_>| self.checked(&request.session, answer);
        self.send(call.context(request.context()), checked).await?.ensure_matches(&request.expected)
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        let Some(find) = &self.parts.spec.find else {
            let message = "this vendor lists no sessions by the caller's reference: use `check`";
            return Err(Error::unsupported(&self.id, Operation::Find, message));
        };
        RequestValidator::find(&self.id, request).finish()?;
        self.sessions_of(find, request).await
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        let message = "this vendor takes over no verification that was made elsewhere: use `start`";
        Err(Error::unsupported(&self.id, Operation::Import, message))
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        let message = "no call that withdraws a session is described for this vendor: let it expire";
        Err(Error::unsupported(&self.id, Operation::Cancel, message))
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        let message = "no call that deletes data is described for this vendor: ask its support";
        Err(Error::unsupported(&self.id, Operation::Erase, message))
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.claimed(redirect).map_err(|error| error.with_provider(self.id.clone()))
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        let Some(spec) = &self.parts.spec.webhook else {
            let message = "this vendor sends no webhooks: use `check`";
            return Err(Error::unsupported(&self.id, Operation::Webhook, message));
        };
        match &self.parts.webhooks {
            Some(verifier) => {
                spec.read(&self.id, &**verifier, &self.parts.spec.vocabulary, &self.profile, request)
            }
            None => Err(Error::no_webhook_secrets()),
        }
        .map_err(|error| error.with_provider(self.id.clone()))
    }
}
