//! The test context of every check: the adapter, a mock vendor, a clock, and applicants.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use idv_core::testing::{CountingRandomness, FixedClock};
use idv_core::{
    CancelRequest, CheckRequest, Clock, ConfigProblem, EraseRequest, Error, ErrorKind, FindRequest,
    HttpOptions, ImportRequest, Input, MappingRow, OnboardingId, Operation, ProviderId, RefreshRequest,
    Result, SessionRef, StartRequest, Surface, Timestamp, UserToken, VerificationProvider,
    VerificationStatus, WebhookOutcome, WebhookRequest,
};
use serde_json::Value;

use crate::applicant::applicant;
use crate::ask::{Ask, Given};
use crate::cases::Cases;
use crate::condition::Facts;
use crate::instance::{Swapped, build, context, options, secret_options, secrets};
use crate::json;
use crate::reply::{Manner, Reply};
use crate::stand_in::{Seen, StandIn};
use crate::subject::{Event, StartCost, Subject, Webhooks};
use crate::under_way;

/// The time of every check, 2026-11-20T12:00:00Z.
const NOW: i64 = 1_795_176_000;

/// The time of an attempt at a vendor that never answers.
pub(crate) const MOMENT: Duration = Duration::from_millis(20);

/// The longest such time, if the machine is too busy for the request to arrive within [`MOMENT`].
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// The operations that talk to the vendor.
pub(crate) const CALLS: [Operation; 7] = [
    Operation::Start,
    Operation::Refresh,
    Operation::Check,
    Operation::Find,
    Operation::Import,
    Operation::Cancel,
    Operation::Erase,
];

/// The test context of every check.
pub struct Trial<'a> {
    pub(crate) subject: &'a dyn Subject,
    pub(crate) vendor: StandIn,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) provider: Arc<dyn VerificationProvider>,
    random: Arc<CountingRandomness>,
}

impl std::fmt::Debug for Trial<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trial").field("vendor", &self.vendor).finish_non_exhaustive()
    }
}

impl<'a> Trial<'a> {
    /// Sets up the mock vendor and builds the adapter.
    pub(crate) async fn set_up(shared: &'a Arc<dyn Subject>) -> Result<Self, String> {
        let subject = &**shared;
        let vendor =
            StandIn::listen_as(shared).await.map_err(|error| format!("the stand-in vendor: {error}"))?;
        let clock = Arc::new(FixedClock::new(Timestamp::from_unix_seconds(NOW)));
        let random = Arc::new(CountingRandomness::default());
        let options = options(subject, vendor.base_url());
        let context = context(secrets(subject), &clock, &random, HttpOptions::default());
        let provider = build(subject, vendor.shared(), &options, &context)
            .map_err(|problems| format!("the options of the subject are refused: {problems:?}"))?;
        Ok(Self { subject, vendor, clock, provider, random })
    }

    /// The options of the adapter, webhook secrets included.
    pub(crate) fn options(&self) -> Value {
        self.options_at(self.vendor.base_url())
    }

    /// The options of an adapter whose vendor is elsewhere.
    pub(crate) fn options_at(&self, address: &str) -> Value {
        options(self.subject, address)
    }

    /// Another instance, from the given options.
    pub(crate) fn build(
        &self,
        options: &Value,
    ) -> std::result::Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
        self.build_with(options, HttpOptions::default())
    }

    /// Another instance, whose attempts last no longer than this.
    pub(crate) fn impatient(
        &self,
        attempt: Duration,
    ) -> std::result::Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
        let mut http = HttpOptions::default();
        http.attempt_timeout = attempt;
        self.build_with(&self.options(), http)
    }

    pub(crate) fn build_with(
        &self,
        options: &Value,
        http: HttpOptions,
    ) -> std::result::Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
        let context = context(secrets(self.subject), &self.clock, &self.random, http);
        build(self.subject, self.vendor.shared(), options, &context)
    }

    /// Another instance, with another value of one environment variable in place of the secret.
    pub(crate) fn build_finding(
        &self,
        name: &str,
        text: &str,
    ) -> std::result::Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
        let swapped = Swapped { rest: secrets(self.subject), name: name.to_owned(), text: text.into() };
        let context = context(Arc::new(swapped), &self.clock, &self.random, HttpOptions::default());
        build(self.subject, self.vendor.shared(), &self.options(), &context)
    }

    /// The secrets of the options: see [`secret_options`].
    pub(crate) fn secret_options(&self) -> Vec<(String, String, String)> {
        secret_options(self.subject)
    }

    pub(crate) fn id(&self) -> &ProviderId {
        self.provider.id()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The facts on which the conditions of checks depend.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { subject: self.subject, profile: self.provider.profile() }
    }

    /// Whether the profile supports an operation.
    pub(crate) fn can(&self, operation: Operation) -> bool {
        self.facts().can(operation)
    }

    /// The operations that talk to the vendor and that this one supports.
    pub(crate) fn calls(&self) -> impl Iterator<Item = Operation> {
        CALLS.into_iter().filter(|operation| self.can(*operation))
    }

    /// The vendor's id of the session of an applicant.
    pub(crate) fn session_id(number: usize) -> String {
        under_way::session_id(number)
    }

    /// All inputs of an applicant, in the form that every vendor accepts.
    pub(crate) fn applicant(&self, number: usize) -> StartRequest {
        applicant(self.subject, number)
    }

    /// The word of the first row of the REST surface.
    pub(crate) fn a_word(&self) -> String {
        self.facts().a_word()
    }

    /// The answer to a check of an applicant whom the vendor approved, where it has a word for that.
    pub(crate) fn approved(&self) -> Value {
        let rows = self.rows(Surface::CheckStatus);
        let approved = rows.iter().find(|row| row.status == Some(VerificationStatus::Approved));
        let word = approved.map_or_else(|| self.a_word(), |row| row.word.to_string());
        self.state(1, &word)
    }

    /// The rows of one surface.
    pub(crate) fn rows(&self, surface: Surface) -> Vec<MappingRow> {
        self.facts().rows(surface)
    }

    /// The rows of the REST surface that are verdicts on an applicant.
    pub(crate) fn verdict_rows(&self) -> Vec<MappingRow> {
        let decides = |row: &MappingRow| row.status.is_some_and(VerificationStatus::is_decision);
        self.rows(Surface::CheckStatus).into_iter().filter(decides).collect()
    }

    /// The places of ids in the answer to a check of the first applicant: those of the key of the reference, and those
    /// that the subject names.
    pub(crate) fn id_places(&self, reference: &SessionRef) -> Vec<String> {
        let answer = self.state(1, &self.a_word());
        let mut places = json::places(&answer, reference.key());
        places.extend(self.subject.subject_id_places().into_iter().map(str::to_owned));
        places.sort();
        places.dedup();
        places
    }

    /// The words of a surface to compare verdicts with each other: see [`Facts::opposites`].
    pub(crate) fn opposites(&self, surface: Surface) -> Vec<[String; 2]> {
        self.facts().opposites(surface)
    }

    /// The vendor's answer to a check of an applicant, whose state is this word from now on.
    pub(crate) fn state(&self, number: usize, word: &str) -> Value {
        self.vendor.shared().under_way().set_state(word, false);
        self.subject.state(&Self::session_id(number), word)
    }

    /// The vendor's success answer to an operation about an applicant, whose state is the first word from now on.
    pub(crate) fn success(&self, operation: Operation, number: usize) -> Reply {
        let session = Self::session_id(number);
        self.vendor.shared().under_way().set_state(&self.a_word(), false);
        match operation {
            Operation::Cancel => return self.subject.cancelled(&session),
            Operation::Erase => {
                let documented = self.subject.erased(&session).into_iter().next();
                return documented.map_or_else(|| Reply::json(200, &Value::Null), |(reply, _)| reply);
            }
            _ => {}
        }
        Reply::json(
            200,
            &match operation {
                Operation::Start => self.subject.started(&session),
                Operation::Refresh => self.subject.refreshed(&session),
                Operation::Find => self.subject.found(&self.applicant(number).reference, &[&session]),
                Operation::Import => self.subject.imported(&session, &self.a_word()),
                _ => self.subject.state(&session, &self.a_word()),
            },
        )
    }

    /// Starts for an applicant at a vendor without faults, and drops the recorded requests.
    pub(crate) async fn begun(&self, number: usize) -> Result<SessionRef> {
        self.vendor.answer(self.success(Operation::Start, number));
        let session = self.provider.start(&self.applicant(number)).await?;
        self.vendor.take();
        Ok(session.reference)
    }

    /// The requests of a call at a vendor without faults, in order, with their parts. `reply` answers the operation's own.
    pub(crate) async fn sequence(
        &self,
        provider: &dyn VerificationProvider,
        operation: Operation,
        reference: &SessionRef,
        reply: Reply,
    ) -> Vec<Seen> {
        self.vendor.answer(reply);
        self.vendor.take();
        // A failure of such a call is the subject of other checks.
        let _ = self.call(provider, operation, 1, reference).await;
        self.vendor.take_seen()
    }

    /// The credentials of an applicant, where the flow needs them for every call.
    fn credentials(&self, number: usize) -> (Option<UserToken>, Option<OnboardingId>) {
        let applicant = self.applicant(number).into_input();
        (applicant.user_token, applicant.onboarding_id)
    }

    pub(crate) fn check_of(&self, number: usize, reference: &SessionRef) -> CheckRequest {
        let mut request = CheckRequest::new(reference.clone());
        (request.user_token, request.onboarding_id) = self.credentials(number);
        request
    }

    pub(crate) fn refresh_of(&self, number: usize, reference: &SessionRef) -> RefreshRequest {
        let mut request = RefreshRequest::new(reference.clone());
        (request.user_token, request.onboarding_id) = self.credentials(number);
        request
    }

    pub(crate) fn cancel_of(&self, number: usize, reference: &SessionRef) -> CancelRequest {
        let mut request = CancelRequest::new(reference.clone());
        (request.user_token, request.onboarding_id) = self.credentials(number);
        request
    }

    pub(crate) fn erase_of(&self, number: usize, reference: &SessionRef) -> EraseRequest {
        let mut request = EraseRequest::new(reference.clone());
        (request.user_token, request.onboarding_id) = self.credentials(number);
        request
    }

    pub(crate) fn find_of(&self, number: usize) -> FindRequest {
        FindRequest::new(self.applicant(number).into_input().reference)
    }

    pub(crate) fn import_of(&self, number: usize) -> ImportRequest {
        let mut request = ImportRequest::new(format!("share-token-conformance-{number}"));
        request.organization = self.applicant(number).into_input().organization;
        request
    }

    /// Calls an operation about an applicant whose session has begun.
    pub(crate) async fn call(
        &self,
        provider: &dyn VerificationProvider,
        operation: Operation,
        number: usize,
        reference: &SessionRef,
    ) -> Result<Given> {
        self.call_within(provider, operation, number, reference, None).await
    }

    /// Calls an operation within a time limit.
    pub(crate) async fn call_within(
        &self,
        provider: &dyn VerificationProvider,
        operation: Operation,
        number: usize,
        reference: &SessionRef,
        deadline: Option<Duration>,
    ) -> Result<Given> {
        self.ask(operation, number, reference).within(deadline).send(provider).await
    }

    /// A call of an operation about an applicant whose session has begun.
    pub(crate) fn ask(&self, operation: Operation, number: usize, reference: &SessionRef) -> Ask {
        match operation {
            Operation::Start => Ask::Start(self.applicant(number)),
            Operation::Refresh => Ask::Refresh(self.refresh_of(number, reference)),
            Operation::Find => Ask::Find(self.find_of(number)),
            Operation::Import => Ask::Import(self.import_of(number)),
            Operation::Cancel => Ask::Cancel(self.cancel_of(number, reference)),
            Operation::Erase => Ask::Erase(self.erase_of(number, reference)),
            _ => Ask::Check(self.check_of(number, reference)),
        }
    }

    /// Calls a vendor that never answers. If the machine is too busy for the request to arrive in time, the adapter is
    /// given more time.
    pub(crate) async fn unanswered(
        &self,
        cases: &mut Cases,
        operation: Operation,
        number: usize,
        reference: &SessionRef,
    ) -> Option<Error> {
        let mut patience = MOMENT;
        loop {
            let provider = cases.built("impatient", self.impatient(patience))?;
            self.vendor.answer(self.success(operation, number).in_manner(Manner::Silent));
            self.vendor.take();
            let error = self.call(&*provider, operation, number, reference).await.err();
            if !self.vendor.take_own().is_empty() || patience > PATIENCE {
                return error;
            }
            patience *= 4;
        }
    }

    /// The retry verdicts of the table: nothing sent, answered 429, answered 5xx, unknown.
    pub(crate) fn verdicts(&self, operation: Operation) -> [&'static str; 4] {
        let cost = match operation {
            Operation::Refresh => self.subject.refresh_cost(),
            _ => self.subject.start_cost(),
        };
        match (operation, cost) {
            (Operation::Import, _) => ["allowed", "allowed", "never", "after_check"],
            (Operation::Refresh, _) if self.subject.refresh_is_a_read() => ["allowed"; 4],
            (Operation::Start | Operation::Refresh, StartCost::NothingUnlessAnswered) => {
                ["allowed", "allowed", "after_check", "allowed"]
            }
            (Operation::Start | Operation::Refresh, StartCost::Session) => {
                ["allowed", "allowed", "allowed", "after_check"]
            }
            (Operation::Start | Operation::Refresh, StartCost::SessionEvenAfterServerError) => {
                ["allowed", "allowed", "after_check", "after_check"]
            }
            _ => ["allowed"; 4],
        }
    }

    /// The retry verdict for an answer that is an error of a kind.
    pub(crate) fn verdict_on(&self, operation: Operation, kind: ErrorKind) -> &'static str {
        let [_, throttled, broken, unknown] = self.verdicts(operation);
        let costs = unknown == "after_check" || broken == "after_check";
        match kind {
            ErrorKind::RateLimited => throttled,
            ErrorKind::Unavailable => broken,
            // It may have worked all the same.
            ErrorKind::InvalidResponse if costs => "after_check",
            _ => "never",
        }
    }

    /// An event of the vendor's about a session, which happens now.
    pub(crate) fn event<'e>(
        &self,
        id: &'e str,
        session: &'e SessionRef,
        status: Option<&'e str>,
    ) -> Event<'e> {
        Event { id, session: session.key(), event_type: None, status, reason: None, at: self.now() }
    }

    /// Delivers a webhook to the adapter.
    pub(crate) fn deliver(
        &self,
        provider: &dyn VerificationProvider,
        headers: &[(&'static str, String)],
        body: &[u8],
    ) -> Result<WebhookOutcome> {
        let headers = header_map(headers);
        provider.verify_webhook(&WebhookRequest::new(&headers, body, self.now()))
    }

    /// Signs an event with the configured secret and delivers it.
    pub(crate) fn send(&self, webhooks: &dyn Webhooks, event: &Event<'_>) -> Result<WebhookOutcome> {
        let body = webhooks.event(event).to_string().into_bytes();
        let headers = webhooks.sign(webhooks.secrets()[0], event, &body);
        self.deliver(&*self.provider, &headers, &body)
    }

    /// The secrets that must never be printed.
    pub(crate) fn canaries(&self) -> Vec<String> {
        let applicant = self.applicant(1);
        let personal = [Input::FIRST_NAME, Input::LAST_NAME, Input::EMAIL, Input::PHONE];
        let credentials = [Input::USER_TOKEN, Input::ONBOARDING_ID];
        let given = personal.iter().chain(&credentials).filter_map(|input| applicant.text(input));
        let mut canaries: Vec<String> = given.map(str::to_owned).collect();
        canaries.extend(self.subject.secrets().into_iter().map(|(_, value)| value.to_owned()));
        canaries.extend(
            self.subject.webhooks().iter().flat_map(|webhooks| webhooks.secrets()).map(str::to_owned),
        );
        canaries.push("share-token-conformance-1".to_owned());
        canaries
    }

    /// The same, and every link that opens the session of an applicant.
    pub(crate) fn unprintable(&self) -> Vec<String> {
        let session = Self::session_id(1);
        let told = [self.subject.started(&session), self.subject.refreshed(&session)];
        let told = told.iter().flat_map(json::texts).chain(self.vendor.step_texts());
        let bearers = told.filter(|text| text.contains("://"));
        self.canaries().into_iter().chain(bearers).collect()
    }
}

pub(crate) fn header_map(headers: &[(&'static str, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(*name), HeaderValue::try_from(value.as_str())) {
            map.append(name, value);
        }
    }
    map
}

/// The vendor's word of a row, without its condition.
pub(crate) fn word(row: &MappingRow) -> &str {
    row.word.split_once(" with ").map_or(&*row.word, |(word, _)| word)
}

/// The second word on which a row depends: `z` of `x with y z`.
pub(crate) fn condition(row: &MappingRow) -> Option<&str> {
    row.word.split_once(" with ")?.1.split_once(' ').map(|(_, word)| word)
}

/// Kind, delivery and retry verdict, in their words.
pub(crate) fn axes(error: &Error) -> [&'static str; 3] {
    [error.kind().as_str(), error.delivery().as_str(), error.retry().as_str()]
}
