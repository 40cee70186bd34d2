//! Replay safety of a call, by the effect of its operation at the vendor.

use std::time::Duration;

use idv_core::{Delivery, ErrorKind, Retry};

/// The effect of repeating a call at the vendor. The rows of the table decide about the retry verdict of an error.
///
/// | row | nothing sent | 429 | 5xx | unknown |
/// |---|---|---|---|---|
/// | `Idempotent` | allowed | allowed | allowed | allowed |
/// | `UnlessAnswered` | allowed | allowed | after a check | allowed |
/// | `UnlessUnknown` | allowed | allowed | allowed | after a check |
/// | `UnlessProcessed` | allowed | allowed | after a check | after a check |
/// | `SingleUse` | allowed | allowed | never | after a check |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReplaySafety {
    /// Reading, or writing under an idempotency key.
    Idempotent,
    /// Writing under an idempotency key at a vendor that stores each answer under it, failures included: a lost answer is asked for
    /// again, but after a 5xx the same key gives the same 5xx for ever.
    UnlessAnswered,
    /// Each call that is processed costs, but the vendor advises to repeat what it answered with a 5xx.
    UnlessUnknown,
    /// Each call that is processed costs, and a 5xx may come after the work was done.
    UnlessProcessed,
    /// The call spends something that exists once.
    SingleUse,
}

impl ReplaySafety {
    /// The verdict for a failure.
    pub(crate) fn verdict(self, kind: ErrorKind, delivery: Delivery, after: Option<Duration>) -> Retry {
        match (delivery, kind) {
            (Delivery::NotSent, ErrorKind::Connection | ErrorKind::Timeout) => Retry::Allowed { after: None },
            (Delivery::Unknown, _) => match self {
                Self::Idempotent | Self::UnlessAnswered => Retry::Allowed { after: None },
                _ => Retry::AfterCheck,
            },
            (Delivery::Answered, ErrorKind::RateLimited) => Retry::Allowed { after },
            (Delivery::Answered, ErrorKind::Unavailable) => match self {
                Self::Idempotent | Self::UnlessUnknown => Retry::Allowed { after },
                Self::UnlessAnswered | Self::UnlessProcessed => Retry::AfterCheck,
                Self::SingleUse => Retry::Never,
            },
            _ => Retry::Never,
        }
    }

    /// The verdict where the vendor answered that it worked, but the answer cannot be used.
    #[must_use]
    pub fn verdict_on_useless_success(self) -> Retry {
        match self {
            Self::Idempotent => Retry::Never,
            _ => Retry::AfterCheck,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds() {
        let cases = [
            (Delivery::NotSent, ErrorKind::Connection),
            (Delivery::Answered, ErrorKind::RateLimited),
            (Delivery::Answered, ErrorKind::Unavailable),
            (Delivery::Unknown, ErrorKind::Timeout),
        ];
        let row = |repeat: ReplaySafety| {
            cases.map(|(delivery, kind)| repeat.verdict(kind, delivery, None).as_str())
        };
        assert_eq!(row(ReplaySafety::Idempotent), ["allowed", "allowed", "allowed", "allowed"]);
        assert_eq!(row(ReplaySafety::UnlessAnswered), ["allowed", "allowed", "after_check", "allowed"]);
        assert_eq!(row(ReplaySafety::UnlessUnknown), ["allowed", "allowed", "allowed", "after_check"]);
        assert_eq!(row(ReplaySafety::UnlessProcessed), ["allowed", "allowed", "after_check", "after_check"]);
        assert_eq!(row(ReplaySafety::SingleUse), ["allowed", "allowed", "never", "after_check"]);
    }

    #[test]
    fn other_answers_are_final() {
        for kind in [ErrorKind::InvalidRequest, ErrorKind::NotFound, ErrorKind::Conflict] {
            assert_eq!(ReplaySafety::Idempotent.verdict(kind, Delivery::Answered, None), Retry::Never);
        }
    }
}
