//! Compares documents.

use serde_json::Value;

/// Whether all of a document is in another one, which may have more fields. The error says where it is not.
pub(super) fn is_within(part: &Value, whole: &Value) -> Result<(), String> {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part.iter().try_for_each(|(name, value)| {
            let found = whole.get(name).ok_or_else(|| format!("{name}: it is missing"))?;
            is_within(value, found).map_err(|place| format!("{name}.{place}"))
        }),
        (Value::Array(part), Value::Array(whole)) if part.len() == whole.len() => {
            let mut both = part.iter().zip(whole).enumerate();
            both.try_for_each(|(index, (part, whole))| {
                is_within(part, whole).map_err(|place| format!("{index}.{place}"))
            })
        }
        _ if part == whole => Ok(()),
        _ => Err(format!(": {whole} in place of {part}")),
    }
}

#[test]
fn only_more_fields_are_allowed() {
    let part = serde_json::json!({"a": [{"b": 1}], "c": null});
    let more = serde_json::json!({"a": [{"b": 1, "new": 2}], "c": null, "new": []});
    assert_eq!(is_within(&part, &more), Ok(()));
    for other in [
        serde_json::json!({"a": [{"b": 2}], "c": null}),
        serde_json::json!({"a": [{"b": 1}, {}], "c": null}),
        serde_json::json!({"a": [{"b": 1}]}),
        serde_json::json!({"a": [], "c": null}),
    ] {
        assert!(is_within(&part, &other).is_err(), "{other}");
    }
}
