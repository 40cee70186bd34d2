//! Answers of a vendor, through the calls that get them.
//!
//! The first line of an input names the call by its first letter (start, refresh, check, find, import; in upper case at
//! the provider on loopback) and the HTTP status. `%%` parts the answers to several calls.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use http::Response;
use idv::{
    CheckRequest, Correlation, Delivery, Error, ErrorKind, FindRequest, ImportRequest, RefreshRequest,
    Result, Retry, SessionRef, StartRequest, Verification, VerificationProvider,
};
use idv_http::fuzzing::answer_with;

use crate::message::Message;
use crate::properties;
use crate::providers::provider;
use crate::texts::Texts;
use crate::webhooks::hex_signature;
use crate::words::Row;

/// The caller's reference in every request.
const CASE: &str = "case-7781";

/// A vendor whose answers are read.
#[derive(Debug)]
pub struct Vendor {
    remote: Arc<dyn VerificationProvider>,
    on_loopback: Arc<dyn VerificationProvider>,
    key: &'static str,
    rows: &'static [Row],
    /// Whether a start that the vendor may have processed must not be repeated without a look.
    start_costs: bool,
    /// Whether a start makes an applicant before it, which costs nothing.
    introduces: bool,
    /// Whether the vendor signs its answers.
    signs: bool,
}

impl Vendor {
    /// A vendor by two of its providers, the second on loopback, the key of a session there, and its words.
    #[must_use]
    pub fn new(providers: [&str; 2], key: &'static str, rows: &'static [Row], start_costs: bool) -> Self {
        let [remote, on_loopback] = providers.map(provider);
        Self { remote, on_loopback, key, rows, start_costs, introduces: false, signs: false }
    }

    /// The same vendor, where a start makes an applicant first: only what comes after that may cost twice.
    #[must_use]
    pub fn introducing(self) -> Self {
        Self { introduces: true, ..self }
    }

    /// The same vendor with a right signature on every answer, so that the fuzzer gets behind it.
    #[must_use]
    pub fn signing(self) -> Self {
        Self { signs: true, ..self }
    }

    fn reply(&self, message: &Message<'_>) -> Response<Vec<u8>> {
        let mut answer = message.answer();
        if self.signs {
            let signature = hex_signature("", message.body).parse().expect("a header");
            answer.headers_mut().insert("x-hmac-signature", signature);
        }
        answer
    }

    /// Lets the provider read the answers of an input.
    pub fn answer(&self, data: &[u8]) {
        let messages: Vec<Message<'_>> = Message::read_all(data).collect();
        let Some(first) = messages.first() else { return };
        let call = first.line.bytes().next().unwrap_or(b'c');
        let exchange = Exchange { vendor: self, messages: &messages, is_local: call.is_ascii_uppercase() };
        match call.to_ascii_lowercase() {
            b's' => exchange.start(),
            b'r' => exchange.refresh(),
            b'f' => exchange.find(),
            b'i' => exchange.import(),
            _ => exchange.check(),
        }
    }
}

struct Exchange<'a> {
    vendor: &'a Vendor,
    messages: &'a [Message<'a>],
    is_local: bool,
}

impl Exchange<'_> {
    fn provider(&self) -> &dyn VerificationProvider {
        &**if self.is_local { &self.vendor.on_loopback } else { &self.vendor.remote }
    }

    fn reference(&self) -> SessionRef {
        SessionRef::new(self.provider().id().clone(), self.vendor.key).expect("a good key")
    }

    /// Everything that the vendor said.
    fn document(&self) -> Texts {
        Texts::of(self.messages.iter().map(|message| message.body))
    }

    /// Makes a call, and looks at what every error has in common.
    fn call<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        answer_with(self.messages.iter().map(|message| self.vendor.reply(message)));
        let outcome = ready(future);
        let statuses: Vec<u16> =
            self.messages.iter().map(|message| message.answer().status().as_u16()).collect();
        match &outcome {
            // Sumsub says 409 of an applicant who is there already, and is asked who that is.
            Ok(_) => assert!(
                matches!(statuses[..], [200..300, ..] | [409, 200..300, ..]),
                "a {} worked",
                statuses[0]
            ),
            Err(error) if error.kind() == ErrorKind::Unsupported => {}
            Err(error) => failure(error, &statuses, self.messages),
        }
        outcome
    }

    fn start(&self) {
        let request = StartRequest::new(CASE)
            .first_name("Ada")
            .last_name("Sample")
            .email("ada@example.com")
            .phone("+15550100000")
            .user_token("user-token")
            .onboarding_id("onboarding-id");
        match self.call(self.provider().start(&request)) {
            Ok(session) => properties::session(&session, self.is_local),
            Err(error) => {
                let repeatable = matches!(error.retry(), Retry::Allowed { .. });
                let refused = error.kind() == ErrorKind::RateLimited;
                let first = self.messages.first().map(|message| message.answer().status());
                let was_introduced = first.is_some_and(|status| status.is_success());
                let costs = self.vendor.start_costs && (was_introduced || !self.vendor.introduces);
                assert!(!costs || !repeatable || refused, "{error} could cost twice");
            }
        }
    }

    fn refresh(&self) {
        let request =
            RefreshRequest::new(self.reference()).user_token("user-token").onboarding_id("onboarding-id");
        if let Ok(session) = self.call(self.provider().refresh(&request)) {
            assert_eq!(session.reference, self.reference());
            properties::session(&session, self.is_local);
        }
    }

    fn check(&self) {
        let request =
            CheckRequest::new(self.reference()).user_token("user-token").onboarding_id("onboarding-id");
        let Ok(read) = self.call(self.provider().check(&request)) else { return };
        self.verification(&read);
        assert_eq!(read.reference, self.reference());
        for name in [Correlation::USER_ID, Correlation::ORGANIZATION_ID, Correlation::EXTERNAL_ID] {
            let request = request.clone().expect(name, "somebody-else");
            let is_them = read.correlation.get(name) == Some("somebody-else");
            assert_eq!(
                self.call(self.provider().check(&request)).is_ok(),
                is_them,
                "an answer for another {name}"
            );
        }
    }

    fn find(&self) {
        let Ok(found) = self.call(self.provider().find(&FindRequest::new(CASE))) else { return };
        for (index, read) in found.iter().enumerate() {
            self.verification(read);
            assert_eq!(read.correlation.get(Correlation::EXTERNAL_ID), Some(CASE));
            assert!(!found[..index].iter().any(|other| other.reference == read.reference), "found twice");
        }
    }

    fn import(&self) {
        let outcome = self.call(self.provider().import(&ImportRequest::new("share-token")));
        match outcome {
            Ok(read) => self.verification(&read),
            Err(error) => {
                let repeatable = matches!(error.retry(), Retry::Allowed { .. });
                assert!(
                    !repeatable
                        || [ErrorKind::RateLimited, ErrorKind::Conflict, ErrorKind::Unavailable]
                            .contains(&error.kind())
                );
            }
        }
    }

    fn verification(&self, read: &Verification) {
        properties::verification(read, self.vendor.rows, &self.document());
    }
}

/// What is true of every error after an answer. Where several calls were made, it is about one of their answers.
fn failure(error: &Error, statuses: &[u16], messages: &[Message<'_>]) {
    let content_types = messages.iter().flat_map(|message| message.headers.get_all("content-type"));
    let content_types: Vec<&str> = content_types.filter_map(|value| value.to_str().ok()).collect();
    properties::error_beside(error, &content_types);
    if statuses.contains(&407) && error.kind() == ErrorKind::Connection {
        // A proxy says so, and has passed nothing on.
        return assert_eq!(error.delivery(), Delivery::NotSent, "{error:?}");
    }
    assert_eq!(error.delivery(), Delivery::Answered, "{error:?}");
    let Some(status) = error.http_status() else {
        // The answer was fine as such, but not what it says.
        assert!([ErrorKind::InvalidResponse, ErrorKind::Conflict].contains(&error.kind()), "{error:?}");
        assert!(!matches!(error.retry(), Retry::Allowed { .. }), "{error:?}");
        return;
    };
    assert!(statuses.contains(&status) || status == 503, "{error:?}");
    let is_page = |message: &Message<'_>| {
        message.body.contains(&b'<')
            || content_types.iter().any(|value| value.to_ascii_lowercase().contains("html"))
    };
    if status >= 400 && error.kind() == ErrorKind::Unavailable && messages.iter().any(is_page) {
        return;
    }
    let expected: &[ErrorKind] = match status {
        408 | 421 | 425 => &[ErrorKind::Unavailable],
        200..300 => &[ErrorKind::InvalidResponse],
        401 => &[ErrorKind::Unauthenticated, ErrorKind::Unavailable],
        498 | 499 => &[ErrorKind::Unauthenticated, ErrorKind::InvalidRequest],
        402 => &[ErrorKind::PaymentRequired],
        403 => &[ErrorKind::Forbidden],
        404 => &[ErrorKind::NotFound],
        409 => &[ErrorKind::Conflict],
        429 => &[ErrorKind::RateLimited],
        // Stripe says 400 of an idempotency key that was used for another start, and 424 of what another system could not do.
        400 => &[ErrorKind::InvalidRequest, ErrorKind::Conflict],
        424 => &[ErrorKind::InvalidRequest, ErrorKind::Unavailable],
        400..500 => &[ErrorKind::InvalidRequest],
        500.. => &[ErrorKind::Unavailable],
        _ => &[ErrorKind::InvalidResponse],
    };
    assert!(expected.contains(&error.kind()), "{error:?}");
    assert!(status >= 300 || !matches!(error.retry(), Retry::Allowed { .. }), "{error:?}");
}

/// The outcome of a call that has nothing to wait for.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("a call waits, although nothing is sent"),
    }
}
