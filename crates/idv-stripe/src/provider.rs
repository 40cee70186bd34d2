//! The provider: the calls to Stripe.

use std::collections::BTreeSet;

use async_trait::async_trait;
use http::{HeaderName, HeaderValue, Method};
use idv_core::signature::TimestampedHmac;
use idv_core::{
    AccessToken, BuildContext, CallContext, CancelRequest, CheckRequest, Correlation, EraseRequest, Erasure,
    ErasureState, Error, ErrorKind, Expiry, FindRequest, Handoff, ImportRequest, Input, Operation,
    ProviderId, ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, RequestValidator, Result, Retry,
    SessionRef, StartRequest, Verification, VerificationProvider, VerificationSession,
    VerificationStatus as Status, WebhookOutcome, WebhookRequest,
};
use idv_http::{Call, JsonClient, ReplaySafety, invalid_response, now};

use crate::auth::{Keys, Mode};
use crate::profile::{LINK_LIFETIME, SECRET_LIFETIME};
use crate::webhook::Own;
use crate::wire::{NewSession, Page, Session, Wanted};
use crate::{StripeConfig, identity, mapping};

const SESSIONS: [&str; 3] = ["v1", "identity", "verification_sessions"];
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The longest page of a list (docs.stripe.com, "List VerificationSessions"), and the most pages that are read.
const PAGE: &str = "100";
const MOST_PAGES: usize = 20;

/// An instance of Stripe Identity.
#[derive(Debug)]
pub struct StripeProvider {
    id: ProviderId,
    profile: ProviderProfile,
    parts: Parts,
}

/// The parts of an instance.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) client: JsonClient,
    pub(crate) keys: Keys,
    pub(crate) mode: Option<Mode>,
    pub(crate) config: StripeConfig,
    pub(crate) webhooks: Option<TimestampedHmac>,
    pub(crate) context: BuildContext,
}

impl StripeProvider {
    pub(crate) fn new(id: ProviderId, mut profile: ProviderProfile, parts: Parts) -> Self {
        profile.system = Some(parts.client.base().authority().to_owned());
        Self { id, profile, parts }
    }

    /// Ends a validation that also looks at the session id.
    fn admit(mut validator: RequestValidator, session: &SessionRef) -> Result<()> {
        if !mapping::is_session(session.key()) {
            validator.invalid(Input::SESSION, "must be a session id of Stripe Identity, `vs_…`");
        }
        validator.finish().map(drop)
    }

    /// The check of a start: the flow that it names, else what is configured.
    fn wanted<'a>(&'a self, request: &'a StartRequest) -> Wanted<'a> {
        let config = &self.parts.config;
        match request.workflow.as_deref().or(config.workflow_id.as_deref()) {
            Some(flow) => Wanted::Flow(flow),
            None => Wanted::Check(config.verification_type.unwrap_or_default(), config.document.as_ref()),
        }
    }

    /// A call to the sessions, with the key. All may be repeated: a read, a start under its key, and a change that ends alike.
    fn call<'a>(&self, method: Method, operation: Operation, context: &CallContext) -> Call<'a> {
        let call = Call::new(method, operation, ReplaySafety::Idempotent, SESSIONS).context(context);
        self.parts.keys.authorize(call)
    }

    /// A read of a session.
    fn retrieve<'a>(&self, operation: Operation, session: &'a SessionRef, context: &CallContext) -> Call<'a> {
        self.call(Method::GET, operation, context).endpoint("retrieve session").segment(session.key())
    }

    /// A change of a session, which has no body.
    fn change<'a>(
        &self,
        operation: Operation,
        session: &'a SessionRef,
        context: &CallContext,
        verb: &'static str,
    ) -> Call<'a> {
        self.call(Method::POST, operation, context).endpoint(verb).segment(session.key()).segment(verb)
    }

    /// Sends a call about a session, and refuses an answer about another one.
    async fn answered<T>(
        &self,
        call: Call<'_>,
        session: &SessionRef,
        read: impl FnOnce(&Session<'_>) -> Result<T>,
    ) -> Result<T> {
        let read = |text: &str| {
            let found = Session::read(text)?;
            found.ensure(Some(session.key()), self.parts.mode)?;
            read(&found)
        };
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    /// The link, and the client secret where it is wanted. Both are there as long as the session needs input.
    fn handoff(&self, session: &Session<'_>) -> Result<Handoff> {
        let url = self.parts.client.session_url(&session.own.required_text("url")?)?;
        let token = match self.parts.config.embed {
            true => Some(AccessToken::from(&*session.own.required_text("client_secret")?)),
            false => None,
        };
        Ok(Handoff::from(url).with_token(token))
    }

    /// The end of a link that is asked for now: Stripe does not tell it.
    fn expiry(&self) -> Expiry {
        let lifetime = if self.parts.config.embed { SECRET_LIFETIME } else { LINK_LIFETIME };
        Expiry::documented(self.parts.context.clock.now().saturating_add(lifetime))
    }

    fn opened(reference: SessionRef, handoff: Handoff, expires_at: Option<Expiry>) -> VerificationSession {
        let mut session = VerificationSession::new(reference, handoff);
        session.expires_at = expires_at;
        session.single_use = true;
        session
    }

    fn reference(&self, session: &Session<'_>) -> Result<SessionRef> {
        let reference =
            SessionRef::new(self.id.clone(), &session.id).ok().filter(|_| mapping::is_session(&session.id));
        reference.ok_or_else(|| invalid_response("the session id in the vendor's answer is not `vs_…`"))
    }

    fn read(&self, session: &Session<'_>) -> Result<Verification> {
        let (status, word, reasons) = mapping::read(&session.status, session.last_error());
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(self.reference(session)?, status, word, next);
        verification.reasons = reasons;
        verification.correlation = Correlation::new()
            .with(Correlation::SESSION_ID, Some(&session.id))
            .with(Correlation::EXTERNAL_ID, session.reference.as_deref());
        Ok(verification)
    }

    /// One page of the sessions of a reference, after the last one of the page before; and the last one of this page, where the
    /// list goes on.
    async fn page(
        &self,
        request: &FindRequest,
        context: &CallContext,
        after: Option<&str>,
    ) -> Result<(Vec<Verification>, Option<String>)> {
        let call = self
            .call(Method::GET, Operation::Find, context)
            .endpoint("list sessions")
            .query("client_reference_id", &request.reference)
            .query("limit", PAGE);
        let call = after.into_iter().fold(call, |call, after| call.query("starting_after", after));
        let read = |text: &str| {
            let page = Page::read(text)?;
            let last = page.sessions.last().map(|session| session.id.as_ref().to_owned());
            let mut found = Vec::with_capacity(page.sessions.len());
            for session in page.sessions {
                session.ensure(None, self.parts.mode)?;
                let verification = self.read(&session)?;
                let Some(reference) = &session.reference else {
                    return Err(invalid_response("a session in the vendor's list has no reference"));
                };
                found.extend((*reference == *request.reference).then_some(verification));
            }
            match (page.has_more, last) {
                (true, None) => Err(invalid_response("the vendor's list goes on after an empty page")),
                (has_more, last) => Ok((found, last.filter(|_| has_more))),
            }
        };
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    fn unsupported<T>(&self, operation: Operation, message: &'static str) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, message))
    }
}

/// The error of a start. What the vendor gave up may have made a session all the same, which a search finds.
fn started(error: Error) -> Error {
    match (error.kind(), error.retry()) {
        (ErrorKind::Unavailable, Retry::Never) => error.with_retry(Retry::AfterCheck),
        _ => error,
    }
}

#[async_trait]
impl VerificationProvider for StripeProvider {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let rule = self.parts.client.base().url_rule();
        let validator = RequestValidator::start(&self.profile, &self.id, request, rule);
        let back = validator.redirect_url().map(|url| url.expose().to_owned());
        let unused = validator.finish()?;
        let minted = || self.parts.context.random.idempotency_key();
        let key = request.context().idempotency_key().map_or_else(minted, str::to_owned);
        let key = HeaderValue::from_str(&key).map_err(|_| {
            Error::new(ErrorKind::InvalidRequest, "the idempotency key cannot stand in a header")
        })?;
        let call = self
            .call(Method::POST, Operation::Start, request.context())
            .endpoint("create session")
            .header(IDEMPOTENCY_KEY, key)
            .nested_form(&NewSession::of(request, self.wanted(request), back.as_deref()))?;
        let read = |text: &str| {
            let made = Session::read(text)?;
            made.ensure(None, self.parts.mode)?;
            if made.reference.as_deref().is_some_and(|reference| reference != request.reference) {
                return Err(invalid_response("the session in the vendor's answer is of another reference"));
            }
            Ok((self.reference(&made)?, self.handoff(&made)?))
        };
        let expiry = self.expiry();
        let answer = self.parts.client.send_and_read(call, read).await.map_err(started)?;
        // The link of an answer that was given before can be opened or expired already.
        let is_replayed = answer.header_is_true(&REPLAYED);
        let (reference, handoff) = answer.body;
        let mut session = Self::opened(reference, handoff, (!is_replayed).then_some(expiry));
        session.unused_inputs = unused;
        Ok(session)
    }

    /// A read: it gives a fresh link, as long as the session needs input.
    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let session = &request.session;
        Self::admit(RequestValidator::refresh(&self.profile, &self.id, request), session)?;
        let expiry = self.expiry();
        let read = |found: &Session<'_>| match mapping::read(&found.status, found.last_error()).0 {
            Status::InReview | Status::Approved | Status::Cancelled => Err(Error::new(
                ErrorKind::Conflict,
                "the session needs no input, so the vendor gives no link of it",
            )),
            _ => Ok(Self::opened(session.clone(), self.handoff(found)?, Some(expiry))),
        };
        self.answered(self.retrieve(Operation::Refresh, session, request.context()), session, read).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        Self::admit(RequestValidator::check(&self.profile, &self.id, request), &request.session)?;
        let mut expanded = Vec::new();
        if request.identity {
            expanded.extend(identity::EXPANDED);
            if self.parts.config.sensitive_results {
                expanded.extend(identity::SENSITIVE);
            }
        }
        let read = |session: &Session<'_>| {
            let found = self.read(session)?;
            Ok(match request.identity && session.redaction.is_none() {
                true => found.with_identity(identity::of(&session.own)),
                false => found,
            })
        };
        let call = self.retrieve(Operation::Check, &request.session, request.context());
        let call = expanded.into_iter().fold(call, |call, member| call.query("expand[]", member));
        self.answered(call, &request.session, read).await?.ensure_matches(&request.expected)
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        RequestValidator::find(&self.id, request).finish()?;
        let mut context = request.context().clone();
        context.begin(now());
        let (mut found, mut after, mut known) = (Vec::new(), None, BTreeSet::new());
        for _ in 0..MOST_PAGES {
            let (sessions, last) = self.page(request, &context, after.as_deref()).await?;
            // A session that is listed twice is the same one.
            found.extend(sessions.into_iter().filter(|one| known.insert(one.reference.clone())));
            if last.is_none() {
                return Ok(found);
            }
            if last == after {
                break;
            }
            after = last;
        }
        Err(invalid_response("the vendor's list of sessions does not end")
            .with_delivery(idv_core::Delivery::Answered)
            .with_provider(self.id.clone())
            .with_operation(Operation::Find))
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.unsupported(Operation::Import, "Stripe takes over no verification made elsewhere: use `start`")
    }

    /// Stripe forgets the error of a session that it cancels, so it is read before.
    async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        let session = &request.session;
        Self::admit(RequestValidator::cancel(&self.profile, &self.id, request), session)?;
        let mut context = request.context().clone();
        context.begin(now());
        let read = |found: &Session<'_>| match self.read(found)? {
            before if before.status == Status::Approved => {
                Err(Error::new(ErrorKind::Conflict, "a session that is verified cannot be cancelled"))
            }
            before => Ok(before),
        };
        let call = self.retrieve(Operation::Cancel, session, &context);
        let before = self.answered(call, session, read).await?;
        if before.status == Status::Cancelled {
            return Ok(before);
        }
        let read = |found: &Session<'_>| match self.read(found)? {
            after if after.status == Status::Cancelled => Ok(after),
            _ => Err(invalid_response("the vendor's answer does not say that the session is canceled")),
        };
        let call = self.change(Operation::Cancel, session, &context, "cancel");
        let mut cancelled = self.answered(call, session, read).await?;
        cancelled.reasons = before.reasons;
        Ok(cancelled)
    }

    /// A deletion that was asked for before is read, and not asked for again.
    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        let session = &request.session;
        Self::admit(RequestValidator::erase(&self.profile, &self.id, request), session)?;
        let mut context = request.context().clone();
        context.begin(now());
        let call = self.retrieve(Operation::Erase, session, &context);
        let state = match self.answered(call, session, |found| Ok(found.redaction)).await? {
            Some(state) => state,
            None => {
                let call = self.change(Operation::Erase, session, &context, "redact");
                self.answered(call, session, redacted).await?
            }
        };
        Ok(Erasure::new(session.clone(), state))
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        let message = "Stripe appends nothing to the return URL that can be read: use `check` or webhooks";
        self.unsupported(Operation::Redirect, message)
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        let Parts { webhooks, mode, config, .. } = &self.parts;
        let own = Own {
            provider: &self.id,
            profile: &self.profile,
            mode: *mode,
            account: config.account.as_deref(),
        };
        match webhooks {
            Some(keys) => own.read(keys, request),
            None => Err(Error::no_webhook_secrets()),
        }
        .map_err(|error| error.with_provider(self.id.clone()))
    }
}

fn redacted(session: &Session<'_>) -> Result<ErasureState> {
    session
        .redaction
        .ok_or_else(|| invalid_response("the vendor's answer does not say that the data is deleted"))
}
