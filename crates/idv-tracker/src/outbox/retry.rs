//! When a transition that was not accepted is sent again, and when it is given up.

use std::borrow::Cow;
use std::time::Duration;

use http::StatusCode;
use idv::ErrorKind;
use idv_http::PostAnswer;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// The pauses after the first attempt, the second and so on, as the guidance of Standard Webhooks has them. The last one repeats.
const PAUSES: [u64; 9] =
    [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, LONGEST];

/// A receiver that asks for a longer wait is asked again after this.
const LONGEST: u64 = 24 * HOUR;

/// The next step after an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The application has it.
    Accepted,
    /// It is sent again after a pause.
    Again { pause: Duration, error: Cow<'static, str> },
    /// It is not sent again unless an operator wants it.
    Dead { error: Cow<'static, str> },
}

/// The next step after attempt number `attempt` of at most `most`.
pub(super) fn next(answer: Result<PostAnswer, ErrorKind>, attempt: i64, most: i64) -> Next {
    let (error, wait) = match answer {
        Ok(answer) if answer.status.is_success() => return Next::Accepted,
        Ok(answer) => (Cow::Owned(format!("status_{}", answer.status.as_u16())), wait(&answer)),
        Err(kind) => (Cow::Borrowed(kind.as_str()), None),
    };
    let is_gone = answer.is_ok_and(|answer| answer.status == StatusCode::GONE);
    if is_gone || attempt >= most {
        return Next::Dead { error };
    }
    let index = usize::try_from(attempt.saturating_sub(1)).unwrap_or(0);
    let pause = PAUSES.get(index).copied().unwrap_or(LONGEST);
    Next::Again { pause: Duration::from_secs(pause).max(wait.unwrap_or_default()), error }
}

/// The wait that a receiver asks for that is overloaded or down.
fn wait(answer: &PostAnswer) -> Option<Duration> {
    let is_asked = matches!(answer.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    answer.retry_after.filter(|_| is_asked).map(|wait| wait.min(Duration::from_secs(LONGEST)))
}
