//! Options, good and bad.

use idv_core::Operation;
use serde_json::{Value, json};

use crate::support::{build, built, with};

fn preset() -> Value {
    json!({"preset": "deepidv", "api_key": {"env": "KEY"}})
}

/// As little as a vendor can be described with.
pub(crate) fn described() -> Value {
    json!({
        "base_url": "https://api.example.com", "api_key": {"env": "KEY"}, "create_path": "/v1/sessions",
        "read_path": "/v1/sessions/{id}", "status_words": {"done": "approved"},
    })
}

fn problems(options: &Value) -> Vec<String> {
    let problems = build(options).unwrap_err();
    let own = |text: String| text.strip_prefix("providers.sessions").map(str::to_owned).unwrap_or(text);
    problems.into_iter().map(|text| own(text).trim_start_matches('.').to_owned()).collect()
}

/// Every key that there is, as the error about an unknown one lists them.
pub(crate) fn known_keys() -> Vec<String> {
    let problem = problems(&with(preset(), json!({"zzz": 1}))).remove(0);
    let (_, keys) = problem.split_once("Known keys: ").unwrap();
    keys.split(", ").map(str::to_owned).collect()
}

#[test]
fn the_least_is_enough() {
    let provider = build(&preset()).unwrap();
    assert_eq!(provider.profile().vendor, "deepidv");
    assert!(format!("{provider:?}").contains("https://api.deepidv.com"));
    let provider = build(&described()).unwrap();
    let profile = provider.profile();
    assert_eq!((profile.kind.as_str(), &*profile.vendor), ("session-api", "session API"));
    let can = profile.capabilities;
    assert!(!can.find && !can.redirect && can.webhooks.is_none());
    assert_eq!(profile.inputs.declared(Operation::Start).count(), 1, "the reference alone");
}

#[test]
fn a_preset_is_not_overridden() {
    let common = ["preset", "base_url", "api_key", "workflow_id", "webhook_secrets", "recheck_after"];
    let keys = known_keys();
    assert!(keys.len() > 40 && common.iter().all(|key| keys.contains(&(*key).to_owned())));
    for key in keys.iter().filter(|key| !common.contains(&key.as_str())) {
        let values = [json!("/x"), json!(["/x"]), json!({}), json!("svix")];
        let refusals = values.map(|value| problems(&with(preset(), json!({key: value}))));
        let wanted = vec![format!("{key}: `preset` describes the vendor already: remove one of the two")];
        assert!(refusals.contains(&wanted), "{key}: {refusals:?}");
    }
    let all = json!({"base_url": "https://gateway.example/x", "workflow_id": "wf_1", "recheck_after": "30d"});
    let provider = build(&with(preset(), all)).unwrap();
    let policy = &provider.profile().actions;
    assert_eq!(policy.recheck_after.unwrap().as_secs(), 30 * 24 * 3600);
}

#[test]
fn everything_wrong_is_reported_at_once() {
    assert_eq!(
        problems(
            &json!({"api_key": {"env": "NONE"}, "webhook_secrets": [{"env": "EMPTY"}], "workflow_id": " "})
        ),
        [
            "status_words: is required without a `preset`: what each status word means",
            "create_path: is required without a `preset`",
            "read_path: is required without a `preset`",
            "api_key: the environment variable NONE is not set",
            "base_url: is required without a `preset`",
            "webhook_secrets.0: the secret is empty",
            "workflow_id: must not be empty or have control characters",
        ]
    );
    let unknown =
        problems(&json!({"preset": "deepidv", "api_kye": "canary", "base_url": "http://example.com"}));
    assert_eq!(unknown.len(), 3, "{unknown:?}");
    assert!(unknown[0].starts_with("api_kye: unknown key; did you mean `api_key`?"));
}

#[test]
fn each_mistake_is_named_where_it_stands() {
    let names = |more: Value| json!({"request_fields": more});
    let timestamped = |more: Value| {
        with(json!({"webhook_scheme": "timestamped-hmac-sha256", "webhook_header": "x-signature"}), more)
    };
    for (more, key) in [
        (json!({"preset": "other"}), "preset"),
        (json!({"api_key_header": "no header"}), "api_key_header"),
        (json!({"api_key_prefix": "a\n"}), "api_key"),
        (json!({"create_path": "v1/sessions"}), "create_path"),
        (json!({"create_path": ""}), "create_path"),
        (json!({"create_path": "/"}), "create_path"),
        (json!({"create_path": "//sessions"}), "create_path"),
        (json!({"create_path": "/v1/../sessions"}), "create_path"),
        (json!({"create_path": "/v1/sessions?a=b"}), "create_path"),
        (json!({"create_path": "/v1/{id}"}), "create_path"),
        (json!({"create_path": "https://example.com/v1"}), "create_path"),
        (json!({"read_path": "/v1/sessions"}), "read_path"),
        (json!({"read_path": "/v1/{id}/{id}"}), "read_path"),
        (json!({"read_path": "/v1/s-{id}"}), "read_path"),
        (json!({"read_path": "/v1/%2e%2e/{id}"}), "read_path"),
        (json!({"find_path": "/v1/sessions"}), "find_path"),
        (json!({"find_path": "/{id}", "request_fields": {"reference": "r"}}), "find_path"),
        (json!({"find_parameter": ""}), "find_parameter"),
        (json!({"find_parameter": "a", "find_next_parameter": "a"}), "find_next_parameter"),
        (json!({"created_id": ["id"]}), "created_id.0"),
        (json!({"record_status": ["/a", "b"]}), "record_status.1"),
        (json!({"webhook_id": ["b"]}), "webhook_id.0"),
        (names(json!({"frist_name": "x"})), "request_fields.frist_name"),
        (names(json!({"first_name": "x", "last_name": "x"})), "request_fields"),
        (names(json!({"first_name": ""})), "request_fields"),
        (json!({"request_attributes": {"email": "x"}}), "request_attributes.email"),
        (json!({"required_inputs": ["email"]}), "required_inputs.0"),
        (json!({"workflow_id": "wf_1"}), "workflow_id"),
        (json!({"status_words": {}}), "status_words"),
        (json!({"status_words": {"done": "yes"}}), "status_words.done"),
        (json!({"status_words": {"done": "unrecognized"}}), "status_words.done"),
        (json!({"status_words": {"done": "approved", "DONE": "rejected"}}), "status_words.done"),
        (json!({"status_words": {"a + b": "approved", "A + B": "rejected"}}), "status_words.a"),
        (json!({"status_reasons": {"done": "because"}}), "status_reasons.done"),
        (json!({"reason_words": {"x": "approved"}}), "reason_words.x"),
        (json!({"redirect_words": {"ok": "approved"}}), "redirect_words.ok"),
        (json!({"redirect_words": {"no": "rejected"}}), "redirect_words.no"),
        (json!({"redirect_words": {"no": "in_review"}}), "redirect_words.no"),
        (json!({"redirect_reasons": {"x": "y"}}), "redirect_reasons.x"),
        (json!({"redirect_status": "reason"}), "redirect_session"),
        (json!({"redirect_session": ["status"]}), "redirect_session"),
        (json!({"webhook_scheme": "md5"}), "webhook_scheme"),
        (json!({"webhook_scheme": "hmac-sha256-hex"}), "webhook_header"),
        (json!({"webhook_scheme": "hmac-sha1-hex"}), "webhook_header"),
        (json!({"webhook_scheme": "hmac-sha512-hex", "webhook_timestamp_header": "x"}), "webhook_header"),
        (json!({"webhook_scheme": "timestamped-hmac-sha256"}), "webhook_header"),
        (timestamped(json!({"webhook_timestamp_header": "x"})), "webhook_timestamp_header"),
        (timestamped(json!({"webhook_header": "not a name"})), "webhook_header"),
        (timestamped(json!({"webhook_secrets": ["k", ""]})), "webhook_secrets.1"),
        (json!({"webhook_scheme": "shared-secret"}), "webhook_header"),
        (
            json!({"webhook_scheme": "shared-secret", "webhook_header": "x", "webhook_timestamp_header": "x"}),
            "webhook_timestamp_header",
        ),
        (json!({"webhook_scheme": "svix", "webhook_header": "x"}), "webhook_header"),
        (json!({"webhook_header": "x"}), "webhook_header"),
        (json!({"webhook_timestamp_header": "x"}), "webhook_timestamp_header"),
        (json!({"webhook_secrets": [{"env": "SECRET"}]}), "webhook_secrets"),
        (json!({"webhook_scheme": "svix", "webhook_secrets": ["nonsense"]}), "webhook_secrets.0"),
    ] {
        let found = problems(&with(described(), more.clone()));
        assert_eq!(found.len(), 1, "{more}: {found:?}");
        assert!(found[0].starts_with(&format!("{key}: ")), "{more}: {found:?}");
    }
}

#[test]
fn a_header_that_a_scheme_has_no_use_for_is_told_from_one_that_it_lacks() {
    let of = |scheme: &str, more: Value| {
        problems(&with(described(), with(json!({"webhook_scheme": scheme}), more)))
    };
    assert_eq!(
        of("timestamped-hmac-sha256", json!({})),
        ["webhook_header: is required by this `webhook_scheme`"]
    );
    assert_eq!(
        of("timestamped-hmac-sha256", json!({"webhook_header": "x", "webhook_timestamp_header": "y"})),
        ["webhook_timestamp_header: is not used by this `webhook_scheme`"]
    );
    assert_eq!(
        of("svix", json!({"webhook_header": "x", "webhook_timestamp_header": "y"})),
        [
            "webhook_header: is not used by this `webhook_scheme`",
            "webhook_timestamp_header: is not used by this `webhook_scheme`"
        ]
    );
    for scheme in ["hmac-sha1-hex", "hmac-sha256-hex", "hmac-sha512-hex"] {
        assert!(
            build(&with(
                described(),
                json!({"webhook_scheme": scheme, "webhook_header": "x", "webhook_timestamp_header": "y"})
            ))
            .is_ok()
        );
    }
}

#[test]
fn one_mistake_does_not_hide_another() {
    let more = json!({
        "create_path": "x", "read_path": "x", "find_path": "x", "created_id": ["x"], "webhook_scheme": "shared-secret",
        "required_inputs": ["email"], "status_words": {"a": "x", "b": "x"}, "webhook_type": ["x"],
    });
    let found = problems(&with(described(), more));
    let keys: Vec<_> = found.iter().map(|text| text.split(": ").next().unwrap()).collect();
    for key in [
        "create_path",
        "read_path",
        "created_id.0",
        "required_inputs.0",
        "status_words.a",
        "status_words.b",
        "webhook_header",
        "webhook_type.0",
    ] {
        assert!(keys.contains(&key), "{key}: {keys:?}");
    }
    assert_eq!(
        keys.iter().filter(|key| **key == "find_path").count(),
        2,
        "a bad path, and no reference to find by"
    );
}

#[test]
fn a_redirect_word_that_claims_a_decision_says_what_is_allowed() {
    let found = problems(&with(described(), json!({"redirect_words": {"ok": "approved"}})));
    let wanted = "redirect_words.ok: expected one of submitted, abandoned, expired, cancelled, failed";
    assert_eq!(found, [wanted]);
}

#[test]
fn the_profile_prints_every_table() {
    let rows = &build(&preset()).unwrap().profile().mapping.clone();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let status = row.status.map_or("-", |status| status.as_str());
            format!(
                "{} | {} | {status} {}",
                row.surface,
                row.word,
                row.reason.map_or("-", |why| why.as_str())
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "rest | PENDING with session_progress PENDING | not_started -",
            "rest | PENDING | in_progress -",
            "rest | SUBMITTED | in_review -",
            "rest | VERIFIED | approved -",
            "rest | REJECTED | rejected -",
            "rest | VOIDED | cancelled -",
            "rest | EXPIRED | expired -",
            "rest | FAILED | failed attempts_exhausted",
            "redirect | success | in_review -",
            "redirect | failed with reason session_expired | expired -",
            "redirect | failed | failed -",
            "redirect | abandoned | abandoned -",
            "redirect reason | document_unreadable | - document_unreadable",
            "redirect reason | face_mismatch | - face_mismatch",
            "redirect reason | session_expired | - session_expired",
            "redirect reason | internal_error | - provider_error",
            "redirect reason | user_cancelled | - applicant_cancelled",
            "redirect reason | unknown | - unspecified",
        ]
    );
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_knows_every_key() {
    use idv_core::ProviderFactory;
    let schema = idv_session_api::SessionApiFactory.schema().unwrap();
    let schema: Value = serde_json::from_str(schema.as_str()).unwrap();
    let mut known = known_keys();
    known.sort();
    let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, known.iter().collect::<Vec<_>>());
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_knows_every_scheme() {
    use idv_core::ProviderFactory;
    let schema = idv_session_api::SessionApiFactory.schema().unwrap();
    let schema: Value = serde_json::from_str(schema.as_str()).unwrap();
    let variants = schema["properties"]["webhook_scheme"]["oneOf"].as_array().unwrap();
    let words: Vec<&str> = variants.iter().map(|variant| variant["const"].as_str().unwrap()).collect();
    assert_eq!(
        words,
        [
            "none",
            "svix",
            "hmac-sha1-hex",
            "hmac-sha256-hex",
            "hmac-sha512-hex",
            "timestamped-hmac-sha256",
            "shared-secret",
        ]
    );
}

/// The warnings about a described vendor with further options.
fn warnings(more: Value) -> Vec<String> {
    built(&with(described(), more)).unwrap().warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_webhook_secret_that_can_be_guessed_is_warned_about() {
    let with = |secret: &str| {
        warnings(
            json!({"webhook_scheme": "shared-secret", "webhook_header": "x-secret", "webhook_secrets": [secret]}),
        )
    };
    for short in ["x", "fifteen-letters"] {
        let message = "is so short that it can be guessed: is it the whole secret?";
        assert_eq!(with(short), [format!("providers.sessions.webhook_secrets.0: {message}")]);
    }
    assert!(with("sixteen-letters-").is_empty());
}

#[test]
fn the_name_of_a_scheme_without_a_blank_is_warned_about() {
    let lint = |prefix: &str| warnings(json!({"api_key_prefix": prefix}));
    for prefix in ["Bearer", "bearer", "Token", "ApiKey", "Basic"] {
        assert_eq!(
            lint(prefix),
            [
                "providers.sessions.api_key_prefix: has no blank at its end, so the vendor gets it and the key as one word: write it \
                 with one, such as \"Bearer \""
            ],
            "{prefix}"
        );
    }
    for fine in ["", "Bearer ", "Token token=", "sk_"] {
        assert!(lint(fine).is_empty(), "{fine}");
    }
}
