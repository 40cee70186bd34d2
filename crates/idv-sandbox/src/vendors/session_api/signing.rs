//! The webhooks of the session API: the shared secret and retries.

use std::time::Duration;

use crate::random::Random;
use crate::webhooks::{MINUTE, SECOND, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    // The header holds the secret itself; the body is not signed (deepidv documentation, webhooks overview).
    headers: |message| {
        vec![("deepidv-signature", message.keys.first().copied().unwrap_or_default().to_owned())]
    },
    proof: "deepidv-signature",
    overlap: 0,
    new_key,
    new_endpoint_id: |random| format!("we_{}", random.hex(24)),
    new_event_id: |_| String::new(),
    type_fields: &["type"],
    content_field: "data",
    copied_fields: &[],
    approval: "VERIFIED",
};

/// The schedule is undocumented; this one is the simulation's.
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE],
    patience: Duration::from_secs(10),
    refusal_is_final: false,
    disabled_after: None,
};

/// `whsec_` and a word.
fn new_key(random: &Random) -> String {
    format!("whsec_{}", random.word(32))
}
