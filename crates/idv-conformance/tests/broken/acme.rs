//! An adapter for Acme, with a flaw wherever one is asked for.

mod answers;
mod factory;
mod profile;
mod spoil;
mod steps;
mod tokens;
mod webhooks;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use http::HeaderValue;
use idv_core::signature::HmacHex;
use idv_core::{
    AccessToken, BuildContext, CallContext, CancelRequest, CheckRequest, Delivery, EraseRequest, Erasure,
    ErasureState, Error, ErrorKind, Expiry, FindRequest, Handoff, ImportRequest, Input, Operation,
    ProviderId, ProviderProfile, Redirect, RedirectClaim, RedirectNames, RedirectOutcome, RedirectParameters,
    RefreshRequest, RequestValidator, Result, SessionRef, StartRequest, VendorWord, Verification,
    VerificationProvider, VerificationReason, VerificationSession, VerificationStatus, WebhookOutcome,
    WebhookRequest, lookup_ignore_case,
};
use idv_http::{Call, JsonClient, ReplaySafety, decode, invalid_response, now};
use serde_json::{Value, json};

use crate::flaw::Flaw;
use crate::wire;

pub(crate) use factory::AcmeFactory;

const STATES: &[(&str, VerificationStatus)] = &[
    ("open", VerificationStatus::InProgress),
    ("submitted", VerificationStatus::InReview),
    ("passed", VerificationStatus::Approved),
    ("refused", VerificationStatus::Rejected),
    ("withdrawn", VerificationStatus::Cancelled),
];
const CLAIMS: &[(&str, RedirectClaim)] = &[
    ("done", RedirectClaim::Submitted),
    ("success", RedirectClaim::Submitted),
    ("failed", RedirectClaim::Failed),
];
/// The parameters that Acme appends to the return URL: session, status and reason.
const NAMES: [&str; 3] = ["check", "result", "why"];
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_secs(900);

pub(crate) struct AcmeProvider {
    id: ProviderId,
    profile: ProviderProfile,
    client: JsonClient,
    key: String,
    webhooks: Option<HmacHex>,
    context: BuildContext,
    flaw: Option<Flaw>,
    hosts_a_page: bool,
    in_steps: bool,
    stores_failures: bool,
    has_event_types: bool,
    busy: AtomicBool,
    last: Mutex<Option<SessionRef>>,
}

impl std::fmt::Debug for AcmeProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = self.has(Flaw::PrintsTheKey).then_some(&self.key);
        f.debug_struct("AcmeProvider").field("id", &self.id).field("key", &key).finish_non_exhaustive()
    }
}

impl AcmeProvider {
    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    fn reference(&self, id: &str) -> Result<SessionRef> {
        let plain = id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let reference = SessionRef::new(self.id.clone(), id).ok().filter(|_| plain);
        reference.ok_or_else(|| invalid_response("the answer has no usable id"))
    }

    async fn send<T: serde::de::DeserializeOwned>(&self, call: Call<'_>) -> Result<T> {
        self.send_and_read(call, |text| decode(answers::unmarked(text))).await
    }

    async fn send_and_read<T>(&self, call: Call<'_>, read: impl FnOnce(&str) -> Result<T>) -> Result<T> {
        if self.has(Flaw::StaysBusy) && self.busy.swap(true, Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Unavailable, "busy").with_provider(self.id.clone()));
        }
        let outcome = self.client.send_and_read(call.bearer(&self.key)?, read).await;
        self.busy.store(false, Ordering::SeqCst);
        outcome.map(|answer| answer.body).map_err(|error| self.spoil(error))
    }

    /// What a second link costs, where no key recognises a repeated call.
    fn safety(&self) -> ReplaySafety {
        match self.in_steps {
            true => ReplaySafety::UnlessProcessed,
            false if self.stores_failures => ReplaySafety::UnlessAnswered,
            false => ReplaySafety::Idempotent,
        }
    }

    async fn open(
        &self,
        operation: Operation,
        path: &[&str],
        key: &str,
        body: &Value,
        context: &CallContext,
    ) -> Result<VerificationSession> {
        let header =
            HeaderValue::from_str(key).map_err(|_| Error::new(ErrorKind::InvalidRequest, "the key"))?;
        let call = Call::post(operation, self.safety(), path.iter().copied()).json(body)?.context(context);
        let call = call.header(http::HeaderName::from_static("idempotency-key"), header);
        let sent_at = match self.has(Flaw::UsesTheMachinesClock) {
            true => SystemTime::now().into(),
            false => self.context.clock.now(),
        };
        let read = |text: &str| {
            let opened: wire::Opened = decode(answers::unmarked(text))?;
            let id = opened.id.text.as_deref().unwrap_or_default();
            Ok((self.reference(id)?, self.handoff(&opened)?, opened.expires_in))
        };
        let (reference, handoff, expires_in) = self.send_and_read(call, read).await?;
        if let (true, Some(url)) = (self.has(Flaw::LogsTheLink), handoff.url()) {
            tracing::debug!(url = url.expose(), "opened");
        }
        let mut session = VerificationSession::new(reference, handoff);
        let told = expires_in.filter(|_| !self.has(Flaw::IgnoresExpiries)).map(Duration::from_secs);
        session.expires_at = Some(Expiry::documented(sent_at.saturating_add(told.unwrap_or(TOKEN_LIFETIME))));
        Ok(session)
    }

    /// Looks the check up, and withdraws it.
    async fn withdraw(&self, request: &CancelRequest) -> Result<wire::Check> {
        let key = request.session.key();
        let mut context = request.context().clone();
        context.begin(now());
        let read = |text: &str| self.checked(text, key);
        let call = Call::get(Operation::Cancel, ReplaySafety::Idempotent, ["checks", key]);
        self.send_and_read(call.context(&context), read).await?;
        let path = ["checks", key, "cancel"];
        let call = Call::post(Operation::Cancel, ReplaySafety::Idempotent, path);
        let withdrawn = self.send_and_read(call.context(&context), read).await;
        let is_lost = |error: &Error| error.delivery() == Delivery::Unknown;
        withdrawn.map_err(|error| match self.has(Flaw::CountsTheFirstRequestAlone) && is_lost(&error) {
            true => error.with_delivery(Delivery::NotSent),
            false => error,
        })
    }

    fn handoff(&self, opened: &wire::Opened) -> Result<Handoff> {
        let token = match self.has(Flaw::HandsTheKeyOut) {
            true => Some(AccessToken::from(self.key.as_str())),
            false => opened.token.as_deref().map(AccessToken::from),
        };
        if !self.hosts_a_page {
            return token.map(Handoff::from).ok_or_else(|| invalid_response("the answer has no token"));
        }
        let url = self.client.session_url(opened.url.as_deref().unwrap_or_default())?;
        Ok(Handoff::from(url).with_token(token.filter(|_| !self.has(Flaw::PromisesTokens))))
    }

    fn body(&self, request: &StartRequest) -> Value {
        let email = request.email.as_ref().map(idv_core::Pii::expose);
        // A blank in a URL is encoded by whoever reads it as one.
        let back = request.redirect_url.as_deref().map(|url| match url::Url::parse(url) {
            Ok(read) if !self.has(Flaw::PassesUrlsOn) => read.into(),
            _ => url.to_owned(),
        });
        let invited = self.has(Flaw::InvitesEverybody) || request.invites.email;
        let reference = match self.flaw {
            Some(Flaw::SendsNoReference) => None,
            Some(Flaw::SendsOneReference) => Some("conformance-case-1"),
            _ => Some(request.reference.as_str()),
        };
        json!({"reference": reference, "email": email, "back": back, "invite": invited})
    }

    fn status(&self, word: &str, unknown: Flaw) -> VerificationStatus {
        let known = lookup_ignore_case(STATES, word);
        match known {
            Some(VerificationStatus::InReview)
                if self.has(Flaw::ReadsSubmittedAsApproved) && unknown == Flaw::ApprovesUnknownWords =>
            {
                VerificationStatus::Approved
            }
            None if self.has(unknown) => VerificationStatus::Approved,
            known => known.unwrap_or(VerificationStatus::Unrecognized),
        }
    }
}

/// Whether a return URL has a parameter already whose name Acme appends.
fn appends_a_name_of(url: Option<&str>) -> bool {
    let url = url.and_then(|url| url::Url::parse(url).ok());
    url.is_some_and(|url| url.query_pairs().any(|(name, _)| NAMES.contains(&&*name)))
}

/// Whether Acme answered with this code.
fn is(error: &Error, code: &str) -> bool {
    error.code().is_some_and(|found| found.as_str() == code)
}

#[async_trait]
impl VerificationProvider for AcmeProvider {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let mut request = request.clone();
        if self.has(Flaw::InventsTheEmail) && request.email.is_none() {
            request = request.email("nobody@acme.example.com");
        }
        if let Some(url) = request.redirect_url.as_mut().filter(|_| self.has(Flaw::MendsUrls)) {
            *url = url.trim().to_owned();
        }
        let rule = self.client.base().url_rule();
        let mut validator = RequestValidator::start(&self.profile, &self.id, &request, rule);
        if appends_a_name_of(request.redirect_url.as_deref()) && !self.has(Flaw::AppendsWhatIsThere) {
            validator.invalid(Input::REDIRECT_URL, "has a parameter of a name that Acme appends");
        }
        let unused = validator.finish().map_err(|error| match error.input_problems() {
            [first, _, ..] if self.has(Flaw::TellsOneProblem) => {
                Error::inputs(Operation::Start, vec![first.clone()]).with_provider(self.id.clone())
            }
            _ => error,
        })?;
        if self.has(Flaw::NeedsMoreThanItSays) && request.redirect_url.is_none() {
            return Err(
                Error::new(ErrorKind::InvalidRequest, "there is no way back").with_provider(self.id.clone())
            );
        }
        let minted = || self.context.random.idempotency_key();
        let key = request.context().idempotency_key().map_or_else(minted, str::to_owned);
        let body = self.body(&request);
        let mut outcome = match self.in_steps {
            true => self.open_in_steps(&request, &body).await,
            false => self.open(Operation::Start, &["checks"], &key, &body, request.context()).await,
        };
        if self.has(Flaw::RepeatsBlindly)
            && outcome.as_ref().is_err_and(|error| error.delivery() == Delivery::Unknown)
        {
            outcome = self.open(Operation::Start, &["checks"], &minted(), &body, request.context()).await;
        }
        let mut session = outcome?;
        session.unused_inputs = if self.has(Flaw::HidesUnusedInputs) { Vec::new() } else { unused };
        Ok(session)
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let mut request = request.clone();
        if self.has(Flaw::RenewsForeignReferences) {
            request.session = SessionRef::new(self.id.clone(), request.session.key()).unwrap();
        }
        if self.has(Flaw::IgnoresTheDeadlineOfRefreshes) {
            request.context_mut().set_deadline(None);
        }
        let mut validator = RequestValidator::refresh(&self.profile, &self.id, &request);
        if self.reference(request.session.key()).is_err() {
            validator.invalid(Input::SESSION, "must name a check");
        }
        validator.finish()?;
        let key = match self.has(Flaw::ReusesTheKey) {
            true => "always-the-same".to_owned(),
            false => self.context.random.idempotency_key(),
        };
        let path = ["checks", request.session.key(), "renew"];
        let mut session = self.open(Operation::Refresh, &path, &key, &json!({}), request.context()).await?;
        if self.has(Flaw::RenamesRenewedSessions) {
            session.reference = self.reference(&format!("{}-2", request.session.key()))?;
        }
        Ok(session)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let mut request = request.clone();
        if self.has(Flaw::TakesForeignReferences) {
            request.session = SessionRef::new(self.id.clone(), request.session.key()).unwrap();
        }
        let mut validator = RequestValidator::check(&self.profile, &self.id, &request);
        if self.reference(request.session.key()).is_err() {
            validator.invalid(Input::SESSION, "must name a check");
        }
        validator.finish()?;
        let call = Call::get(Operation::Check, ReplaySafety::Idempotent, ["checks", request.session.key()]);
        *self.last.lock().unwrap() = Some(request.session.clone());
        if self.has(Flaw::BlocksTheThread) {
            std::thread::sleep(Duration::from_millis(60));
        }
        let read = |text: &str| self.checked(text, request.session.key());
        let check = match self.send_and_read(call.context(request.context()), read).await {
            Ok(check) => check,
            Err(error)
                if self.has(Flaw::FollowsRedirects)
                    && error.http_status().is_some_and(|s| (300..400).contains(&s)) =>
            {
                return self.follow(&request).await.ok_or(error);
            }
            Err(error) => return self.mistaken(&request, error),
        };
        if self.has(Flaw::MixesAnswersUp) {
            request.session = self.last.lock().unwrap().clone().unwrap();
        }
        let found = self.read(request.session.clone(), &check);
        let found = match self.gives_identity(&request) {
            true => found.with_identity(self.identity(&check)),
            false => found,
        };
        if self.has(Flaw::ExpectsNobody) {
            return Ok(found);
        }
        found.ensure_matches(&request.expected)
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        RequestValidator::find(&self.id, request).finish()?;
        let mut context = request.context().clone();
        if self.has(Flaw::IgnoresTheDeadlineOfSearches) {
            context.set_deadline(None);
        }
        let call = Call::get(Operation::Find, ReplaySafety::Idempotent, ["checks"])
            .query("reference", &request.reference);
        let call = call.context(&context);
        let mut found = self.send_and_read(call, |text| self.listed(text, &request.reference)).await?;
        if self.has(Flaw::ChokesOnMarks) && self.is_marked(&request.reference).await {
            return Err(invalid_response("a mark stands before the list"));
        }
        if found.is_empty() && self.has(Flaw::FailsWhereNothingIsFound) {
            return Err(Error::new(ErrorKind::NotFound, "no check has this reference")
                .with_provider(self.id.clone())
                .with_operation(Operation::Find));
        }
        found.truncate(if self.has(Flaw::FindsTheFirstOnly) { 1 } else { usize::MAX });
        Ok(found)
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        RequestValidator::import(&self.id, request).finish()?;
        let body = json!({"token": request.share_token.expose()});
        let call = Call::post(Operation::Import, ReplaySafety::SingleUse, ["imports"]).json(&body)?;
        let mut context = request.context().clone();
        if self.has(Flaw::IgnoresTheDeadlineOfImports) {
            context.set_deadline(None);
        }
        let call = call.context(&context);
        let check: wire::Check = self.send(call).await?;
        let id = check.id.text.as_deref().unwrap_or_default();
        if self.has(Flaw::RenewsAtEveryImport) {
            let (path, none) = (["checks", id, "renew"], CallContext::default());
            let _ = self.open(Operation::Import, &path, "renewed", &json!({}), &none).await;
        }
        let mut verification = self.read(self.reference(id)?, &check);
        verification.status = self.status(&check.state, Flaw::ApprovesUnknownImports);
        Ok(verification)
    }

    async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        let mut validator = RequestValidator::cancel(&self.profile, &self.id, request);
        if self.reference(request.session.key()).is_err() {
            validator.invalid(Input::SESSION, "must name a check");
        }
        validator.finish()?;
        let check = match self.withdraw(request).await {
            Err(error) if is(&error, "already_withdrawn") && !self.has(Flaw::CancelsOnceOnly) => {
                wire::Check::new(request.session.key(), "withdrawn")
            }
            outcome => outcome?,
        };
        let mut cancelled = self.read(request.session.clone(), &check);
        if self.has(Flaw::CallsCancelledAbandoned) {
            cancelled.status = VerificationStatus::Abandoned;
        }
        Ok(cancelled)
    }

    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        let mut validator = RequestValidator::erase(&self.profile, &self.id, request);
        if self.reference(request.session.key()).is_err() {
            validator.invalid(Input::SESSION, "must name a check");
        }
        validator.finish()?;
        let path = ["checks", request.session.key()];
        let call = Call::delete(Operation::Erase, ReplaySafety::Idempotent, path).context(request.context());
        let state = match self.send::<wire::Deletion>(call).await {
            Ok(deletion) if deletion.state == "deleting" && !self.has(Flaw::ErasesTooSoon) => {
                ErasureState::Accepted
            }
            Ok(_) => ErasureState::Done,
            Err(error) if is(&error, "unknown_check") => ErasureState::AlreadyGone,
            Err(error) => return Err(error),
        };
        Ok(Erasure::new(request.session.clone(), state))
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        let [session, status, reason] = NAMES;
        let names = RedirectNames::new([session], status, reason);
        let mut uri = redirect.uri.to_owned();
        if let Ok(url) = url::Url::parse(redirect.uri) {
            let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            if self.has(Flaw::TrustsTheRedirect) {
                let own = pairs.iter_mut().filter(|(name, value)| name == "check" && !value.is_empty());
                own.for_each(|(_, value)| redirect.expected.key().clone_into(value));
            }
            if self.has(Flaw::TakesRepeatedParameters) {
                let mut seen = std::collections::BTreeSet::new();
                pairs.retain(|(name, _)| seen.insert(name.clone()));
            }
            if self.has(Flaw::TakesRepeatedReasons) {
                let mut seen = std::collections::BTreeSet::new();
                pairs.retain(|(name, _)| name != "why" || seen.insert(name.clone()));
            }
            let mut changed = url.clone();
            changed.query_pairs_mut().clear().extend_pairs(pairs);
            uri = changed.into();
        }
        RequestValidator::redirect(&self.id, redirect.expected).finish()?;
        let said = RedirectParameters::read(&Redirect::new(redirect.expected, &uri), &names)
            .map_err(|error| match self.has(Flaw::PrintsTheReturnUrl) {
                true => Error::new(ErrorKind::RedirectRejected, format!("{uri} is no good")),
                false => error,
            })
            .map_err(|error| error.with_provider(self.id.clone()))?;
        let unknown = match self.has(Flaw::BelievesUnknownClaims) {
            true => RedirectClaim::Submitted,
            false => RedirectClaim::Unrecognized,
        };
        let claim = lookup_ignore_case(CLAIMS, &said.status).unwrap_or(unknown);
        let mut outcome =
            RedirectOutcome::new(redirect.expected.clone(), claim, VendorWord::new(&said.status));
        outcome.reason = said.reason.as_deref().map(|reason| match reason {
            "blurred" => VerificationReason::DocumentUnreadable,
            _ => VerificationReason::Other,
        });
        outcome.provider_reason = said.reason.as_deref().map(VendorWord::new);
        Ok(outcome)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.event(webhook).map_err(|error| match self.has(Flaw::NamesNobodyInRefusals) {
            true => error,
            false => error.with_provider(self.id.clone()),
        })
    }
}
