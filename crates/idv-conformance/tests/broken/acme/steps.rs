//! A start in three calls: the person, the check, and its link.

use idv_core::{
    CallContext, Delivery, Expiry, Operation, Result, SessionRef, StartRequest, VerificationSession,
};
use idv_http::{Call, ReplaySafety, Sequence, decode, invalid_response, now};
use serde_json::{Value, json};

use super::{AcmeProvider, TOKEN_LIFETIME, answers};
use crate::flaw::Flaw;
use crate::wire;

impl AcmeProvider {
    pub(super) async fn open_in_steps(
        &self,
        request: &StartRequest,
        body: &Value,
    ) -> Result<VerificationSession> {
        let mut context = request.context().clone();
        if !self.has(Flaw::BeginsTheDeadlineAnew) {
            context.begin(now());
        }
        let outcome = self.all_steps(body, &context).await;
        match outcome {
            Err(error)
                if self.has(Flaw::StartsOverAfterALostStep) && error.delivery() == Delivery::Unknown =>
            {
                self.all_steps(body, &context).await
            }
            outcome => outcome,
        }
    }

    async fn all_steps(&self, body: &Value, context: &CallContext) -> Result<VerificationSession> {
        let mut calls = Sequence::new();
        let person = match calls.step(ReplaySafety::Idempotent, self.person(body, context).await) {
            Err(_) if self.has(Flaw::GoesOnAfterAFailedStep) => None,
            person => Some(person?),
        };
        let sent_at = self.context.clock.now();
        let checked =
            calls.step(ReplaySafety::UnlessProcessed, self.new_check(body, person, context).await)?;
        let mut session = calls.step(ReplaySafety::Idempotent, self.link(checked, context).await)?;
        session.expires_at = Some(Expiry::documented(sent_at.saturating_add(TOKEN_LIFETIME)));
        Ok(session)
    }

    async fn person(&self, body: &Value, context: &CallContext) -> Result<String> {
        let call = Call::post(Operation::Start, ReplaySafety::Idempotent, ["people"]);
        let call = call.json(&json!({"email": body["email"]}))?.context(context);
        let read = |text: &str| {
            let person: Value = decode(answers::unmarked(text))?;
            person["person"]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| invalid_response("the answer has no person"))
        };
        self.send_and_read(call, read).await
    }

    async fn new_check(
        &self,
        body: &Value,
        person: Option<String>,
        context: &CallContext,
    ) -> Result<SessionRef> {
        let person =
            person.map(|person| if self.has(Flaw::ChecksOnePerson) { "p-7".to_owned() } else { person });
        let body = json!({"reference": body["reference"], "back": body["back"], "invite": body["invite"], "person": person});
        let call = Call::post(Operation::Start, ReplaySafety::UnlessProcessed, ["checks"]);
        let read = |text: &str| {
            let check: wire::Check = decode(answers::unmarked(text))?;
            self.reference(check.id.text.as_deref().unwrap_or_default())
        };
        self.send_and_read(call.json(&body)?.context(context), read).await
    }

    async fn link(&self, check: SessionRef, context: &CallContext) -> Result<VerificationSession> {
        let key = if self.has(Flaw::LinksOneCheck) { "c-7" } else { check.key() };
        let call = Call::post(Operation::Start, ReplaySafety::Idempotent, ["checks", key, "link"]);
        let read = |text: &str| self.handoff(&decode(answers::unmarked(text))?);
        let mut context = context.clone();
        if self.has(Flaw::IgnoresTheDeadlineOfLinks) {
            context.set_deadline(None);
        }
        let handoff = self.send_and_read(call.json(&json!({}))?.context(&context), read).await?;
        Ok(VerificationSession::new(check, handoff))
    }
}
