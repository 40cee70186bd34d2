//! Durations as people write them in configuration.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A positive duration written with its unit: `500ms`, `30s`, `10m`, `24h`, `365d`, or several of these in one text.
/// A day is 24 hours.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HumanDuration(Duration);

impl HumanDuration {
    /// The duration itself.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl From<Duration> for HumanDuration {
    fn from(duration: Duration) -> Self {
        Self(duration)
    }
}

impl FromStr for HumanDuration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const HELP: &str = "a positive duration with a unit, such as \"30s\", \"10m\", \"24h\" or \"365d\"";
        let span: jiff::Span = text.parse().map_err(|_| HELP)?;
        let exact = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(|_| HELP)?;
        let duration = Duration::try_from(exact).map_err(|_| HELP)?;
        if duration.is_zero() { Err(HELP) } else { Ok(Self(duration)) }
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(&str, u128); 6] = [
            ("d", 86_400_000_000_000),
            ("h", 3_600_000_000_000),
            ("m", 60_000_000_000),
            ("s", 1_000_000_000),
            ("ms", 1_000_000),
            ("us", 1_000),
        ];
        let nanos = self.0.as_nanos();
        for (unit, length) in UNITS {
            if nanos >= length && nanos.is_multiple_of(length) {
                return write!(f, "{}{unit}", nanos / length);
            }
        }
        write!(f, "{nanos}ns")
    }
}

impl fmt::Debug for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for HumanDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HumanDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?
            .parse()
            .map_err(|help| de::Error::custom(format_args!("expected {help}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_required_and_days_have_24_hours() {
        for (text, seconds) in
            [("30s", 30), ("10m", 600), ("24h", 86_400), ("2d", 172_800), ("1h 30m", 5_400)]
        {
            assert_eq!(text.parse::<HumanDuration>().unwrap().get(), Duration::from_secs(seconds), "{text}");
        }
        for bad in ["", "30", "-5s", "0s", "soon"] {
            assert!(bad.parse::<HumanDuration>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn prints_the_largest_whole_unit() {
        for text in ["250ms", "1500us", "1000001ns", "30s", "90m", "36h", "7d"] {
            assert_eq!(text.parse::<HumanDuration>().unwrap().to_string(), text);
        }
    }
}
