//! A client, the four rows of the retry table, and ways to look at an error.

use std::time::Duration;

use idv_core::testing::{self, StaticSecrets};
use idv_core::{CallContext, Error, HttpOptions, Operation, Timestamp};
use idv_http::{Call, ErrorRules, JsonClient, ReplaySafety};
use serde_json::Value;

/// Sun, 06 Nov 1994 08:49:37 GMT: what the injected clock shows.
pub(crate) const NOW: i64 = 784_111_777;

/// All rows, with what each says after "nothing sent", 429, 5xx, an unknown delivery, and a success that is of no use.
pub(crate) const ROWS: [(ReplaySafety, [&str; 5]); 4] = [
    (ReplaySafety::Idempotent, ["allowed", "allowed", "allowed", "allowed", "never"]),
    (ReplaySafety::UnlessUnknown, ["allowed", "allowed", "allowed", "after_check", "after_check"]),
    (ReplaySafety::UnlessProcessed, ["allowed", "allowed", "after_check", "after_check", "after_check"]),
    (ReplaySafety::SingleUse, ["allowed", "allowed", "never", "after_check", "after_check"]),
];

pub(crate) const NOT_SENT: usize = 0;
pub(crate) const TOO_MANY: usize = 1;
pub(crate) const SERVER_ERROR: usize = 2;
pub(crate) const UNKNOWN: usize = 3;
pub(crate) const USELESS: usize = 4;

static PLAIN: ErrorRules = ErrorRules::new();

/// A context in which a call may take so long.
pub(crate) fn within(time: Duration) -> CallContext {
    let mut context = CallContext::default();
    context.set_deadline(Some(time.into()));
    context
}

/// Short times: nothing here waits longer than this.
pub(crate) fn hasty() -> HttpOptions {
    let mut http = HttpOptions::default();
    http.connect_timeout = Duration::from_millis(150);
    http.attempt_timeout = Duration::from_millis(300);
    http
}

pub(crate) fn client(base: &str) -> JsonClient {
    client_with(base, HttpOptions::default())
}

pub(crate) fn client_with(base: &str, http: HttpOptions) -> JsonClient {
    build(base, http, &PLAIN).expect("usable options")
}

pub(crate) fn build(base: &str, http: HttpOptions, rules: &'static ErrorRules) -> Result<JsonClient, String> {
    let context = testing::context(Timestamp::from_unix_seconds(NOW), StaticSecrets::default());
    let base = base.parse().expect("a base URL");
    let client = JsonClient::new("primary".parse().expect("an id"), base, rules, &context.with_http(http));
    client.map_err(|problems| problems.to_string())
}

pub(crate) fn start(repeat: ReplaySafety) -> Call<'static> {
    Call::post(Operation::Start, repeat, ["v1", "sessions"])
}

/// Sends a start, which must fail.
pub(crate) async fn failure(client: &JsonClient, repeat: ReplaySafety) -> Error {
    client.send::<Value>(start(repeat)).await.expect_err("the call fails")
}

/// Kind, delivery and retry verdict, in their words.
pub(crate) fn axes(error: &Error) -> (&'static str, &'static str, &'static str) {
    (error.kind().as_str(), error.delivery().as_str(), error.retry().as_str())
}

/// Everything that printing an error and its causes can bring to light.
pub(crate) fn printed(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text.push_str(&format!(" {cause} {cause:?}"));
        next = cause.source();
    }
    text
}

/// What holds for every error of a call.
#[track_caller]
pub(crate) fn assert_stands_alone(error: &Error, base: &str) {
    let line = error.to_string();
    assert!(line.starts_with("primary: start: "), "{line}");
    assert!(!line.contains('\n') && !line.contains("://"), "{line}");
    assert_eq!(error.provider().map(ToString::to_string).as_deref(), Some("primary"));
    assert_eq!(error.operation(), Some(Operation::Start));
    assert!(!printed(error).contains(base), "{}", printed(error));
}
