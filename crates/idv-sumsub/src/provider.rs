//! The provider: the calls to Sumsub.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;
use idv_core::signature::HmacHex;
use idv_core::{
    AccessToken, BuildContext, CallContext, CancelRequest, CheckRequest, Correlation, EraseRequest, Erasure,
    Error, ErrorKind, Expiry, FindRequest, Handoff, ImportRequest, Input, Operation, ProviderId,
    ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, RequestValidator, Result, SessionRef,
    StartRequest, Verification, VerificationProvider, VerificationSession, VerificationStatus as Status,
    WebhookOutcome, WebhookRequest,
};
use idv_http::{Call, JsonClient, ReplaySafety, invalid_response, now};

use crate::applicants::{self, APPLICANTS, is_about};
use crate::config::ApplicantType;
use crate::creation::{self, Introduced};
use crate::wire::{self, Applicant, Identifiers, Opening};
use crate::{identity, labels, mapping, webhook};

const LINK: [&str; 5] = ["resources", "sdkIntegrations", "levels", "-", "websdkLink"];
const TOKEN: [&str; 3] = ["resources", "accessTokens", "sdk"];

/// A Sumsub instance.
#[derive(Debug)]
pub struct SumsubProvider {
    id: ProviderId,
    profile: ProviderProfile,
    parts: Parts,
}

/// The parts of an instance.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) client: JsonClient,
    pub(crate) level: Option<String>,
    pub(crate) applicant_type: ApplicantType,
    pub(crate) lifetime: Duration,
    pub(crate) embed: bool,
    pub(crate) webhooks: Option<HmacHex>,
    pub(crate) is_production: bool,
    pub(crate) context: BuildContext,
}

impl SumsubProvider {
    pub(crate) fn new(id: ProviderId, mut profile: ProviderProfile, parts: Parts) -> Self {
        profile.system = Some(parts.client.base().authority().to_owned());
        Self { id, profile, parts }
    }

    /// Ends a validation that also looks at the key, and gives the caller's reference behind it.
    fn admit(mut validator: RequestValidator, session: &SessionRef) -> Result<&str> {
        let id = mapping::external_id(session.key());
        if id.is_none() {
            validator.invalid(Input::SESSION, "must be `id:` and the reference of the start");
        }
        validator.finish()?;
        Ok(id.unwrap_or_default())
    }

    fn reference(&self, external_id: &str) -> Result<SessionRef> {
        SessionRef::new(self.id.clone(), &mapping::key(external_id))
            .map_err(|error| Error::new(ErrorKind::InvalidRequest, error.to_string()))
    }

    /// Opens a link or a token: for an applicant who is there already, the same applicant goes on.
    async fn open(
        &self,
        operation: Operation,
        opening: &Opening<'_>,
        language: Option<&str>,
        context: &CallContext,
    ) -> Result<VerificationSession> {
        let reference = self.reference(opening.user_id)?;
        let sent_at = self.parts.context.clock.now();
        let client = &self.parts.client;
        let call = |path: &'static [&'static str], endpoint| {
            Call::post(operation, ReplaySafety::Idempotent, path.iter().copied())
                .endpoint(endpoint)
                .context(context)
                .json(opening)
        };
        let handoff: Handoff = match self.parts.embed {
            true => {
                let read = |text: &str| wire::token(text, opening.user_id);
                let token = client.send_and_read(call(&TOKEN, "access token")?, read).await?.body;
                AccessToken::from(token.as_str()).into()
            }
            false => {
                let call = call(&LINK, "link")?;
                let call = language.into_iter().fold(call, |call, language| call.query("lang", language));
                let read = |text: &str| client.session_url(&wire::link(text)?);
                client.send_and_read(call, read).await?.body.into()
            }
        };
        let mut session = VerificationSession::new(reference, handoff);
        session.expires_at = Some(Expiry::documented(sent_at.saturating_add(self.parts.lifetime)));
        Ok(session)
    }

    fn read(&self, applicant: &Applicant<'_>) -> Result<Verification> {
        let review = &applicant.review;
        let (mut status, word) = review.words().read();
        if applicant.is_deleted {
            status = Status::Cancelled;
        }
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(self.reference(&applicant.external_id)?, status, word, next);
        verification.reasons = review.labels().map(labels::reason).collect();
        verification.subject_kind = applicant.kind.as_deref().and_then(mapping::subject);
        verification.updated_at = review.at;
        verification.correlation = Correlation::new()
            .with(Correlation::EXTERNAL_ID, Some(&applicant.external_id))
            .with(Correlation::USER_ID, applicant.id.as_deref());
        Ok(verification)
    }

    fn unsupported<T>(&self, operation: Operation, message: &'static str) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, message))
    }
}

#[async_trait]
impl VerificationProvider for SumsubProvider {
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
        let mut unused = validator.finish()?;
        let level = request.workflow.as_deref().or(self.parts.level.as_deref()).unwrap_or_default();
        let opening = Opening {
            user_id: &request.reference,
            level_name: level,
            ttl_in_secs: self.parts.lifetime.as_secs(),
            applicant_identifiers: Identifiers::of(request),
            redirect: back.as_deref().map(wire::Redirect::to),
        };
        let mut context = request.context().clone();
        context.begin(now());
        let introduced = match self.parts.applicant_type {
            ApplicantType::Individual => {
                creation::introduce(&self.parts.client, &self.id, request, level, &context).await?
            }
            ApplicantType::Company => Introduced::default(),
        };
        let opened = self.open(Operation::Start, &opening, request.language.as_deref(), &context).await;
        let mut session = opened.map_err(|error| introduced.verdict(error))?;
        unused.extend(introduced.unused);
        session.unused_inputs = unused;
        Ok(session)
    }

    /// The level is that of the applicant: another one would move the applicant to it, and reopen what is decided.
    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let validator = RequestValidator::refresh(&self.profile, &self.id, request);
        let external_id = Self::admit(validator, &request.session)?;
        let mut context = request.context().clone();
        context.begin(now());
        let level = |applicant: Applicant<'_>| {
            let level = applicant.level.map(std::borrow::Cow::into_owned);
            level.ok_or_else(|| {
                invalid_response("the vendor's answer does not say the level of the applicant")
            })
        };
        let level =
            applicants::one(&self.parts.client, (Operation::Refresh, &context), external_id, level).await?;
        let opening = Opening {
            user_id: external_id,
            level_name: &level,
            ttl_in_secs: self.parts.lifetime.as_secs(),
            applicant_identifiers: Identifiers::default(),
            redirect: None,
        };
        let mut session = self.open(Operation::Refresh, &opening, None, &context).await?;
        session.reference = request.session.clone();
        Ok(session)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let validator = RequestValidator::check(&self.profile, &self.id, request);
        let external_id = Self::admit(validator, &request.session)?;
        let read = |applicant: Applicant<'_>| {
            let found = self.read(&applicant)?;
            Ok(if request.identity { found.with_identity(identity::of(&applicant.own)) } else { found })
        };
        applicants::one(&self.parts.client, (Operation::Check, request.context()), external_id, read)
            .await?
            .ensure_matches(&request.expected)
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        RequestValidator::find(&self.id, request).finish()?;
        let read = |applicant: Applicant<'_>| self.read(&applicant);
        let call = (Operation::Find, request.context());
        let found = applicants::search(&self.parts.client, call, &request.reference, read).await?;
        Ok(found.into_iter().collect())
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.unsupported(
            Operation::Import,
            "this adapter takes over no verification made elsewhere: use `start`",
        )
    }

    /// Deactivates the applicant. Sumsub refuses that while it decides.
    async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        let validator = RequestValidator::cancel(&self.profile, &self.id, request);
        let external_id = Self::admit(validator, &request.session)?;
        let mut context = request.context().clone();
        context.begin(now());
        // The id of an applicant who is still active, or the state of one who is not.
        let read = |applicant: Applicant<'_>| match (applicant.is_deleted, &applicant.id) {
            (true, _) => self.read(&applicant).map(Err),
            (false, Some(id)) => Ok(Ok(id.as_ref().to_owned())),
            (false, None) => {
                Err(invalid_response("the vendor's answer does not say the id of the applicant"))
            }
        };
        let found =
            applicants::one(&self.parts.client, (Operation::Cancel, &context), external_id, read).await?;
        let id = match found {
            Ok(id) => id,
            Err(cancelled) => return Ok(cancelled),
        };
        let path = APPLICANTS.into_iter().chain([&*id, "presence", "deactivated"]);
        let call = Call::new(Method::PATCH, Operation::Cancel, ReplaySafety::Idempotent, path)
            .endpoint("deactivate applicant")
            .context(&context);
        let read = |text: &str| {
            let applicant = Applicant::read(text)?;
            is_about(&applicant, external_id)?;
            match applicant.is_deleted {
                true => self.read(&applicant),
                false => Err(invalid_response(
                    "the vendor's answer does not say that the applicant is deactivated",
                )),
            }
        };
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        self.unsupported(
            Operation::Erase,
            "Sumsub deletes no data over its API: use its dashboard or its support",
        )
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        let message = "Sumsub appends nothing to the return URL that can be read: use `check` or webhooks";
        self.unsupported(Operation::Redirect, message)
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        match &self.parts.webhooks {
            Some(keys) => webhook::read(&self.id, keys, &self.profile, self.parts.is_production, request),
            None => Err(Error::no_webhook_secrets()),
        }
        .map_err(|error| error.with_provider(self.id.clone()))
    }
}
