//! The W3C trace context of a caller, to be sent on to vendors.

use std::fmt;
use std::str::FromStr;

use http::HeaderMap;

/// The name of the header.
const HEADER: &str = "traceparent";

/// Why a text is not a [`TraceParent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a traceparent is written as version 00 of W3C Trace Context: `00-`, 32, 16 and 2 hexadecimal digits"
)]
#[non_exhaustive]
pub struct TraceParentError;

/// The value of a `traceparent` header: which trace a call belongs to, and which span made it
/// ([W3C Trace Context](https://www.w3.org/TR/trace-context/), version 00).
///
/// It is random and says nothing about an applicant. `tracestate` and `baggage` can say more and are never sent to a vendor.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceParent {
    trace: u128,
    span: u64,
    flags: u8,
}

impl TraceParent {
    /// Makes the value of its parts: the id of the trace, of the calling span, and the flags (1: sampled).
    ///
    /// # Errors
    /// Where one of the ids is zero, which stands for none.
    pub fn new(trace: u128, span: u64, flags: u8) -> Result<Self, TraceParentError> {
        if trace == 0 || span == 0 {
            return Err(TraceParentError);
        }
        Ok(Self { trace, span, flags })
    }

    /// Reads the header of a request. One that is missing, repeated or malformed gives nothing: as the standard says, the call
    /// then belongs to no trace.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(HEADER).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok()?.parse().ok(),
            _ => None,
        }
    }
}

impl FromStr for TraceParent {
    type Err = TraceParentError;

    /// Reads version 00, and of later versions what version 00 knows.
    fn from_str(text: &str) -> Result<Self, TraceParentError> {
        let mut parts = text.split('-');
        let mut part =
            |digits: usize| parts.next().filter(|part| is_hex(part, digits)).ok_or(TraceParentError);
        let (version, trace, span, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
        let has_more = parts.next().is_some();
        if version == "ff" || (version == "00" && has_more) {
            return Err(TraceParentError);
        }
        let trace = u128::from_str_radix(trace, 16).map_err(|_| TraceParentError)?;
        let span = u64::from_str_radix(span, 16).map_err(|_| TraceParentError)?;
        Self::new(trace, span, u8::from_str_radix(flags, 16).map_err(|_| TraceParentError)?)
    }
}

/// Exactly so many digits, none of them in capitals.
fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of the flags, version 00 knows the two lowest; the others are sent as zero.
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, self.flags & 0b11)
    }
}

impl fmt::Debug for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A source of the trace of the current call. Asked for each attempt, inside the span of the attempt.
pub trait TraceSource: fmt::Debug + Send + Sync + 'static {
    /// The caller's trace context; `None` where there is none. Nothing is made up then.
    fn current(&self) -> Option<TraceParent>;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn the_example_of_the_standard_is_read_and_written() {
        assert_eq!(GOOD.parse::<TraceParent>().unwrap().to_string(), GOOD);
    }

    #[test]
    fn what_the_standard_forbids_is_refused() {
        for text in [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert!(text.parse::<TraceParent>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        let later = "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes";
        assert_eq!(later.parse::<TraceParent>().unwrap().to_string(), GOOD);
    }

    #[test]
    fn a_repeated_header_counts_for_nothing() {
        let mut headers = HeaderMap::new();
        assert_eq!(TraceParent::of(&headers), None);
        headers.append(HEADER, GOOD.parse().unwrap());
        assert_eq!(TraceParent::of(&headers), GOOD.parse().ok());
        headers.append(HEADER, GOOD.parse().unwrap());
        assert_eq!(TraceParent::of(&headers), None);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(trace in 1u128.., span in 1u64.., flags in 0u8..4) {
            let parent = TraceParent::new(trace, span, flags).unwrap();
            prop_assert_eq!(parent.to_string().parse::<TraceParent>().unwrap(), parent);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".*") {
            let _ = text.parse::<TraceParent>();
        }
    }
}
