//! Webhook faults.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use utoipa::ToSchema;

use crate::fault::say;
use crate::profile::Profile;
use crate::webhooks::scheme::Scheme;

/// A fault of the next event of a vendor.
///
/// The JSON form is tagged: `{"kind": "late", "seconds": 600}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Mischief {
    /// The event is delivered twice, with the same event id.
    Duplicate,
    /// The event is overtaken by the next one of the vendor; where none follows within a minute of the simulated
    /// clock, it is sent anyway.
    Reorder,
    /// The event is sent this many seconds later, signed when it is sent.
    Late {
        /// Seconds on the simulated clock.
        seconds: u32,
    },
    /// The body is changed after it was signed: the status becomes the vendor's word for approval. The session API does
    /// not sign bodies, so there the change cannot be detected.
    Tampered,
    /// The header that proves the origin is missing.
    Unsigned,
    /// The type of the event is undocumented.
    UnknownType,
    /// The event has a type only: `data`, or at Baanx `event_object`, is empty.
    EmptyData,
    /// The timestamp is this many seconds ahead of the time, or behind it where the number is negative, and the
    /// signature covers it. The session API, iDenfy and Shufti send no timestamp, and nothing signs Didit's.
    WrongClock {
        /// Seconds.
        seconds: i32,
    },
    /// The event is never sent.
    Lost,
}

/// The body that is signed in place of `body`.
pub(crate) fn rewrite(mischief: Option<Mischief>, scheme: &Scheme, body: &[u8]) -> Option<Vec<u8>> {
    let mut event: Value = serde_json::from_slice(body).ok()?;
    match mischief? {
        Mischief::UnknownType => {
            let name = scheme.type_fields.iter().find(|name| place(&mut event, name).is_some())?;
            *place(&mut event, name)? = json!(UNKNOWN_TYPE);
        }
        Mischief::EmptyData => empty(scheme, &mut event),
        _ => return None,
    }
    serde_json::to_vec(&event).ok()
}

/// The field of this name, or in the place of a JSON pointer.
fn place<'a>(event: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    if name.starts_with('/') { event.pointer_mut(name) } else { event.get_mut(name) }
}

/// The event type of [`Mischief::UnknownType`].
pub(crate) const UNKNOWN_TYPE: &str = "simulated.type.unknown";

fn empty(scheme: &Scheme, event: &mut Value) {
    if let Some(content) = place(event, scheme.content_field) {
        *content = json!({});
    } else if let Some(fields) = event.as_object_mut() {
        fields.insert(scheme.content_field.to_owned(), json!({}));
    }
    if let Some(fields) = event.as_object_mut() {
        fields.retain(|name, _| !scheme.copied_fields.contains(&name.as_str()));
    }
}

/// The body that arrives in place of the signed one.
pub(crate) fn tamper(profile: &Profile, body: &[u8]) -> Vec<u8> {
    let Ok(mut event) = serde_json::from_slice::<Value>(body) else { return [body, b" "].concat() };
    say(&mut event, profile.state_fields, profile.scheme.approval);
    // Where the status was an approval already, the bytes still differ from those that were signed.
    let tampered = format!("{event} ").into_bytes();
    if tampered == body { [body, b" "].concat() } else { tampered }
}
