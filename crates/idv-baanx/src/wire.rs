//! Baanx's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use idv_core::Result;
use idv_http::json::{self, Facts, Found, JsonError, Places, Value};
use serde::Serialize;

/// The answer of both calls that open a session (docs.baanx.com, "Start User Verification").
pub(crate) struct Session<'a> {
    pub(crate) url: Cow<'a, str>,
}

#[derive(Clone, Copy, PartialEq)]
enum SessionFact {
    Url,
}

static SESSION: Places<SessionFact> = Places::new(&[(SessionFact::Url, &["sessionUrl"])]);

impl<'a> Session<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        Ok(Self { url: SESSION.read(text)?.required_text(SessionFact::Url)? })
    }
}

/// The facts that are kept of a user (docs.baanx.com, "Get user" and "Get onboarding status"). The answer holds the whole
/// profile, of which the rest is never stored. Only the state has to have its documented form: other fields must not hide it.
/// The call names no user, so an answer without an id is about the owner of the credential.
pub(crate) struct User<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) state: Cow<'a, str>,
}

#[derive(Clone, Copy, PartialEq)]
enum UserFact {
    Id,
    State,
}

static USER: Places<UserFact> =
    Places::new(&[(UserFact::Id, &["id"]), (UserFact::State, &["verificationState"])]);

impl<'a> User<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        let user = USER.read(text)?;
        user.refuse_error_envelope()?;
        Ok(Self { id: user.word(UserFact::Id).given(), state: user.required_text(UserFact::State)? })
    }
}

/// The body that opens a session of a registration (docs.baanx.com, "Generate KYC Verification Session").
#[derive(Serialize)]
pub(crate) struct Onboarding<'a> {
    #[serde(rename = "onboardingId")]
    pub(crate) id: &'a str,
}

/// The facts of a webhook.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fact {
    EventType,
    EventId,
    User,
    ExternalUser,
    Status,
    /// The status after a change: changes are `[before, after]`. By itself that is no status: it tells of a change, and not
    /// of the present state.
    StatusChange,
    FailureCode,
    Time,
}

/// Where the documentation has the facts of a webhook. It has two shapes and several spellings: the webhooks guide writes
/// snake_case, its delivery logs camelCase, and "Start User Verification" shows a flat object of its own (docs.baanx.com, guide
/// "Webhooks: KYC events", and "Start User Verification", webhook notifications). One table serves all of them, because they
/// share no name with another meaning. The guide's places come first.
static EVENT: Places<Fact> = Places::new(&[
    (Fact::EventType, &["event_type"]),
    (Fact::EventType, &["eventType"]),
    (Fact::EventType, &["event"]),
    (Fact::EventId, &["event_id"]),
    (Fact::EventId, &["eventId"]),
    (Fact::User, &["user_id"]),
    (Fact::User, &["userId"]),
    (Fact::ExternalUser, &["user_external_id"]),
    (Fact::ExternalUser, &["userExternalId"]),
    (Fact::Status, &["event_object", "status"]),
    (Fact::Status, &["eventObject", "status"]),
    (Fact::Status, &["event_object_status"]),
    (Fact::Status, &["eventObjectStatus"]),
    (Fact::Status, &["verificationState"]),
    (Fact::Status, &["verification_state"]),
    (Fact::StatusChange, &["event_object_changes", "status", "1"]),
    (Fact::StatusChange, &["eventObjectChanges", "status", "1"]),
    (Fact::FailureCode, &["event_object", "failure_code"]),
    (Fact::FailureCode, &["event_object", "failureCode"]),
    (Fact::FailureCode, &["eventObject", "failureCode"]),
    (Fact::FailureCode, &["eventObject", "failure_code"]),
    (Fact::Time, &["occurred_at"]),
    (Fact::Time, &["occurredAt"]),
    (Fact::Time, &["timestamp"]),
]);

/// A webhook, read at every place that a fact can have.
pub(crate) struct Event<'a>(Facts<'a, Fact>);

impl<'a> Event<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, JsonError> {
        EVENT.read(json::text_of(body)?).map(Self)
    }

    /// The text or number that every place of a fact holds, where all places that hold one are equal in the eyes of `same`. A
    /// place that cannot be read makes all of them unreadable.
    pub(crate) fn fact(&self, fact: Fact, same: impl Fn(&str, &str) -> bool) -> Found<Cow<'a, str>> {
        let word = |(name, found): (_, Found<Value<'a>>)| {
            (name, found.and_then(|value| value.word(name)).filter(|text| !text.is_empty()))
        };
        json::agreed(self.0.all(fact).map(word), same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(body: &str) -> Found<String> {
        let event = Event::parse(body.as_bytes()).unwrap();
        event.fact(Fact::Status, str::eq_ignore_ascii_case).and_then(|word| Found::Given(word.into_owned()))
    }

    #[test]
    fn places_that_say_nothing_do_not_count() {
        for body in [
            r#"{"event_object":{"status":"x"},"verificationState":null}"#,
            r#"{"event_object":{"status":""},"eventObject":{"status":"x"}}"#,
            r#"{"event_object":[],"verificationState":"x"}"#,
            r#"{"event_object":{"status":"x"},"eventObject":{"status":"X"},"verificationState":"x"}"#,
        ] {
            assert_eq!(fact(body), Found::Given("x".to_owned()), "{body}");
        }
        assert_eq!(fact(r#"{"verificationState":7}"#), Found::Given("7".to_owned()));
        assert_eq!(fact("{}"), Found::Absent);
    }

    #[test]
    fn places_that_disagree_or_cannot_be_read_say_nothing() {
        for body in [
            r#"{"event_object":{"status":"x"},"verificationState":"y"}"#,
            r#"{"verificationState":"y","event_object":{"status":"x"}}"#,
            r#"{"verificationState":"x","verificationState":"x"}"#,
            r#"{"verificationState":["x"],"event_object":{"status":"x"}}"#,
            r#"{"verificationState":"\ud83d"}"#,
        ] {
            assert!(matches!(fact(body), Found::Unreadable(_)), "{body}");
        }
    }

    #[test]
    fn depth_does_not_overflow_the_stack() {
        let deep = "[".repeat(500_000) + &"]".repeat(500_000);
        assert_eq!(
            fact(&format!(r#"{{"event_object":{{"b":{deep},"status":"x"}}}}"#)),
            Found::Given("x".to_owned())
        );
    }
}
