//! An adapter for Acme, with a flaw wherever one is asked for.

mod factory;
mod profile;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use http::HeaderValue;
use idv_core::signature::HmacHex;
use idv_core::{
    AccessToken, BuildContext, Certainty, CheckRequest, Correlation, Delivery, Error, ErrorKind, Expiry,
    FindRequest, ImportRequest, Operation, ProviderId, ProviderProfile, Redirect, RedirectClaim,
    RedirectNames, RedirectOutcome, RedirectParameters, RefreshRequest, Result, Retry, Review, SessionRef,
    StartRequest, VendorWord, Verification, VerificationProvider, VerificationReason, VerificationSession,
    VerificationStatus, WebhookEvent, WebhookOutcome, WebhookRequest, look_up,
};
use idv_http::{Call, JsonClient, Repeat, decode, unusable};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::flaw::Flaw;
use crate::wire;

pub(crate) use factory::AcmeFactory;

const STATES: &[(&str, VerificationStatus)] = &[
    ("open", VerificationStatus::InProgress),
    ("submitted", VerificationStatus::InReview),
    ("passed", VerificationStatus::Approved),
    ("refused", VerificationStatus::Rejected),
];
const CLAIMS: &[(&str, RedirectClaim)] = &[
    ("done", RedirectClaim::Submitted),
    ("success", RedirectClaim::Submitted),
    ("failed", RedirectClaim::Failed),
];
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_secs(900);

pub(crate) struct AcmeProvider {
    id: ProviderId,
    profile: ProviderProfile,
    client: JsonClient,
    key: String,
    webhooks: Option<HmacHex>,
    context: BuildContext,
    flaw: Option<Flaw>,
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
        reference.ok_or_else(|| unusable("the answer has no usable id"))
    }

    async fn send<T: serde::de::DeserializeOwned>(&self, call: Call<'_>) -> Result<T> {
        self.send_and_read(call, |text| decode(text)).await
    }

    async fn send_and_read<T>(&self, call: Call<'_>, read: impl FnOnce(&str) -> Result<T>) -> Result<T> {
        if self.has(Flaw::StaysBusy) && self.busy.swap(true, Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Unavailable, "busy").with_provider(self.id.clone()));
        }
        let outcome = self.client.send_and_read(call.bearer(&self.key)?, read).await;
        self.busy.store(false, Ordering::SeqCst);
        outcome.map(|answer| answer.body).map_err(|error| self.spoil(error))
    }

    /// What the flaws make of an error.
    fn spoil(&self, error: Error) -> Error {
        match self.flaw {
            Some(Flaw::RepeatsDuplicates)
                if error.code().is_some_and(|code| code.as_str() == "duplicate_reference") =>
            {
                error.with_retry(Retry::Allowed { after: None })
            }
            Some(Flaw::LogsRefusals) if error.http_status().is_some_and(|status| status < 500) => {
                let text = error.vendor_text().map(|text| text.expose().to_owned());
                tracing::warn!(text, "refused");
                error
            }
            Some(Flaw::ClaimsNothingWasSent) if error.delivery() == Delivery::Unknown => {
                error.with_delivery(Delivery::NotSent)
            }
            Some(Flaw::IgnoresRetryAfter) if matches!(error.retry(), Retry::Allowed { .. }) => {
                error.with_retry(Retry::Allowed { after: None })
            }
            Some(Flaw::KeepsTheVendorsText) => {
                let text = error.vendor_text().map(|text| text.expose().to_owned()).unwrap_or_default();
                error.with_source(text)
            }
            Some(Flaw::PrintsAddresses) => {
                let kind = error.kind();
                let message = format!("{} ({})", error.message(), self.client.base().as_url());
                let mut printed =
                    Error::new(kind, message).with_delivery(error.delivery()).with_retry(error.retry());
                printed = printed.with_provider(self.id.clone());
                if let Some(operation) = error.operation() {
                    printed = printed.with_operation(operation);
                }
                if let Some(status) =
                    error.http_status().and_then(|status| http::StatusCode::from_u16(status).ok())
                {
                    printed = printed.with_http_status(status);
                }
                printed.with_code(error.code().cloned())
            }
            _ => error,
        }
    }

    async fn open(
        &self,
        operation: Operation,
        path: &[&str],
        key: &str,
        body: &Value,
        deadline: Option<Duration>,
    ) -> Result<VerificationSession> {
        let header =
            HeaderValue::from_str(key).map_err(|_| Error::new(ErrorKind::InvalidRequest, "the key"))?;
        let call =
            Call::post(operation, Repeat::Harmless, path.iter().copied()).json(body)?.deadline(deadline);
        let call = call.header(http::HeaderName::from_static("idempotency-key"), header);
        let sent_at = match self.has(Flaw::UsesTheMachinesClock) {
            true => SystemTime::now().into(),
            false => self.context.clock.now(),
        };
        let read = |text: &str| {
            let opened: wire::Opened = decode(text)?;
            Ok((self.reference(&opened.id)?, self.client.session_url(&opened.url)?, opened))
        };
        let (reference, url, opened) = self.send_and_read(call, read).await?;
        if self.has(Flaw::LogsTheLink) {
            tracing::debug!(url = url.expose(), "opened");
        }
        let mut session = VerificationSession::new(reference, url);
        let token = opened.token.filter(|_| !self.has(Flaw::PromisesTokens));
        session.access_token = token.as_deref().map(AccessToken::from);
        session.expires_at =
            Some(Expiry { at: sent_at.saturating_add(TOKEN_LIFETIME), certainty: Certainty::Documented });
        Ok(session)
    }

    fn body(&self, request: &StartRequest) -> Value {
        let email = request.email.as_ref().map(idv_core::Pii::expose);
        let invited = self.has(Flaw::InvitesEverybody) || request.invites.email;
        json!({"reference": request.reference, "email": email, "back": request.redirect_url, "invite": invited})
    }

    fn status(&self, word: &str, unknown: Flaw) -> VerificationStatus {
        let known = look_up(STATES, word);
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

    fn read(&self, reference: SessionRef, check: &wire::Check) -> Verification {
        let status = self.status(&check.state, Flaw::ApprovesUnknownWords);
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(reference, status, VendorWord::new(&check.state), next);
        let id = Some(check.id.as_str()).filter(|_| !self.has(Flaw::DropsTheIds));
        verification.correlation = Correlation::new().with(Correlation::SESSION_ID, id);
        verification
    }

    /// A check where something else than the truth comes of an error.
    fn mistaken(&self, request: &CheckRequest, error: Error) -> Result<Verification> {
        let said = |state: &str| {
            let check = wire::Check { id: request.session.key().to_owned(), state: state.to_owned() };
            Ok(self.read(request.session.clone(), &check))
        };
        match (self.flaw, error.kind()) {
            (Some(Flaw::SwallowsServerErrors), ErrorKind::Unavailable) => said("open"),
            (Some(Flaw::ReadsNotFoundAsRejected), ErrorKind::NotFound) => said("refused"),
            _ => Err(error),
        }
    }

    /// Goes wherever the vendor's server points.
    async fn follow(&self, request: &CheckRequest) -> Option<Verification> {
        let path = format!("/checks/{}", request.session.key());
        let head = ask(self.client.base().as_url().authority(), &path, &self.key).await?;
        let location = head.lines().find_map(|line| line.strip_prefix("location: "))?;
        let location = url::Url::parse(location).ok()?;
        let answer = ask(location.authority(), location.path(), &self.key).await?;
        let check = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
        Some(self.read(request.session.clone(), &check))
    }

    fn verify<'a>(&self, webhook: &WebhookRequest<'a>) -> Result<()> {
        let mut webhook: WebhookRequest<'a> = *webhook;
        if self.has(Flaw::TakesStaleWebhooks) {
            let sent = webhook.headers.get("acme-time").and_then(|time| time.to_str().ok()?.parse().ok());
            webhook.received_at = sent.map_or(webhook.received_at, idv_core::Timestamp::from_unix_seconds);
        }
        let Some(keys) = &self.webhooks else {
            return if self.has(Flaw::BelievesWithoutSecrets) {
                Ok(())
            } else {
                Err(Error::no_webhook_secrets())
            };
        };
        match keys.verify(&webhook) {
            Err(_) if self.has(Flaw::BelievesEverybody) => Ok(()),
            verified => verified,
        }
    }

    fn event(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        let unreadable = |_| Error::webhook_unreadable("the body is no event");
        if self.has(Flaw::ReadsBeforeVerifying) {
            serde_json::from_slice::<wire::Event>(webhook.body).map_err(unreadable)?;
        }
        if self.has(Flaw::ReadsTheTypeBeforeVerifying)
            && serde_json::from_slice::<wire::Event>(webhook.body)
                .is_ok_and(|event| event.event_type.starts_with("conformance."))
        {
            let provider_event_type = VendorWord::new("conformance.happened");
            return Ok(WebhookOutcome::Ignored { provider: self.id.clone(), provider_event_type });
        }
        self.verify(webhook)?;
        if self.has(Flaw::LogsUnreadableWebhooks)
            && serde_json::from_slice::<wire::Event>(webhook.body).is_err()
        {
            tracing::warn!(body = %String::from_utf8_lossy(webhook.body), "unreadable");
        }
        let event: wire::Event = serde_json::from_slice(webhook.body).map_err(unreadable)?;
        let provider_event_type = VendorWord::new(&event.event_type);
        if event.event_type != "check.changed" {
            if self.has(Flaw::RefusesOtherEvents) {
                return Err(Error::webhook_unreadable("the type is not known"));
            }
            return Ok(WebhookOutcome::Ignored { provider: self.id.clone(), provider_event_type });
        }
        let id = match self.has(Flaw::ForgetsEventIds) {
            true => VendorWord::new(
                &webhook.headers.get("acme-time").map(|time| format!("{time:?}")).unwrap_or_default(),
            ),
            false => VendorWord::new(&event.id),
        };
        let mut read = WebhookEvent::signed(self.id.clone(), id, provider_event_type);
        let text = |key: &str| event.check.as_ref().and_then(|check| check.get(key)).and_then(Value::as_str);
        read.correlation = Correlation::new().with(Correlation::SESSION_ID, text("id"));
        read.reference = text("id").and_then(|id| self.reference(id).ok());
        if let Some(word) = text("state") {
            let status = self.status(word, Flaw::ApprovesUnknownEvents);
            let known = look_up(STATES, word);
            let next = self.profile.next_action_after_event(known);
            let kept = known.filter(|_| self.has(Flaw::TranslatesTheWordsOfEvents));
            let kept = kept.map_or_else(|| word.to_owned(), |status| status.to_string());
            read = read.with_status(status, VendorWord::new(&kept), Vec::new(), next);
        }
        Ok(WebhookOutcome::Event(Box::new(read)))
    }
}

/// Asks over a connection of its own, as an HTTP client does that follows redirects.
async fn ask(authority: &str, path: &str, key: &str) -> Option<String> {
    let mut stream = tokio::net::TcpStream::connect(authority).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nauthorization: Bearer {key}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    Some(answer)
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
        let reviewed =
            Review::start(&self.profile, &self.id, &request, self.client.base().url_rule()).finish();
        let unused = reviewed.map_err(|error| match error.input_problems() {
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
        let key = request.idempotency_key.clone().unwrap_or_else(minted);
        let body = self.body(&request);
        let mut outcome = self.open(Operation::Start, &["checks"], &key, &body, request.deadline).await;
        if self.has(Flaw::RepeatsBlindly)
            && outcome.as_ref().is_err_and(|error| error.delivery() == Delivery::Unknown)
        {
            outcome = self.open(Operation::Start, &["checks"], &minted(), &body, request.deadline).await;
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
            request.deadline = None;
        }
        let mut review = Review::refresh(&self.profile, &self.id, &request);
        if self.reference(request.session.key()).is_err() {
            review.invalid(idv_core::Input::SESSION, "must name a check");
        }
        review.finish()?;
        let key = match self.has(Flaw::ReusesTheKey) {
            true => "always-the-same".to_owned(),
            false => self.context.random.idempotency_key(),
        };
        let path = ["checks", request.session.key(), "renew"];
        let mut session = self.open(Operation::Refresh, &path, &key, &json!({}), request.deadline).await?;
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
        let mut review = Review::check(&self.profile, &self.id, &request);
        if self.reference(request.session.key()).is_err() {
            review.invalid(idv_core::Input::SESSION, "must name a check");
        }
        review.finish()?;
        let call = Call::get(Operation::Check, Repeat::Harmless, ["checks", request.session.key()]);
        *self.last.lock().unwrap() = Some(request.session.clone());
        let check: wire::Check = match self.send(call.deadline(request.deadline)).await {
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
        if self.has(Flaw::ExpectsNobody) {
            return Ok(self.read(request.session.clone(), &check));
        }
        self.read(request.session.clone(), &check).expected_by(&request)
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        Review::find(&self.id, request).finish()?;
        let deadline = request.deadline.filter(|_| !self.has(Flaw::IgnoresTheDeadlineOfSearches));
        let call =
            Call::get(Operation::Find, Repeat::Harmless, ["checks"]).query("reference", &request.reference);
        let call = call.deadline(deadline);
        let list: wire::List = self.send(call).await?;
        if list.checks.is_empty() && self.has(Flaw::FailsWhereNothingIsFound) {
            return Err(Error::new(ErrorKind::NotFound, "no check has this reference")
                .with_provider(self.id.clone())
                .with_operation(Operation::Find));
        }
        let most = if self.has(Flaw::FindsTheFirstOnly) { 1 } else { usize::MAX };
        list.checks.iter().take(most).map(|check| Ok(self.read(self.reference(&check.id)?, check))).collect()
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        Review::import(&self.id, request).finish()?;
        let body = json!({"token": request.share_token.expose()});
        let call = Call::post(Operation::Import, Repeat::SingleUse, ["imports"]).json(&body)?;
        let deadline = request.deadline.filter(|_| !self.has(Flaw::IgnoresTheDeadlineOfImports));
        let call = call.deadline(deadline);
        let check: wire::Check = self.send(call).await?;
        if self.has(Flaw::RenewsAtEveryImport) {
            let _ = self
                .open(Operation::Import, &["checks", &check.id, "renew"], "renewed", &json!({}), None)
                .await;
        }
        let mut verification = self.read(self.reference(&check.id)?, &check);
        verification.status = self.status(&check.state, Flaw::ApprovesUnknownImports);
        Ok(verification)
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        let names =
            RedirectNames { session: vec!["check".into()], status: "result".into(), reason: "why".into() };
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
        Review::redirect(&self.id, redirect.expected).finish()?;
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
        let claim = look_up(CLAIMS, &said.status).unwrap_or(unknown);
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
