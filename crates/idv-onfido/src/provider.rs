//! The provider: the calls to Onfido.

use std::collections::BTreeSet;

use async_trait::async_trait;
use idv_core::signature::HmacHex;
use idv_core::{
    AccessToken, BuildContext, CallContext, CancelRequest, CheckRequest, Correlation, Delivery, EraseRequest,
    Erasure, ErasureState, Error, ErrorKind, Expiry, FindRequest, Handoff, HumanDuration, ImportRequest,
    Input, Operation, Pii, ProviderId, ProviderProfile, Redirect, RedirectOutcome, RefreshRequest,
    RequestValidator, Result, SessionRef, StartRequest, Verification, VerificationProvider,
    VerificationSession, WebhookOutcome, WebhookRequest,
};
use idv_http::{Call, JsonClient, ReplaySafety, invalid_response, now};

use crate::profile::{APPLICANT_ID, STATED};
use crate::wire::{NewApplicant, NewLink, NewRun, Run};
use crate::{OnfidoConfig, mapping, webhook, wire};

const APPLICANTS: &str = "applicants";
const RUNS: &str = "workflow_runs";

/// The most pages of a list that are read.
const MOST_PAGES: usize = 20;

/// An instance of Onfido.
#[derive(Debug)]
pub struct OnfidoProvider {
    id: ProviderId,
    profile: ProviderProfile,
    parts: Parts,
}

/// The parts of an instance.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) client: JsonClient,
    pub(crate) config: OnfidoConfig,
    pub(crate) webhooks: Option<HmacHex>,
    pub(crate) context: BuildContext,
}

impl OnfidoProvider {
    pub(crate) fn new(id: ProviderId, mut profile: ProviderProfile, parts: Parts) -> Self {
        profile.system = Some(parts.client.base().authority().to_owned());
        Self { id, profile, parts }
    }

    /// Ends a validation that also looks at the id of the run.
    fn admit(mut validator: RequestValidator, session: &SessionRef) -> Result<()> {
        if !mapping::is_id(session.key()) {
            validator.invalid(Input::SESSION, "must be the id of a workflow run of Onfido, a UUID");
        }
        validator.finish().map(drop)
    }

    /// Reads a run, and refuses an answer about another one.
    async fn retrieve<T>(
        &self,
        operation: Operation,
        session: &SessionRef,
        context: &CallContext,
        read: impl FnOnce(&Run<'_>) -> Result<T>,
    ) -> Result<T> {
        let call = Call::get(operation, ReplaySafety::Idempotent, [RUNS, session.key()])
            .endpoint("retrieve workflow run")
            .context(context);
        let read = |text: &str| {
            let run = Run::read(text)?;
            run.ensure(session.key())?;
            read(&run)
        };
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    /// Makes the applicant. One whose answer was lost is never used: nothing refers to it, and the next attempt makes another one.
    async fn introduce(&self, request: &StartRequest, context: &CallContext) -> Result<String> {
        let call = Call::post(Operation::Start, ReplaySafety::Idempotent, [APPLICANTS])
            .endpoint("create applicant")
            .context(context)
            .json(&NewApplicant::of(request))?;
        Ok(self.parts.client.send_and_read(call, wire::applicant).await?.body)
    }

    /// Makes the run.
    async fn open(&self, run: &NewRun<'_>, context: &CallContext) -> Result<VerificationSession> {
        let call = Call::post(Operation::Start, ReplaySafety::UnlessProcessed, [RUNS])
            .endpoint("create workflow run")
            .context(context)
            .json(run)?;
        let read = |text: &str| {
            let made = Run::read(text)?;
            if made.reference.as_deref().is_some_and(|reference| reference != run.customer_user_id) {
                return Err(invalid_response("the run in the vendor's answer is of another reference"));
            }
            self.session(self.reference(&made)?, &made)
        };
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    /// The link of a run, which is always there, and the token for the vendor's component, where the run has one.
    fn session(&self, reference: SessionRef, run: &Run<'_>) -> Result<VerificationSession> {
        let link = run.own.object("link").optional()?.ok_or_else(|| run.own.lacks("link"))?;
        let url = self.parts.client.session_url(&link.required_text("url")?)?;
        let token = run.own.text("sdk_token").optional()?.filter(|token| !token.is_empty());
        let handoff = Handoff::from(url).with_token(token.as_deref().map(AccessToken::from));
        let mut session = VerificationSession::new(reference, handoff);
        let end = link.text("expires_at").given().and_then(|time| time.parse().ok());
        session.expires_at = end.map(Expiry::documented);
        Ok(session)
    }

    fn reference(&self, run: &Run<'_>) -> Result<SessionRef> {
        let reference = SessionRef::new(self.id.clone(), &run.id).ok().filter(|_| mapping::is_id(&run.id));
        reference.ok_or_else(|| invalid_response("the id of the run in the vendor's answer is no UUID"))
    }

    fn read(&self, run: &Run<'_>) -> Result<Verification> {
        let (status, word, reasons) = run.outcome.read();
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(self.reference(run)?, status, word, next);
        verification.reasons = reasons;
        verification.updated_at = run.updated_at;
        verification.correlation = Correlation::new()
            .with(Correlation::SESSION_ID, Some(&run.id))
            .with(APPLICANT_ID.as_str(), run.applicant.as_deref())
            .with(Correlation::EXTERNAL_ID, run.reference.as_deref());
        Ok(verification)
    }

    /// The runs of a reference on one page, and those of others, which share its tag.
    async fn page(&self, request: &FindRequest, context: &CallContext, number: usize) -> Result<Vec<Listed>> {
        let (tag, number) = (mapping::tag(&request.reference), number.to_string());
        let call = Call::get(Operation::Find, ReplaySafety::Idempotent, [RUNS])
            .endpoint("list workflow runs")
            .context(context)
            .query("tags", &tag)
            .query("page", &number);
        let read = |text: &str| {
            let listed = |run: Run<'_>| {
                let Some(reference) = &run.reference else {
                    return Err(invalid_response(
                        "a workflow run in the vendor's list has no `customer_user_id`",
                    ));
                };
                Ok(Listed { is_own: *reference == *request.reference, verification: self.read(&run)? })
            };
            Run::page(text)?.into_iter().map(listed).collect()
        };
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    fn unsupported<T>(&self, operation: Operation, message: &'static str) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, message))
    }
}

/// A run in a list.
struct Listed {
    is_own: bool,
    verification: Verification,
}

/// Validates what Onfido alone demands of a start, and gives the inputs that it has no place for.
fn admit_start(mut validator: RequestValidator, request: &StartRequest) -> Result<Vec<Input>> {
    for (input, name) in [(Input::FIRST_NAME, &request.first_name), (Input::LAST_NAME, &request.last_name)] {
        if name.as_ref().is_some_and(|name| !mapping::is_name(name.expose())) {
            validator.invalid(input, "must have none of the characters ! # $ % * = < > ; { } \"");
        }
    }
    let mut further = Vec::new();
    if let Some(id) = applicant_id(request) {
        if !mapping::is_id(id) {
            validator.invalid(APPLICANT_ID, "must be the id of an applicant of Onfido, a UUID");
        }
        further.extend(STATED.into_iter().filter(|input| request.text(input).is_some()));
    }
    if request.text(&Input::LANGUAGE).is_some_and(|tag| mapping::language(tag).is_none()) {
        further.push(Input::LANGUAGE);
    }
    for input in further.iter().filter(|input| request.musts.contains(input)) {
        let message = match *input == Input::LANGUAGE {
            true => "must be one of en, de, es, fr, it, pt and nl, where Onfido has to use it",
            false => "cannot be used together with `applicant_id`: the applicant is there already",
        };
        validator.invalid(input.clone(), message);
    }
    let mut unused = validator.finish()?;
    unused.extend(further);
    unused.sort_unstable();
    Ok(unused)
}

/// The applicant of an earlier run, where the application names one.
fn applicant_id(request: &StartRequest) -> Option<&str> {
    request.attributes.get(APPLICANT_ID.as_str()).map(Pii::expose)
}

#[async_trait]
impl VerificationProvider for OnfidoProvider {
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
        let unused = admit_start(validator, request)?;
        let Parts { config, context: build, .. } = &self.parts;
        let workflow = request.workflow.as_deref().or(config.workflow_id.as_deref()).unwrap_or_default();
        let lifetime = config.link_lifetime.map(HumanDuration::get);
        let link = NewLink {
            completed_redirect_url: back.as_deref(),
            expired_redirect_url: back.as_deref(),
            expires_at: lifetime.map(|lifetime| build.clock.now().saturating_add(lifetime).to_string()),
            language: request.text(&Input::LANGUAGE).and_then(mapping::language),
        };
        let mut context = request.context().clone();
        context.begin(now());
        let named = applicant_id(request).map(str::to_owned);
        let (applicant, is_new) = match named {
            Some(applicant) => (applicant, false),
            None => (self.introduce(request, &context).await?, true),
        };
        let run = NewRun {
            workflow_id: workflow,
            applicant_id: &applicant,
            customer_user_id: &request.reference,
            tags: [mapping::tag(&request.reference)],
            link,
        };
        let opened = self.open(&run, &context).await;
        // An applicant is at the vendor, even where the second call was never sent.
        let mut session = opened.map_err(|error| match error.delivery() {
            Delivery::NotSent if is_new => error.with_delivery(Delivery::Answered),
            _ => error,
        })?;
        session.unused_inputs = unused;
        Ok(session)
    }

    /// A read: the link is the same for the life of a run.
    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let session = &request.session;
        Self::admit(RequestValidator::refresh(&self.profile, &self.id, request), session)?;
        let read = |run: &Run<'_>| {
            let status = &*run.outcome.status;
            let is = |word: &str| status.eq_ignore_ascii_case(word);
            let is_known = mapping::is_error(status) || mapping::STATUSES.iter().any(|(word, _)| is(word));
            if is(mapping::AWAITING_CLIENT_INPUT) {
                let message = "the run waits for data of the application's server, not for the applicant: complete its task";
                return Err(Error::new(ErrorKind::Conflict, message));
            }
            if is_known && !is(mapping::AWAITING_INPUT) {
                let message = "the run waits for no input, so its link leads nowhere";
                return Err(Error::new(ErrorKind::Conflict, message));
            }
            self.session(session.clone(), run)
        };
        self.retrieve(Operation::Refresh, session, request.context(), read).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        Self::admit(RequestValidator::check(&self.profile, &self.id, request), &request.session)?;
        let read = |run: &Run<'_>| self.read(run);
        self.retrieve(Operation::Check, &request.session, request.context(), read)
            .await?
            .ensure_matches(&request.expected)
    }

    /// Nothing in a page says whether the list goes on, and how long pages are is not documented: they are read until one has
    /// nothing new.
    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        RequestValidator::find(&self.id, request).finish()?;
        let mut context = request.context().clone();
        context.begin(now());
        let (mut found, mut known) = (Vec::new(), BTreeSet::new());
        for number in 1..=MOST_PAGES {
            let mut is_new = false;
            for Listed { is_own, verification } in self.page(request, &context, number).await? {
                // A run can slide onto the next page while pages are read.
                if known.insert((verification.reference.clone(), is_own)) {
                    is_new = true;
                    found.extend(is_own.then_some(verification));
                }
            }
            if !is_new {
                return Ok(found);
            }
        }
        Err(invalid_response("the vendor's list of workflow runs does not end")
            .with_delivery(Delivery::Answered)
            .with_provider(self.id.clone())
            .with_operation(Operation::Find))
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.unsupported(Operation::Import, "Onfido takes over no verification made elsewhere: use `start`")
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        self.unsupported(
            Operation::Cancel,
            "Onfido withdraws no run: let its link expire (`link_lifetime`), or use `erase`",
        )
    }

    /// Deletes the applicant, and with it every run of that applicant.
    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        let session = &request.session;
        Self::admit(RequestValidator::erase(&self.profile, &self.id, request), session)?;
        let mut context = request.context().clone();
        context.begin(now());
        let applicant = |run: &Run<'_>| match run.applicant.as_deref().filter(|id| mapping::is_id(id)) {
            Some(id) => Ok(id.to_owned()),
            None => Err(invalid_response("the vendor's answer does not say whose run it is")),
        };
        let applicant = self.retrieve(Operation::Erase, session, &context, applicant).await?;
        let call = Call::delete(Operation::Erase, ReplaySafety::Idempotent, [APPLICANTS, &applicant])
            .endpoint("delete applicant")
            .context(&context);
        let read = |text: &str| match text.trim_ascii().is_empty() {
            true => Ok(ErasureState::Accepted),
            false => {
                Err(invalid_response("the vendor answered a deletion with something, and documents nothing"))
            }
        };
        let state = match self.parts.client.send_and_read(call, read).await {
            Ok(answer) => answer.body,
            // The run was read with the same token, so the applicant is unknown because it was deleted.
            Err(error) if is_gone(&error) => ErasureState::AlreadyGone,
            Err(error) => return Err(error),
        };
        Ok(Erasure::new(session.clone(), state))
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        let message = "Onfido appends nothing to the return URL: use `check` or webhooks";
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

fn is_gone(error: &Error) -> bool {
    let code = error.code().map(AsRef::as_ref);
    error.kind() == ErrorKind::NotFound
        && code.is_some_and(|code: &str| code.eq_ignore_ascii_case(mapping::NOT_FOUND))
}
