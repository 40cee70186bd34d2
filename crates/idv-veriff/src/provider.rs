//! The provider: the calls to Veriff.

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use idv_core::{
    BuildContext, CallContext, CancelRequest, CheckRequest, Correlation, EraseRequest, Erasure, ErasureState,
    Error, ErrorKind, Expiry, FindRequest, ImportRequest, Input, Operation, ProviderId, ProviderProfile,
    Redirect, RedirectOutcome, RefreshRequest, RequestValidator, Result, SessionRef, StartRequest,
    Verification, VerificationProvider, VerificationSession, VerificationStatus as Status, WebhookOutcome,
    WebhookRequest,
};
use idv_http::{Call, JsonClient, ReplaySafety, invalid_response, now};

use crate::auth::Keys;
use crate::profile::{END_USER_ID, LINK_LIFETIME};
use crate::wire::{self, Attempt, Decision};
use crate::{identity, mapping, webhook};

const SESSIONS: [&str; 2] = ["v1", "sessions"];

/// A Veriff instance.
#[derive(Debug)]
pub struct VeriffProvider {
    id: ProviderId,
    profile: ProviderProfile,
    parts: Parts,
}

/// The parts of an instance.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) client: JsonClient,
    pub(crate) keys: Arc<Keys>,
    pub(crate) context: BuildContext,
}

impl VeriffProvider {
    pub(crate) fn new(id: ProviderId, mut profile: ProviderProfile, parts: Parts) -> Self {
        profile.system = Some(parts.client.base().authority().to_owned());
        Self { id, profile, parts }
    }

    fn reference(&self, session: &str) -> Result<SessionRef> {
        let reference =
            SessionRef::new(self.id.clone(), session).ok().filter(|_| mapping::is_session(session));
        reference.ok_or_else(|| invalid_response("the session id in the vendor's answer is no UUID"))
    }

    /// Ends a validation that also looks at the session id.
    fn admit(mut validator: RequestValidator, session: &SessionRef) -> Result<()> {
        if !mapping::is_session(session.key()) {
            validator.invalid(Input::SESSION, "must be a session id of Veriff, a UUID");
        }
        validator.finish().map(drop)
    }

    /// A call about a session. It is signed by the id, because it has no body.
    fn about<'a>(&self, call: Call<'a>, session: &'a SessionRef, context: &CallContext) -> Call<'a> {
        call.segment(session.key()).sign(session.key()).context(context)
    }

    /// The decision and its attempt, where there is one.
    async fn decision(
        &self,
        session: &SessionRef,
        with_identity: bool,
        context: &CallContext,
    ) -> Result<Option<(Verification, Option<String>)>> {
        let call = Call::get(Operation::Check, ReplaySafety::Idempotent, SESSIONS).endpoint("decision");
        let call = self.about(call, session, context).segment("decision");
        let read = |text: &str| {
            let Some(own) = wire::decision(text)? else { return Ok(None) };
            let decision = Decision::of(&own)?;
            let mut decided = self.decided(session, &decision)?;
            if with_identity {
                decided = decided.with_identity(identity::of(&own));
            }
            Ok(Some((decided, decision.attempt.map(Cow::into_owned))))
        };
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    fn decided(&self, session: &SessionRef, decision: &Decision<'_>) -> Result<Verification> {
        if !decision.id.eq_ignore_ascii_case(session.key()) {
            return Err(Error::new(ErrorKind::Conflict, "the vendor answered about another session"));
        }
        let (status, word) = mapping::status(&decision.status);
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(session.clone(), status, word, next);
        verification.reasons = decision.reason_code.as_deref().map(mapping::reason).into_iter().collect();
        verification.updated_at = decision.at;
        verification.correlation = Correlation::new()
            .with(Correlation::SESSION_ID, Some(session.key()))
            .with(Correlation::EXTERNAL_ID, decision.vendor_data.as_deref());
        Ok(verification)
    }

    /// The latest attempt: Veriff says there alone how far the applicant is.
    async fn latest_attempt(&self, session: &SessionRef, context: &CallContext) -> Result<Option<Attempt>> {
        let call = Call::get(Operation::Check, ReplaySafety::Idempotent, SESSIONS).endpoint("attempts");
        let call = self.about(call, session, context).segment("attempts");
        Ok(self.parts.client.send_and_read(call, wire::latest_attempt).await?.body)
    }

    /// How far the applicant is, before there is a decision.
    async fn progress(&self, session: &SessionRef, context: &CallContext) -> Result<Verification> {
        let latest = self.latest_attempt(session, context).await?;
        // A session without an attempt was not opened.
        let (word, at) = latest.map_or(("created".to_owned(), None), |latest| (latest.status, latest.at));
        let (status, word) = mapping::status(&word);
        // A decision that came between the two calls has its reasons in the next check.
        let status = if status.is_decision() { Status::InReview } else { status };
        let mut verification =
            Verification::new(session.clone(), status, word, self.profile.next_action(status));
        verification.updated_at = at;
        verification.correlation = Correlation::new().with(Correlation::SESSION_ID, Some(session.key()));
        Ok(verification)
    }

    /// How far the applicant is with the try after the one that has to be repeated, whose decision stays until the next one.
    async fn tried_again(
        &self,
        decided: Verification,
        attempt: Option<&str>,
        context: &CallContext,
    ) -> Result<Verification> {
        let latest = self.latest_attempt(&decided.reference, context).await?;
        let Some(latest) = latest.filter(|latest| latest.id.is_some() && latest.id.as_deref() != attempt)
        else {
            return Ok(decided);
        };
        let (status, word) = mapping::status(&latest.status);
        if !matches!(status, Status::InProgress | Status::InReview) {
            return Ok(decided);
        }
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(decided.reference, status, word, next);
        verification.updated_at = latest.at;
        verification.correlation = decided.correlation;
        Ok(verification)
    }

    fn unsupported<T>(&self, operation: Operation, message: &'static str) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, message))
    }
}

#[async_trait]
impl VerificationProvider for VeriffProvider {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let rule = self.parts.client.base().url_rule();
        let mut validator = RequestValidator::start(&self.profile, &self.id, request, rule);
        let end_user = request.attributes.get(END_USER_ID.as_str());
        if end_user.is_some_and(|id| !mapping::is_session(id.expose())) {
            validator.invalid(END_USER_ID, "must be a UUID");
        }
        let callback = validator.redirect_url().map(|url| url.expose().to_owned());
        let unused = validator.finish()?;
        let call = Call::post(Operation::Start, ReplaySafety::UnlessProcessed, SESSIONS)
            .endpoint("create session")
            .context(request.context())
            .json(&wire::NewSession::of(request, callback.as_deref()))?;
        let sent_at = self.parts.context.clock.now();
        let read = |text: &str| {
            let session = wire::Session::read(text)?;
            if session.vendor_data.as_deref().is_some_and(|data| data != request.reference) {
                return Err(invalid_response("the session in the vendor's answer is of another reference"));
            }
            let url = self.parts.client.session_url(&session.url)?;
            Ok(VerificationSession::new(self.reference(&session.id)?, url))
        };
        let mut session = self.parts.client.send_and_read(call, read).await?.body;
        session.expires_at = Some(Expiry::documented(sent_at.saturating_add(LINK_LIFETIME)));
        session.unused_inputs = unused;
        Ok(session)
    }

    async fn refresh(&self, _: &RefreshRequest) -> Result<VerificationSession> {
        let message =
            "a link of Veriff stays good for seven days or until a decision: reopen it, or use `start`";
        self.unsupported(Operation::Refresh, message)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        Self::admit(RequestValidator::check(&self.profile, &self.id, request), &request.session)?;
        let mut context = request.context().clone();
        context.begin(now());
        let found = match self.decision(&request.session, request.identity, &context).await? {
            Some((decided, attempt)) if decided.status == Status::ResubmissionRequired => {
                self.tried_again(decided, attempt.as_deref(), &context).await?
            }
            Some((decided, _)) => decided,
            None => self.progress(&request.session, &context).await?,
        };
        found.ensure_matches(&request.expected)
    }

    async fn find(&self, _: &FindRequest) -> Result<Vec<Verification>> {
        self.unsupported(Operation::Find, "Veriff finds no session by the caller's reference: use `check`")
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.unsupported(Operation::Import, "Veriff takes over no verification made elsewhere: use `start`")
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        self.unsupported(
            Operation::Cancel,
            "Veriff withdraws no session: let its link expire, or use `erase`",
        )
    }

    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        let session = &request.session;
        Self::admit(RequestValidator::erase(&self.profile, &self.id, request), session)?;
        let call =
            Call::delete(Operation::Erase, ReplaySafety::Idempotent, SESSIONS).endpoint("delete session");
        let call = self.about(call, session, request.context());
        let answer = self.parts.client.send_and_read(call, wire::deleted).await;
        let state = match answer {
            Ok(answer) if answer.body.eq_ignore_ascii_case(session.key()) => ErasureState::Accepted,
            Ok(_) => {
                return Err(Error::new(ErrorKind::Conflict, "the vendor answered about another session"));
            }
            // A wrong address is answered 404 as well, and not by Veriff.
            Err(error) if error.kind() == ErrorKind::NotFound && error.code().is_some() => {
                ErasureState::AlreadyGone
            }
            Err(error) => return Err(error),
        };
        Ok(Erasure::new(session.clone(), state))
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        let message = "Veriff documents no parameters of its return URL: use `check` or webhooks";
        self.unsupported(Operation::Redirect, message)
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        webhook::read(&self.id, &self.parts.keys, &self.profile, request)
            .map_err(|error| error.with_provider(self.id.clone()))
    }
}
