//! The provider: the calls that the two flows share, and the differences between them.

mod registration;
mod user;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderName, HeaderValue};
use idv_core::signature::HmacHex;
use idv_core::{
    BuildContext, CallContext, CancelRequest, CheckRequest, Correlation, EraseRequest, Erasure, Error,
    ErrorKind, Expiry, FindRequest, ImportRequest, Input, OnboardingId, Operation, ProviderId,
    ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, RequestValidator, Result, SessionRef,
    StartRequest, UserToken, Verification, VerificationProvider, VerificationSession, WebhookOutcome,
    WebhookRequest,
};
use idv_http::{Call, JsonClient, ReplaySafety};

use crate::{Region, mapping, webhook, wire};

pub use registration::BaanxRegistrationProvider;
pub use user::BaanxUserProvider;

const CLIENT_KEY: HeaderName = HeaderName::from_static("x-client-key");
const US_ENVIRONMENT: HeaderName = HeaderName::from_static("x-us-env");

/// Each call that opens a session mints one and spends a quota, and nothing tells Baanx that it is a repetition; Baanx
/// advises to repeat a 500 (docs.baanx.com, "Start User Verification" and "Generate KYC Verification Session").
const MINTS: ReplaySafety = ReplaySafety::UnlessUnknown;

/// The differences between the flows. Sealed, because no other crate can name it.
pub trait Flow: fmt::Debug + Send + Sync + 'static {
    /// How long a link lives.
    const LINK_LIFETIME: Duration;
    /// Whether a link can be opened once only.
    const SINGLE_USE: bool;

    /// The credential that identifies the applicant in every call.
    fn credential<'a>(user: Option<&'a UserToken>, onboarding: Option<&'a OnboardingId>) -> Option<&'a str>;

    /// The call that opens a session; the same for a first link and for another one.
    fn open(operation: Operation, credential: &str) -> Result<Call<'_>>;

    /// The call that reads the state.
    fn check(credential: &str) -> Result<Call<'_>>;
}

/// A Baanx instance of either kind.
#[derive(Debug)]
pub struct BaanxProvider<F> {
    id: ProviderId,
    profile: ProviderProfile,
    parts: Parts,
    flow: PhantomData<F>,
}

/// The parts of an instance.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) client: JsonClient,
    pub(crate) client_key: HeaderValue,
    pub(crate) region: Region,
    pub(crate) webhooks: Option<HmacHex>,
    pub(crate) context: BuildContext,
}

impl<F: Flow> BaanxProvider<F> {
    pub(crate) fn new(id: ProviderId, mut profile: ProviderProfile, parts: Parts) -> Self {
        let at = parts.client.base().authority();
        // The same address serves two environments, which know nothing of each other's users.
        profile.system = Some(match parts.region {
            Region::International => at.to_owned(),
            Region::Us => format!("{at} (us)"),
        });
        Self { id, profile, parts, flow: PhantomData }
    }

    /// Adds the client key and the environment.
    fn addressed<'a>(&self, call: Call<'a>, context: &CallContext) -> Call<'a> {
        let call = call.context(context).header(CLIENT_KEY, self.parts.client_key.clone());
        match self.parts.region {
            Region::International => call,
            Region::Us => call.header(US_ENVIRONMENT, HeaderValue::from_static("true")),
        }
    }

    async fn open(
        &self,
        operation: Operation,
        reference: SessionRef,
        credential: &str,
        context: &CallContext,
    ) -> Result<VerificationSession> {
        let call = self.addressed(F::open(operation, credential)?, context);
        let sent_at = self.parts.context.clock.now();
        let client = &self.parts.client;
        let read = |text: &str| client.session_url(&wire::Session::read(text)?.url);
        let url = client.send_and_read(call, read).await?.body;
        let mut session = VerificationSession::new(reference, url);
        session.expires_at = Some(Expiry::estimated(sent_at.saturating_add(F::LINK_LIFETIME)));
        session.single_use = F::SINGLE_USE;
        Ok(session)
    }

    fn read(&self, reference: &SessionRef, text: &str) -> Result<Verification> {
        let user = wire::User::read(text)?;
        let (status, word) = mapping::state(&user.state);
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(reference.clone(), status, word, next);
        verification.correlation = Correlation::new().with(Correlation::USER_ID, user.id.as_deref());
        Ok(verification)
    }

    fn unsupported<T>(&self, operation: Operation, message: &'static str) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, message))
    }

    /// Ends a validator, and gives the unused inputs and the applicant's credential. References are stored and logged, so
    /// none may be that credential.
    fn admit<'a>(
        mut validator: RequestValidator,
        input: Input,
        reference: &str,
        credential: Option<&'a str>,
    ) -> Result<(Vec<Input>, &'a str)> {
        if credential == Some(reference) {
            validator.invalid(input, "must not be the applicant's credential");
        }
        let unused = validator.finish()?;
        let missing = || Error::new(ErrorKind::InvalidRequest, "the applicant's credential is missing");
        Ok((unused, credential.ok_or_else(missing)?))
    }
}

#[async_trait]
impl<F: Flow> VerificationProvider for BaanxProvider<F> {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let credential = F::credential(request.user_token.as_ref(), request.onboarding_id.as_ref());
        let rule = self.parts.client.base().url_rule();
        let validator = RequestValidator::start(&self.profile, &self.id, request, rule);
        let (unused, credential) = Self::admit(validator, Input::REFERENCE, &request.reference, credential)?;
        // Neither flow returns an id that finds the session again, so the caller's own reference is the key.
        let reference = SessionRef::new(self.id.clone(), &request.reference)
            .map_err(|error| Error::new(ErrorKind::InvalidRequest, error.to_string()))?;
        let mut session = self.open(Operation::Start, reference, credential, request.context()).await?;
        session.unused_inputs = unused;
        Ok(session)
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let credential = F::credential(request.user_token.as_ref(), request.onboarding_id.as_ref());
        let validator = RequestValidator::refresh(&self.profile, &self.id, request);
        let (_, credential) = Self::admit(validator, Input::SESSION, request.session.key(), credential)?;
        self.open(Operation::Refresh, request.session.clone(), credential, request.context()).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let credential = F::credential(request.user_token.as_ref(), request.onboarding_id.as_ref());
        let validator = RequestValidator::check(&self.profile, &self.id, request);
        let (_, credential) = Self::admit(validator, Input::SESSION, request.session.key(), credential)?;
        let call = self.addressed(F::check(credential)?, request.context());
        let read = |text: &str| self.read(&request.session, text);
        self.parts.client.send_and_read(call, read).await?.body.ensure_matches(&request.expected)
    }

    async fn find(&self, _: &FindRequest) -> Result<Vec<Verification>> {
        self.unsupported(Operation::Find, "Baanx stores no reference of the caller: use `check`")
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.unsupported(Operation::Import, "Baanx takes over no verification made elsewhere: use `start`")
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        self.unsupported(Operation::Cancel, "Baanx withdraws no verification: let its link expire")
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        self.unsupported(Operation::Erase, "Baanx deletes no data over its API: ask its support")
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        let message = "Baanx documents no parameters of its return URL: use `check` or webhooks";
        self.unsupported(Operation::Redirect, message)
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        match &self.parts.webhooks {
            Some(keys) => webhook::read(&self.id, keys, &self.profile, request),
            None => Err(Error::no_webhook_secrets()),
        }
        .map_err(|error| error.with_provider(self.id.clone()))
    }
}
