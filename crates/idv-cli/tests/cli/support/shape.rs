//! The shapes of the documents, from the design page: every name, every type, and where null may stand.

use serde_json::Value;

/// Name and type of a field. Types: `str`, `bool`, `num`, `arr`, `obj`; a `?` allows null.
pub(crate) type Fields = &'static [(&'static str, &'static str)];

pub(crate) const SESSION: Fields = &[
    ("reference", "str"),
    ("provider", "str"),
    ("kind", "str"),
    ("status", "str"),
    ("url", "str"),
    ("access_token", "str?"),
    ("links", "arr"),
    ("expires_at", "str?"),
    ("expires_at_estimated", "bool?"),
    ("single_use", "bool"),
    ("unused_inputs", "arr"),
];

pub(crate) const VERIFICATION: Fields = &[
    ("reference", "str"),
    ("provider", "str"),
    ("kind", "str"),
    ("status", "str"),
    ("provider_status", "str"),
    ("reasons", "arr"),
    ("next_action", "str"),
    ("poll_after_seconds", "num?"),
    ("cooldown_seconds", "num?"),
    ("via", "str?"),
    ("subject_kind", "str?"),
    ("updated_at", "str?"),
    ("correlation", "obj"),
    // Beyond the page: "(+ `recheck_after` where a validity is configured)".
    ("recheck_after_seconds", "num?"),
];

pub(crate) const PROVIDER: Fields = &[
    ("provider", "str"),
    ("kind", "str"),
    ("vendor", "str"),
    ("active", "bool"),
    ("retired", "bool"),
    ("capabilities", "obj"),
    ("identity_fields", "arr"),
    ("inputs", "obj"),
    ("lifetimes", "arr"),
    ("cadence", "obj"),
    ("limits", "arr"),
    ("decision_times", "arr"),
    ("documents", "arr"),
    ("mapping", "arr"),
];

pub(crate) const ERROR: Fields = &[
    ("kind", "str"),
    ("provider", "str?"),
    ("operation", "str?"),
    ("http_status", "num?"),
    ("code", "str?"),
    ("request_id", "str?"),
    ("credential", "str?"),
    ("retry", "str"),
    ("retry_after_seconds", "num?"),
    ("delivery", "str"),
    // Beyond the page: the key under which a lost start can be repeated, and a session that could not be told.
    ("idempotency_key", "str?"),
    ("reference", "str?"),
    ("message", "str"),
    ("inputs", "arr"),
    ("config", "arr"),
];

pub(crate) const INPUT_PROBLEM: Fields = &[("input", "str"), ("problem", "str"), ("message", "str")];

/// Every field is there with its type. The contract allows further fields, but they have to be known here: one that
/// is not expected may be a misspelt one.
pub(crate) fn check(what: &Value, fields: Fields) {
    let all = what.as_object().unwrap_or_else(|| panic!("no object: {what}"));
    for (name, kind) in fields {
        let value = all.get(*name).unwrap_or_else(|| panic!("`{name}` is missing in {what}"));
        let fits = match kind.trim_end_matches('?') {
            _ if value.is_null() => kind.ends_with('?'),
            "str" => value.is_string(),
            "bool" => value.is_boolean(),
            "num" => value.is_u64(),
            "arr" => value.is_array(),
            "obj" => value.is_object(),
            other => panic!("no such type: {other}"),
        };
        assert!(fits, "`{name}` should be {kind}, but is {value}: {what}");
    }
    for name in all.keys() {
        assert!(fields.iter().any(|(n, _)| n == name), "`{name}` is not in the contract: {what}");
    }
}
