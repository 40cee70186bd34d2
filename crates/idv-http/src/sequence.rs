//! Replay safety of an operation that takes several calls.

use idv_core::{Delivery, Result, Retry};

use crate::ReplaySafety;

/// The calls of one operation, in order. Its verdict is that of the last call that may have been processed: where an earlier
/// call opened something that a repetition would open again, a later failure says to look before repeating.
///
/// ```
/// # use idv_core::{Delivery, Error, ErrorKind, Retry};
/// use idv_http::{ReplaySafety, Sequence};
///
/// # fn create_inquiry() -> idv_core::Result<String> { Ok("inq_1".into()) }
/// # fn create_link(_: &str) -> idv_core::Result<String> { Err(Error::new(ErrorKind::Connection, "no connection").with_retry(Retry::Allowed { after: None })) }
/// # fn start() -> idv_core::Result<String> {
/// let mut calls = Sequence::new();
/// let inquiry = calls.step(ReplaySafety::UnlessProcessed, create_inquiry())?;
/// calls.step(ReplaySafety::Idempotent, create_link(&inquiry))
/// # }
/// // The link was never asked for, but an inquiry exists.
/// # let error = start().unwrap_err();
/// # assert_eq!((error.retry(), error.delivery()), (Retry::AfterCheck, Delivery::Answered));
/// ```
#[derive(Debug, Default)]
pub struct Sequence {
    opened: bool,
}

impl Sequence {
    /// No call was made yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the outcome of the next call on. `safety` is that of this call; a call that finds what an earlier attempt made, or
    /// makes it again without harm, is [`Idempotent`](ReplaySafety::Idempotent).
    ///
    /// # Errors
    /// That of the call, with the verdict of the whole operation.
    pub fn step<T>(&mut self, safety: ReplaySafety, outcome: Result<T>) -> Result<T> {
        match outcome {
            Ok(value) => {
                self.opened |= safety != ReplaySafety::Idempotent;
                Ok(value)
            }
            Err(error) if self.opened => {
                let delivery = match error.delivery() {
                    Delivery::NotSent => Delivery::Answered,
                    known => known,
                };
                Err(error.with_delivery(delivery).with_retry(Retry::AfterCheck))
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use idv_core::{Error, ErrorKind};

    use super::*;

    fn failed(delivery: Delivery, retry: Retry) -> Result<()> {
        Err(Error::new(ErrorKind::Unavailable, "down").with_delivery(delivery).with_retry(retry))
    }

    fn verdict(first: ReplaySafety, delivery: Delivery, retry: Retry) -> (&'static str, &'static str) {
        let mut calls = Sequence::new();
        calls.step(first, Ok(())).unwrap();
        let error = calls.step(ReplaySafety::Idempotent, failed(delivery, retry)).unwrap_err();
        (error.delivery().as_str(), error.retry().as_str())
    }

    #[test]
    fn what_an_earlier_call_opened_is_looked_for_before_a_repetition() {
        let again = Retry::Allowed { after: None };
        for (delivery, told) in [
            (Delivery::NotSent, "answered"),
            (Delivery::Unknown, "unknown"),
            (Delivery::Answered, "answered"),
        ] {
            assert_eq!(verdict(ReplaySafety::UnlessProcessed, delivery, again), (told, "after_check"));
            assert_eq!(verdict(ReplaySafety::UnlessProcessed, delivery, Retry::Never), (told, "after_check"));
        }
    }

    #[test]
    fn a_call_that_opened_nothing_changes_no_verdict() {
        let again = Retry::Allowed { after: None };
        assert_eq!(verdict(ReplaySafety::Idempotent, Delivery::NotSent, again), ("not_sent", "allowed"));
        assert_eq!(
            verdict(ReplaySafety::Idempotent, Delivery::Unknown, Retry::AfterCheck),
            ("unknown", "after_check")
        );
        let first =
            Sequence::new().step(ReplaySafety::SingleUse, failed(Delivery::Unknown, Retry::AfterCheck));
        assert_eq!(first.unwrap_err().retry(), Retry::AfterCheck);
    }
}
