//! Serde helpers for what an application stores: durations in whole seconds, `null` as empty.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Whole seconds. A part of a second counts as one more: to wait too short is worse than to wait too long.
pub(crate) fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

/// Reads a duration in whole seconds.
pub(crate) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

/// Reads a duration in whole seconds, or `null`.
pub(crate) fn seconds_or_null<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(Duration::from_secs))
}

/// Reads a list or a map, empty where it is `null`.
pub(crate) fn empty_if_null<'de, T: Deserialize<'de> + Default, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests;
