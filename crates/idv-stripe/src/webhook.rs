//! Webhook verification: signatures over time and raw body, then as much as the body says.

use idv_core::signature::{TimestampedHmac, body_digest};
use idv_core::{
    Correlation, Error, ProviderId, ProviderProfile, Result, SessionRef, Timestamp, VendorWord, WebhookEvent,
    WebhookOutcome, WebhookRequest,
};
use idv_http::json::{Found, JsonError, Object};

use crate::auth::Mode;
use crate::mapping;
use crate::wire::Session;

/// The events about sessions: snapshots, and thin events, whose types have a version before them (docs.stripe.com, "Types of
/// events", "Thin events").
const SNAPSHOTS: &str = "identity.verification_session.";
const THIN: &str = "v1.identity.verification_session.";

/// The provider that an event has to fit.
pub(crate) struct Own<'a> {
    pub(crate) provider: &'a ProviderId,
    pub(crate) profile: &'a ProviderProfile,
    pub(crate) mode: Option<Mode>,
    pub(crate) account: Option<&'a str>,
}

impl Own<'_> {
    /// Verifies and reads a webhook. Events of other products, of the other mode than the key's, and of other accounts are
    /// ignored.
    pub(crate) fn read(
        &self,
        keys: &TimestampedHmac,
        webhook: &WebhookRequest<'_>,
    ) -> Result<WebhookOutcome> {
        keys.verify(webhook)?;
        let body = Object::of_body(webhook.body).map_err(unreadable)?;
        let event_type = body.required_text("type").map_err(unreadable)?;
        let (is_thin, told) = match (suffix(&event_type, SNAPSHOTS), suffix(&event_type, THIN)) {
            (Some(told), _) => (false, told),
            (None, Some(told)) => (true, told),
            (None, None) => return Ok(self.ignored(&event_type)),
        };
        let mode = body.word("livemode").given().as_deref().and_then(Mode::of_flag);
        if let (Some(own), Some(said)) = (self.mode, mode)
            && own != said
        {
            return Ok(self.ignored(&format!("{event_type} of {}", said.name())));
        }
        let account =
            body.text(if is_thin { "context" } else { "account" }).optional().map_err(unreadable)?;
        if account.as_deref() != self.account {
            return Ok(self.ignored(&format!("{event_type} of another account")));
        }
        let id = body.text("id").given().filter(|id| !id.is_empty());
        let id = id.map_or_else(|| body_digest(webhook.body), |id| VendorWord::new(&id));
        let mut event = WebhookEvent::signed(self.provider.clone(), id, VendorWord::new(&event_type));
        event.occurred_at = created(&body);
        let event = match is_thin {
            true => self.about(event, body.object("related_object").given().as_ref()),
            false => self.snapshot(event, told, &body).map_err(unreadable)?,
        };
        Ok(WebhookOutcome::Event(Box::new(event)))
    }

    /// Adds the session as it was at the time of the event. One without a state, or whose state is not that of the event's type, is
    /// looked up.
    fn snapshot(
        &self,
        event: WebhookEvent,
        told: &str,
        body: &Object<'_>,
    ) -> Result<WebhookEvent, JsonError> {
        let data = body.object("data").optional()?;
        let session = data.map_or(Found::Absent, |data| data.object("object")).optional()?;
        let event = self.about(event, session.as_ref());
        let Some(Ok(session)) = session.map(Session::of) else { return Ok(event) };
        let is_word = mapping::STATUSES.iter().any(|(word, _)| word.eq_ignore_ascii_case(told));
        if is_word && !told.eq_ignore_ascii_case(&session.status) {
            return Ok(event);
        }
        let (status, word, reasons) = mapping::read(&session.status, session.last_error());
        let next = self.profile.next_action_after_event(Some(status));
        Ok(event.with_status(status, word, reasons, next))
    }

    /// Names the session that an object is or relates to.
    fn about(&self, mut event: WebhookEvent, object: Option<&Object<'_>>) -> WebhookEvent {
        let Some(object) = object else { return event };
        let id = object.text("id").given();
        let session = id.as_deref().filter(|id| mapping::is_session(id));
        event.reference = session.and_then(|id| SessionRef::new(self.provider.clone(), id).ok());
        event.correlation = Correlation::new()
            .with(Correlation::SESSION_ID, id.as_deref())
            .with(Correlation::EXTERNAL_ID, object.text("client_reference_id").given().as_deref());
        event
    }

    fn ignored(&self, word: &str) -> WebhookOutcome {
        WebhookOutcome::Ignored {
            provider: self.provider.clone(),
            provider_event_type: VendorWord::new(word),
        }
    }
}

/// The rest of a type behind its beginning.
fn suffix<'a>(event_type: &'a str, beginning: &str) -> Option<&'a str> {
    let (head, rest) = event_type.split_at_checked(beginning.len())?;
    head.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// Seconds since 1970 in snapshots, and a text in thin events.
fn created(body: &Object<'_>) -> Option<Timestamp> {
    let at = body.word("created").given()?;
    at.parse().map(Timestamp::from_unix_seconds).or_else(|_| at.parse()).ok()
}

fn unreadable(error: JsonError) -> Error {
    Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
}
