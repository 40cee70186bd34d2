//! The one error type, with independent axes: what happened, whether to retry, and whether a session could exist.

mod delivery;
mod kind;
mod problem;
mod retry;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::{Operation, ProviderId, SensitiveText, Timestamp, VendorWord};

pub use delivery::Delivery;
pub use kind::{CredentialOwner, ErrorKind};
pub use problem::{ConfigProblem, InputProblem, Problem};
pub use retry::Retry;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Details that only some kinds carry.
#[derive(Debug, Clone, Default)]
enum Detail {
    #[default]
    None,
    Config(Vec<ConfigProblem>),
    Credential(CredentialOwner),
    Inputs(Vec<InputProblem>),
    UnreadableWebhook,
}

/// The error of an operation: why it gave no answer. It never stands for a declined applicant.
///
/// Its kind, the retry verdict and the delivery are independent. A start, for example:
///
/// ```
/// use idv_core::{Delivery, Error, Retry};
///
/// fn next_step(error: &Error) -> &'static str {
///     match (error.retry(), error.delivery()) {
///         (Retry::Allowed { after: Some(_) }, _) => "start again after that time",
///         (Retry::Allowed { after: None }, _) => "start again",
///         (Retry::AfterCheck, _) => "a session may exist: find it by the reference before another start",
///         (Retry::Exhausted, Delivery::NotSent) => "no session exists: try later, or at another provider",
///         _ => "tell the applicant, and look at the kind of the error",
///     }
/// }
/// # let error = Error::new(idv_core::ErrorKind::Timeout, "no answer").with_retry(Retry::AfterCheck);
/// # assert!(next_step(&error).contains("find it"));
/// ```
///
/// `Display` is one line that stands alone and never holds a body, a URL, personal data or a source. Text that the
/// vendor wrote is kept apart, in [`vendor_text`](Self::vendor_text).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    retry: Retry,
    /// The wait of a verdict that was `Allowed` and is `Exhausted` now.
    last_wait: Option<Duration>,
    delivery: Delivery,
    provider: Option<ProviderId>,
    operation: Option<Operation>,
    http_status: Option<u16>,
    code: Option<VendorWord>,
    request_id: Option<VendorWord>,
    answered_at: Option<Timestamp>,
    vendor_text: Option<SensitiveText>,
    idempotency_key: Option<String>,
    detail: Detail,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of a kind. Until said otherwise it is not to be repeated, and nothing was sent.
    ///
    /// The message is printed: it must hold no value that came from outside.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            retry: Retry::Never,
            last_wait: None,
            delivery: Delivery::NotSent,
            provider: None,
            operation: None,
            http_status: None,
            code: None,
            request_id: None,
            answered_at: None,
            vendor_text: None,
            idempotency_key: None,
            detail: Detail::None,
            source: None,
        }))
    }

    /// The provider cannot do this operation.
    #[must_use]
    pub fn unsupported(
        provider: &ProviderId,
        operation: Operation,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(ErrorKind::Unsupported, message).with_provider(provider.clone()).with_operation(operation)
    }

    /// Inputs that keep a request from being sent.
    #[must_use]
    pub fn inputs(operation: Operation, problems: Vec<InputProblem>) -> Self {
        let mut error = Self::new(ErrorKind::InvalidRequest, "nothing was sent").with_operation(operation);
        error.0.detail = Detail::Inputs(problems);
        error
    }

    /// Everything that is wrong in a configuration.
    #[must_use]
    pub fn config(problems: Vec<ConfigProblem>) -> Self {
        let mut error = Self::new(ErrorKind::Config, "the configuration cannot be used");
        error.0.detail = Detail::Config(problems);
        error
    }

    /// A webhook arrived at an instance that has no secret to verify it with.
    #[must_use]
    pub fn no_webhook_secrets() -> Self {
        Self::new(ErrorKind::Config, "no `webhook_secrets` are configured, so no webhook can be verified")
            .with_operation(Operation::Webhook)
    }

    /// A webhook that is not authentic. The message must not say what the right signature would be.
    #[must_use]
    pub fn webhook_unverified(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::WebhookRejected, message).with_operation(Operation::Webhook)
    }

    /// A webhook that is authentic but unreadable.
    #[must_use]
    pub fn webhook_unreadable(message: impl Into<Cow<'static, str>>) -> Self {
        let mut error = Self::webhook_unverified(message);
        error.0.detail = Detail::UnreadableWebhook;
        error
    }

    /// A credential that the vendor refused.
    #[must_use]
    pub fn unauthenticated(owner: CredentialOwner) -> Self {
        let message = match owner {
            CredentialOwner::Application => "the vendor refused the application's key",
            CredentialOwner::User => "the vendor refused the applicant's own token",
        };
        let mut error = Self::new(ErrorKind::Unauthenticated, message);
        error.0.detail = Detail::Credential(owner);
        error
    }

    /// Says whether the call may be repeated. A wait that was named stays known with [`Retry::Exhausted`].
    #[must_use]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.0.last_wait = self.retry_after();
        self.0.retry = retry;
        self
    }

    /// Says what happened in other words, such as what it means at one vendor.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Says what is known of the delivery.
    #[must_use]
    pub fn with_delivery(mut self, delivery: Delivery) -> Self {
        self.0.delivery = delivery;
        self
    }

    /// Says which provider failed.
    #[must_use]
    pub fn with_provider(mut self, provider: ProviderId) -> Self {
        self.0.provider = Some(provider);
        self
    }

    /// Says which operation failed.
    #[must_use]
    pub fn with_operation(mut self, operation: Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Adds the HTTP status of the answer.
    #[must_use]
    pub fn with_http_status(mut self, status: StatusCode) -> Self {
        self.0.http_status = Some(status.as_u16());
        self
    }

    /// Adds the vendor's own code.
    #[must_use]
    pub fn with_code(mut self, code: Option<VendorWord>) -> Self {
        self.0.code = code;
        self
    }

    /// Adds the vendor's id of the request.
    #[must_use]
    pub fn with_request_id(mut self, id: Option<VendorWord>) -> Self {
        self.0.request_id = id;
        self
    }

    /// Adds the time of the answer by the vendor's own clock.
    #[must_use]
    pub fn with_answered_at(mut self, at: Option<Timestamp>) -> Self {
        self.0.answered_at = at;
        self
    }

    /// Keeps the vendor's own words, which are never printed.
    #[must_use]
    pub fn with_vendor_text(mut self, text: Option<SensitiveText>) -> Self {
        self.0.vendor_text = text;
        self
    }

    /// Keeps the idempotency key under which the call was made, for a caller who did not give one.
    #[must_use]
    pub fn with_idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.0.idempotency_key = Some(key.into());
        self
    }

    /// Adds the cause. Its text must hold no URL and no value: `Debug` shows it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the call may be repeated.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.0.retry
    }

    /// How long to wait before a repetition, as the vendor or a local limit asks; after several attempts, the last wait asked for.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self.0.retry {
            Retry::Allowed { after } => after,
            Retry::Exhausted => self.0.last_wait,
            _ => None,
        }
    }

    /// What is known of the delivery: could a session exist?
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Which provider failed.
    #[must_use]
    pub fn provider(&self) -> Option<&ProviderId> {
        self.0.provider.as_ref()
    }

    /// Which operation failed.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// The HTTP status of the vendor's answer.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The vendor's own code: an open set.
    #[must_use]
    pub fn code(&self) -> Option<&VendorWord> {
        self.0.code.as_ref()
    }

    /// The vendor's id of the request, for its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&VendorWord> {
        self.0.request_id.as_ref()
    }

    /// When the vendor answered by its own clock, in whole seconds (the header `Date`).
    #[must_use]
    pub fn answered_at(&self) -> Option<Timestamp> {
        self.0.answered_at
    }

    /// The vendor's text for people; sensitive.
    #[must_use]
    pub fn vendor_text(&self) -> Option<&SensitiveText> {
        self.0.vendor_text.as_ref()
    }

    /// The idempotency key under which the vendor may have worked on the call, where the library made one. A caller that
    /// repeats the call under it gets the session that there may be, and no second one. `None` where no session can exist
    /// under such a key, where the vendor knows none, and where the caller gave one: the caller knows it.
    ///
    /// It is random and gives no access, so it may be stored; neither `Display` nor `Debug` shows it.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.idempotency_key.as_deref()
    }

    /// Whose credential was refused.
    #[must_use]
    pub fn credential(&self) -> Option<CredentialOwner> {
        match self.0.detail {
            Detail::Credential(owner) => Some(owner),
            _ => None,
        }
    }

    /// The inputs that kept the request from being sent.
    #[must_use]
    pub fn input_problems(&self) -> &[InputProblem] {
        match &self.0.detail {
            Detail::Inputs(problems) => problems,
            _ => &[],
        }
    }

    /// The problems of the configuration.
    #[must_use]
    pub fn config_problems(&self) -> &[ConfigProblem] {
        match &self.0.detail {
            Detail::Config(problems) => problems,
            _ => &[],
        }
    }

    /// The message in our own words, without the axes that `Display` adds.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The status with which a webhook handler should answer: 401 to a forgery, 400 to an authentic but unreadable body, 503
    /// where the fault is on our side, so that the vendor repeats (Baanx never repeats after a 4xx).
    #[must_use]
    pub fn webhook_response_status(&self) -> StatusCode {
        match (self.0.kind, &self.0.detail) {
            (ErrorKind::WebhookRejected, Detail::UnreadableWebhook) => StatusCode::BAD_REQUEST,
            (ErrorKind::WebhookRejected, _) => StatusCode::UNAUTHORIZED,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(provider) = &inner.provider {
            write!(f, "{provider}: ")?;
        }
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&inner.message)?;
        for (index, problem) in self.input_problems().iter().enumerate() {
            let before = if index == 0 { ": " } else { "; " };
            write!(f, "{before}{} {}", problem.input, problem.message)?;
        }
        for (index, problem) in self.config_problems().iter().enumerate() {
            let before = if index == 0 { ": " } else { "; " };
            write!(f, "{before}{problem}")?;
        }
        write!(f, " [{}", inner.kind)?;
        if let Some(status) = inner.http_status {
            write!(f, ", HTTP {status}")?;
        }
        if let Some(code) = &inner.code {
            write!(f, ", code {code}")?;
        }
        if let Some(id) = &inner.request_id {
            write!(f, ", request {id}")?;
        }
        f.write_str("]")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("retry", &inner.retry)
            .field("delivery", &inner.delivery)
            .field("provider", &inner.provider)
            .field("operation", &inner.operation)
            .field("http_status", &inner.http_status)
            .field("code", &inner.code)
            .field("request_id", &inner.request_id)
            .field("detail", &inner.detail)
            .field("source", &inner.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;

    #[test]
    fn display_is_one_line_that_stands_alone() {
        let error = Error::new(ErrorKind::RateLimited, "the vendor asks to slow down")
            .with_provider("primary".parse().unwrap())
            .with_operation(Operation::Start)
            .with_http_status(StatusCode::TOO_MANY_REQUESTS)
            .with_code(VendorWord::code("rate_limited"))
            .with_request_id(VendorWord::code("req_1"))
            .with_vendor_text(Some("canary".into()))
            .with_idempotency_key("canary");
        assert_eq!(
            error.to_string(),
            "primary: start: the vendor asks to slow down [rate_limited, HTTP 429, code rate_limited, request req_1]"
        );
        assert!(!format!("{error:?}").contains("canary"));
    }

    #[test]
    fn inputs_and_configuration_are_listed_in_full() {
        let error = Error::inputs(
            Operation::Start,
            vec![
                InputProblem::new(Input::PHONE, Problem::Invalid, "must be E.164"),
                InputProblem::new(Input::EMAIL, Problem::Missing, "is required"),
            ],
        );
        assert_eq!(
            error.to_string(),
            "start: nothing was sent: phone must be E.164; email is required [invalid_request]"
        );
        let mut problem = ConfigProblem::new("providers.a.kind", "unknown kind");
        (problem.line, problem.column) = (Some(3), Some(8));
        assert_eq!(
            Error::config(vec![problem]).to_string(),
            "the configuration cannot be used: providers.a.kind (line 3, column 8): unknown kind [config]"
        );
    }

    #[test]
    fn webhook_handlers_are_told_what_to_answer() {
        assert_eq!(Error::webhook_unverified("no").webhook_response_status(), 401);
        assert_eq!(Error::webhook_unreadable("no").webhook_response_status(), 400);
        assert_eq!(Error::new(ErrorKind::Config, "no key").webhook_response_status(), 503);
    }
}
