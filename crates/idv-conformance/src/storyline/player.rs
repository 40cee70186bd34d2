//! The player: an application that follows next actions and errors, and records its view.

use std::collections::BTreeSet;
use std::time::Duration;

use idv_core::{
    Correlation, Delivery, Error, FindRequest, HumanDuration, NextAction, Redirect, Result, SessionRef,
    StartRequest, Timestamp, Verification, VerificationProvider, VerificationSession, WebhookOutcome,
    WebhookRequest,
};

use super::{Act, Acted, Beat, Case, Mishap, Role, Stage, StageError, Webhook};

/// The reason why a storyline stops.
pub(super) enum Stop {
    /// The storyline has ended; the trace has its events.
    Ended,
    /// The stage broke.
    Broken(StageError),
}

impl From<StageError> for Stop {
    fn from(error: StageError) -> Self {
        Self::Broken(error)
    }
}

/// The result of a step, or the reason why the storyline stops.
pub(super) type Step<T = ()> = Result<T, Stop>;

/// The result of a search for the session of a start whose answer was lost.
pub(super) enum Looked {
    Found,
    Absent,
    /// Nothing at the vendor tells whether there is a session.
    Unknowable,
}

/// A session that the application holds. One that was found again has no link.
struct Held {
    reference: SessionRef,
    link: Option<Link>,
}

struct Link {
    single_use: bool,
    ends: Option<Timestamp>,
}

/// The application and its stage.
pub(super) struct Player<'a> {
    stage: &'a dyn Stage,
    provider: &'a dyn VerificationProvider,
    case: Case,
    held: Option<Held>,
    /// The URL to which the vendor last sent the browser.
    redirect: Option<String>,
    /// The vendor's id of the user, once it is known.
    user: Option<String>,
    events: BTreeSet<String>,
    starts: usize,
    beats: Vec<Beat>,
}

impl<'a> Player<'a> {
    pub(super) async fn enter(
        stage: &'a dyn Stage,
        provider: &'a dyn VerificationProvider,
    ) -> Result<Self, StageError> {
        // What is still under way belongs to somebody before.
        stage.webhooks().await?;
        let case = stage.enter().await?;
        Ok(Self {
            stage,
            provider,
            case,
            held: None,
            redirect: None,
            user: None,
            events: BTreeSet::new(),
            starts: 0,
            beats: Vec::new(),
        })
    }

    pub(super) fn into_beats(self) -> Vec<Beat> {
        self.beats
    }

    fn add(&mut self, beat: Beat) {
        self.beats.push(beat);
    }

    /// Records a step of the application itself.
    pub(super) fn remark(&mut self, step: &str, note: &str) {
        self.add(Beat::new(Role::Application, step).note(note));
    }

    /// Records a step that the vendor does not support.
    fn lacking(&mut self, step: &str, why: &str) {
        self.add(Beat::not_at_this_vendor(Role::Application, step, why));
    }

    /// Records an error that ends the storyline.
    fn give_up<T>(&mut self, step: &str, error: &Error) -> Step<T> {
        self.add(Beat::new(Role::Application, step).failed(error));
        Err(Stop::Ended)
    }

    fn hold(&mut self, session: &VerificationSession) {
        let ends = session.expires_at.map(|expiry| expiry.at);
        let link = Some(Link { single_use: session.single_use, ends });
        self.held = Some(Held { reference: session.reference.clone(), link });
    }

    fn reference(&self) -> Step<SessionRef> {
        let held = self.held.as_ref().map(|held| held.reference.clone());
        held.ok_or_else(|| StageError::new("a storyline goes on without a session").into())
    }

    fn opened(&mut self, step: &str, session: &VerificationSession) {
        let once = if session.single_use { "the link opens once" } else { "the link is not single-use" };
        let open_end = if session.expires_at.is_none() { ", and its end is not known" } else { "" };
        let note = format!("{once}{open_end}");
        self.add(Beat::new(Role::Application, step).status(session.status).note(note));
        self.hold(session);
    }

    /// The request of a start, with a key of its own if the vendor supports keys.
    fn request(&mut self) -> StartRequest {
        self.starts += 1;
        let request = self.case.start.clone();
        if !self.provider.profile().capabilities.idempotent_start {
            return request;
        }
        let key = format!("{}.{}", request.reference, self.starts);
        request.idempotency_key(key)
    }

    /// Starts, and returns the error if it fails.
    pub(super) async fn try_start(&mut self, step: &str) -> Result<(), (StartRequest, Error)> {
        let request = self.request();
        match self.provider.start(&request).await {
            Ok(session) => {
                self.opened(step, &session);
                Ok(())
            }
            Err(error) => {
                self.add(Beat::new(Role::Application, step).failed(&error));
                Err((request, error))
            }
        }
    }

    pub(super) async fn start(&mut self, step: &str) -> Step {
        self.try_start(step).await.map_err(|_| Stop::Ended)
    }

    /// The same request once more, under the same key if the vendor supports keys.
    pub(super) async fn repeat(&mut self, request: &StartRequest) -> Step {
        let step = match self.provider.profile().capabilities.idempotent_start {
            true => "repeats the start, with the same key",
            false => "repeats the start",
        };
        match self.provider.start(request).await {
            Ok(session) => {
                self.opened(step, &session);
                Ok(())
            }
            Err(error) => self.give_up(step, &error),
        }
    }

    /// Goes on after a wish of the vendor, as the action says. False if there is no way on.
    pub(super) async fn resume(&mut self, action: &NextAction) -> Step<bool> {
        if *action == NextAction::ContinueSession {
            self.remark("gives the applicant the link in hand", "the same link goes on");
            return Ok(true);
        }
        if *action == NextAction::ResumeSession && !self.refresh("asks for a fresh link").await? {
            return Ok(false);
        }
        self.check("after the fresh link").await?;
        Ok(true)
    }

    /// Gets a fresh link, if the vendor gives one.
    pub(super) async fn refresh(&mut self, step: &str) -> Step<bool> {
        if !self.provider.profile().capabilities.refresh {
            self.lacking(step, "no second link for a session");
            return Ok(false);
        }
        let request = self.case.refresh(&self.reference()?);
        match self.provider.refresh(&request).await {
            Ok(session) => {
                self.opened(step, &session);
                Ok(true)
            }
            Err(error) => self.give_up(step, &error),
        }
    }

    fn state(beat: Beat, verification: &Verification) -> Beat {
        beat.status(verification.status)
            .says(&verification.provider_status)
            .reasons(&verification.reasons)
            .next(&verification.next_action)
    }

    pub(super) async fn check(&mut self, when: &str) -> Step<NextAction> {
        let step = format!("checks {when}");
        let mut request = self.case.check(&self.reference()?);
        if let Some(user) = &self.user {
            request = request.expect(Correlation::USER_ID, user);
        }
        match self.provider.check(&request).await {
            Ok(verification) => {
                self.user = verification.correlation.get(Correlation::USER_ID).map(str::to_owned);
                self.add(Self::state(Beat::new(Role::Application, step), &verification));
                Ok(verification.next_action)
            }
            Err(error) => self.give_up(&step, &error),
        }
    }

    /// Looks for the session of a start whose answer was lost: by the caller's own reference if the vendor can, else by
    /// a check of the reference that the adapter makes of it.
    pub(super) async fn look(&mut self) -> Step<Looked> {
        if !self.provider.profile().capabilities.find {
            self.lacking("looks for its own reference", "no search");
            return self.look_by_check().await;
        }
        let step = "looks for its own reference";
        let found = self.provider.find(&FindRequest::new(&self.case.start.reference)).await;
        let found = match found {
            Ok(found) => found,
            Err(error) => return self.give_up(step, &error),
        };
        let note = format!("{} found", found.len());
        let beat = Beat::new(Role::Application, step).note(note);
        let Some(newest) = found.first() else {
            self.add(beat);
            return Ok(Looked::Absent);
        };
        self.add(Self::state(beat, newest));
        self.held = Some(Held { reference: newest.reference.clone(), link: None });
        Ok(Looked::Found)
    }

    /// Checks the reference that the adapter makes of the caller's own, where it makes one of it.
    async fn look_by_check(&mut self) -> Step<Looked> {
        let reference = SessionRef::new(self.provider.id().clone(), &self.case.start.reference);
        let reference = reference.map_err(StageError::new)?;
        let step = "checks in place of the lost answer";
        let request = self.case.check(&reference);
        self.held = Some(Held { reference, link: None });
        match self.provider.check(&request).await {
            Ok(verification) => {
                self.user = verification.correlation.get(Correlation::USER_ID).map(str::to_owned);
                self.add(Self::state(Beat::new(Role::Application, step), &verification));
                Ok(Looked::Found)
            }
            Err(error) if error.delivery() == Delivery::NotSent => {
                self.lacking(step, "its own reference names no session");
                Ok(Looked::Unknowable)
            }
            Err(error) => self.give_up(step, &error),
        }
    }

    /// Performs an act at the vendor. False if the vendor does not support it.
    pub(super) async fn act(&mut self, act: Act) -> Step<bool> {
        let acted = self.stage.act(&self.case, &self.reference()?, &act).await?;
        Ok(self.write_down(act.role(), &act.words(), acted))
    }

    pub(super) async fn arrange(&mut self, mishap: Mishap) -> Step<bool> {
        let acted = self.stage.arrange(mishap).await?;
        Ok(self.write_down(Role::Vendor, mishap.words(), acted))
    }

    fn write_down(&mut self, role: Role, step: &str, acted: Acted) -> bool {
        match acted {
            Acted::Done { redirect } => {
                self.add(Beat::new(role, step));
                self.redirect = redirect.or_else(|| self.redirect.take());
                true
            }
            Acted::NotAtThisVendor { why } => {
                self.add(Beat::not_at_this_vendor(role, step, why));
                false
            }
        }
    }

    /// Processes the webhooks that arrived since the last call. The application stores their ids, and drops duplicates.
    pub(super) async fn webhooks(&mut self, step: &str) -> Step {
        let arrived = self.stage.webhooks().await?;
        if self.provider.profile().capabilities.webhooks.is_none() {
            self.lacking(step, "no webhooks");
            return Ok(());
        }
        if arrived.is_empty() {
            self.add(Beat::new(Role::Application, step).note("none came"));
            return Ok(());
        }
        for webhook in &arrived {
            let beat = self.webhook(Beat::new(Role::Application, step), webhook);
            self.add(beat);
        }
        Ok(())
    }

    fn webhook(&mut self, beat: Beat, webhook: &Webhook) -> Beat {
        let request = WebhookRequest::new(&webhook.headers, &webhook.body, self.stage.now());
        match self.provider.verify_webhook(&request) {
            Ok(WebhookOutcome::Event(event)) => {
                if !self.events.insert(event.id.to_string()) {
                    return beat.note("dropped: its id was seen before");
                }
                let mut beat = beat.reasons(event.reasons()).next(&event.next_action);
                beat.status = event.status();
                beat.provider_status = event.provider_status().map(ToString::to_string);
                beat.assurance = Some(event.assurance());
                beat.event_type = Some(event.provider_event_type.to_string());
                beat
            }
            Ok(WebhookOutcome::Ignored { provider_event_type, .. }) => {
                let mut beat = beat.note("ignored: not about a verification");
                beat.event_type = Some(provider_event_type.to_string());
                beat
            }
            Ok(_) => beat.note("of a kind that storylines do not know"),
            Err(error) => beat.failed(&error),
        }
    }

    /// Reads the return URL, if the vendor sends the browser back.
    pub(super) fn come_back(&mut self, step: &str) -> Step {
        let redirect = self.redirect.take();
        if !self.provider.profile().capabilities.redirect {
            self.lacking(step, "no return URL with parameters");
            return Ok(());
        }
        let Some(uri) = redirect else {
            self.add(Beat::new(Role::Application, step).note("the browser was not sent back"));
            return Ok(());
        };
        let reference = self.reference()?;
        match self.provider.parse_redirect(&Redirect::new(&reference, &uri)) {
            Ok(outcome) => {
                let mut beat = Beat::new(Role::Application, step)
                    .status(outcome.status())
                    .says(&outcome.provider_status)
                    .next(&outcome.next_action())
                    .note("a hint");
                beat.reasons = outcome.reason.iter().map(ToString::to_string).collect();
                self.add(beat);
                Ok(())
            }
            Err(error) => self.give_up(step, &error),
        }
    }

    /// Returns the applicant to a page: the link in hand if it still opens, else a fresh one, else a new session.
    pub(super) async fn reopen(&mut self) -> Step {
        let link = self.held.as_ref().and_then(|held| held.link.as_ref());
        let now = self.stage.now();
        let why = match link {
            None => "the link was lost",
            Some(link) if link.ends.is_some_and(|end| end <= now) => "the link has expired",
            Some(link) if link.single_use => "the link was opened once already",
            Some(_) => {
                self.remark("gives the applicant the link in hand", "it is not single-use");
                return Ok(());
            }
        };
        self.remark("has no link in hand", why);
        self.refresh("asks for a fresh link").await.map(drop)
    }

    /// Waits as long as the vendor asks, and gets fresh credentials if the old ones have expired by then.
    pub(super) async fn cool_down(&mut self, wait: Duration) -> Step {
        self.remark("waits", &HumanDuration::from(wait).to_string());
        self.stage.advance(wait).await?;
        Ok(self.stage.renew(&mut self.case).await?)
    }

    /// Records the number of things that the vendor holds in the end.
    pub(super) async fn count(&mut self) -> Step {
        let held = self.stage.held(&self.case).await?;
        let plural = if held.count == 1 { "" } else { "s" };
        let note = format!("{} {}{plural}", held.count, held.what);
        self.add(Beat::new(Role::Vendor, "holds in the end").note(note));
        Ok(())
    }
}
