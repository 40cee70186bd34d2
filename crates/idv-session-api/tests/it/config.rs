//! Options, good and bad.

use idv_core::{Operation, Surface};
use serde_json::{Value, json};

use crate::support::{build, build_with_file, built, over, with};

fn preset() -> Value {
    json!({"preset": "deepidv", "api_key": {"env": "KEY"}})
}

/// As little as a vendor can be described with.
pub(crate) fn described() -> Value {
    json!({
        "base_url": "https://api.example.com", "api_key": {"env": "KEY"}, "start": {"path": "/v1/sessions"},
        "check": {"path": "/v1/sessions/{id}"}, "status_words": {"done": "approved"},
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

/// The keys of an instance; all others describe a vendor.
const INSTANCE: [&str; 8] = [
    "preset",
    "description",
    "base_url",
    "api_key",
    "secrets",
    "workflow_id",
    "webhook_secrets",
    "recheck_after",
];

#[test]
fn rows_beside_a_preset_replace_its_rows_and_nothing_else() {
    let keys = known_keys();
    assert!(keys.len() > 20 && INSTANCE.iter().all(|key| keys.contains(&(*key).to_owned())), "{keys:?}");
    let rows = |more: Value| {
        let provider = build(&over(preset(), more)).unwrap();
        let profile = provider.profile();
        let row = |word: &str| {
            let row =
                profile.mapping.iter().find(|row| row.surface == Surface::CheckStatus && row.word == word);
            row.and_then(|row| row.status).map(|status| status.as_str())
        };
        (row("SUBMITTED"), row("VERIFIED"), row("PARKED"), profile.vendor.to_string())
    };
    let usual = (Some("in_review"), Some("approved"), None, "deepidv".to_owned());
    assert_eq!(rows(json!({})), usual);
    let replaced = json!({"status_words": {"SUBMITTED": "on_hold", "PARKED": "on_hold"}, "vendor": "Acme"});
    assert_eq!(rows(replaced), (Some("on_hold"), Some("approved"), Some("on_hold"), "Acme".to_owned()));
    let wrong =
        json!({"status_words": {"SUBMITTED": "maybe"}, "start": {"pth": "/x"}, "find": {"whole": true}});
    let found = problems(&over(preset(), wrong));
    let keys: Vec<_> = found.iter().map(|text| text.split(": ").next().unwrap()).collect();
    assert_eq!(keys, ["start.pth", "status_words.SUBMITTED", "find"], "{found:?}");
    let all = json!({"base_url": "https://gateway.example/x", "workflow_id": "wf_1", "recheck_after": "30d"});
    let provider = build(&with(preset(), all)).unwrap();
    let policy = &provider.profile().actions;
    assert_eq!(policy.recheck_after.unwrap().as_secs(), 30 * 24 * 3600);
}

#[test]
fn everything_wrong_is_reported_at_once() {
    let nothing = json!({"api_key": {"env": "NONE"}, "webhook_secrets": [{"env": "EMPTY"}], "workflow_id": " ", "vendor": "X"});
    assert_eq!(
        problems(&nothing),
        [
            "start: is required",
            "check: is required",
            "status_words: is required",
            "api_key: the environment variable NONE is not set",
            "webhook_secrets.0: the secret is empty",
            "workflow_id: must not be empty or have control characters",
        ]
    );
    let unknown =
        problems(&json!({"preset": "deepidv", "api_kye": "canary", "base_url": "http://example.com"}));
    assert_eq!(unknown.len(), 3, "{unknown:?}");
    assert!(
        unknown.iter().any(|text| text.starts_with("api_kye: unknown key; did you mean `api_key`?")),
        "{unknown:?}"
    );
    let nobody = problems(&json!({"api_key": {"env": "KEY"}}));
    assert!(matches!(&nobody[..], [one] if one.starts_with("preset: is required")), "{nobody:?}");
    let unknown = problems(&json!({"api_key": {"env": "KEY"}, "preset": "depidv"}));
    assert!(matches!(&unknown[..], [one] if one.contains("did you mean `deepidv`?")), "{unknown:?}");
    let both = problems(&json!({"api_key": {"env": "KEY"}, "preset": "deepidv", "description": "acme.toml"}));
    assert!(matches!(&both[..], [one] if one.starts_with("description: ")), "{both:?}");
}

#[test]
fn each_mistake_is_named_where_it_stands() {
    let start = |more: Value| json!({"start": more});
    let find = |more: Value| {
        let found = over(json!({"path": "/v1/sessions", "whole": true}), more);
        json!({"find": found, "start": {"fields": {"reference": "r"}}})
    };
    let posted = |more: Value| find(over(json!({"fields": {"reference": "r"}}), more));
    let hmac =
        |more: Value| json!({"webhook": over(json!({"scheme": "hmac", "header": "x-signature"}), more)});
    let scheme = |more: Value| json!({"webhook": more});
    for (more, key) in [
        (json!({"auth": {"header": "no header"}}), "auth.header"),
        (json!({"auth": {"header": "content-length"}}), "auth.header"),
        (json!({"auth": {"prefix": "a\n"}}), "api_key"),
        (json!({"auth": {"basic_user": "user"}}), "secrets.user"),
        (json!({"auth": {"basic_user": "user", "prefix": "x"}, "secrets": {"user": "u"}}), "auth.basic_user"),
        (json!({"auth": {"oauth2": {"client_id": "c"}}, "secrets": {"c": "u"}}), "auth.oauth2.token_url"),
        (json!({"auth": {"oauth2": {"token_url": "https://a.example", "client_id": "c"}}}), "secrets.c"),
        (
            json!({"auth": {"oauth2": {"token_url": "https://a.example", "client_id": "c"}, "prefix": "x"}, "secrets": {"c": "u"}}),
            "auth.oauth2",
        ),
        (
            json!({"auth": {"oauth2": {"token_url": "http://a.example", "client_id": "c"}}, "secrets": {"c": "u"}}),
            "auth.oauth2.token_url",
        ),
        (json!({"auth": {"secret_headers": {"x-id": "id"}}}), "secrets.id"),
        (
            json!({"auth": {"secret_headers": {"x-api-key": "id"}}, "secrets": {"id": "u"}}),
            "auth.secret_headers",
        ),
        (json!({"secrets": {"id": "u"}}), "secrets.id"),
        (json!({"headers": {"host": "x"}}), "headers.host"),
        (json!({"headers": {"x-api-key": "x"}}), "headers.x-api-key"),
        (json!({"headers": {"authorization": "x"}}), "headers.authorization"),
        (json!({"headers": {"x y": "x"}}), "headers.\"x y\""),
        (json!({"headers": {"x-version": "a\nb"}}), "headers.x-version"),
        (start(json!({"path": "v1/sessions"})), "start.path"),
        (start(json!({"path": ""})), "start.path"),
        (start(json!({"path": "//sessions"})), "start.path"),
        (start(json!({"path": "/v1/../sessions"})), "start.path"),
        (start(json!({"path": "/v1/sessions?a=b"})), "start.path"),
        (start(json!({"path": "/v1/{id}"})), "start.path"),
        (start(json!({"path": "https://example.com/v1"})), "start.path"),
        (start(json!({"id": ["id"]})), "start.id.0"),
        (start(json!({"id": []})), "start.id"),
        (start(json!({"id": "/a/*"})), "start.id"),
        (start(json!({"fields": {"frist_name": "x"}})), "start.fields.frist_name"),
        (start(json!({"fields": {"first_name": "x", "last_name": "x"}})), "start.fields.last_name"),
        (start(json!({"fields": {"first_name": "/a", "last_name": "/a/b"}})), "start.fields.last_name"),
        (start(json!({"fields": {"first_name": ["/a", "/a"]}})), "start.fields.first_name"),
        (start(json!({"fields": {"first_name": ""}})), "start.fields.first_name"),
        (start(json!({"fields": {"first_name": "a"}, "constants": {"/a": 1}})), "start.constants.\"/a\""),
        (start(json!({"constants": {"/list/1": 1}})), "start.constants.\"/list/1\""),
        (start(json!({"attributes": {"email": "x"}})), "start.attributes.email"),
        (start(json!({"required": ["email"]})), "start.required.0"),
        (start(json!({"stored_errors": true})), "start.stored_errors"),
        (start(json!({"link": "https://id.example/{token}"})), "start.link"),
        (start(json!({"link": "https://{id}.example/"})), "start.link"),
        (start(json!({"expires_at": "/a", "lifetime": "/b"})), "start.lifetime"),
        (json!({"check": {"path": "/v1/sessions"}}), "check.path"),
        (json!({"check": {"path": "/v1/{id}/{id}"}}), "check.path"),
        (json!({"check": {"path": "/v1/s-{id}"}}), "check.path"),
        (json!({"check": {"path": "/v1/%2e%2e/{id}"}}), "check.path"),
        (json!({"check": {"id_field": "/id"}}), "check.path"),
        (json!({"find": {"path": "/v1/sessions", "whole": true}}), "find.path"),
        (find(json!({"path": "/{id}"})), "find.path"),
        (find(json!({"whole": false})), "find"),
        (find(json!({"next_page": "page"})), "find"),
        (find(json!({"parameter": ""})), "find.parameter"),
        (find(json!({"parameter": "a", "size_parameter": "a"})), "find"),
        (find(json!({"parameter": "a", "query": {"a": "b"}})), "find"),
        (find(json!({"constants": {"a": 1}})), "find.constants"),
        (find(json!({"whole": false, "next_token": {"at": "/a"}})), "find.next_token.parameter"),
        (find(json!({"whole": false, "next_token": {"at": "/a", "field": "b"}})), "find.next_token.field"),
        (find(json!({"fields": {"workflow": "w"}})), "find.fields.reference"),
        (posted(json!({"parameter": "a"})), "find.parameter"),
        (posted(json!({"size_parameter": "a"})), "find.size_parameter"),
        (posted(json!({"whole": false, "next_page": "a"})), "find.next_page"),
        (posted(json!({"whole": false, "next_offset": "a"})), "find.next_offset"),
        (posted(json!({"whole": false, "next_url": "/a"})), "find.next_url"),
        (posted(json!({"whole": false, "next_token": {"at": "/a"}})), "find.next_token.field"),
        (
            posted(json!({"whole": false, "next_token": {"at": "/a", "field": "b", "parameter": "c"}})),
            "find.next_token.parameter",
        ),
        (posted(json!({"whole": false, "next_token": {"at": "/a", "field": "r"}})), "find.next_token.field"),
        (posted(json!({"constants": {"r": 1}})), "find.constants.r"),
        (posted(json!({"whole": false})), "find"),
        (posted(json!({"fields": {"workflow": "w"}})), "workflow_id"),
        (start(json!({"repeatable": true})), "start.repeatable"),
        (
            start(json!({"repeatable": true, "fields": {"reference": "r"}, "idempotency_header": "x-key"})),
            "start.repeatable",
        ),
        (
            json!({"start": {"reference_is_id": true, "repeatable": true, "fields": {"reference": "r"}}, "errors": {"code": "/c"}}),
            "start.repeatable",
        ),
        (json!({"start": {"reference_is_id": true}, "errors": {"code": "/c"}}), "start.reference_is_id"),
        (start(json!({"reference_is_id": true, "fields": {"reference": "r"}})), "start.reference_is_id"),
        (
            over(find(json!({})), json!({"start": {"reference_is_id": true}, "errors": {"code": "/c"}})),
            "find",
        ),
        (json!({"refresh": {"path": "/v1/sessions"}}), "refresh.path"),
        (json!({"refresh": {"repeatable": true}}), "refresh.path"),
        (
            json!({"refresh": {"path": "/{id}/a", "revive": {"path": "/b", "when": ["expired"]}}}),
            "refresh.revive.path",
        ),
        (
            json!({"refresh": {"path": "/{id}/a", "revive": {"path": "/{id}", "when": []}}}),
            "refresh.revive.when",
        ),
        (json!({"cancel": {"path": "/a"}}), "cancel.path"),
        (json!({"cancel": {"path": "/{id}", "method": "GET"}}), "cancel.method"),
        (json!({"erase": {"path": "/{id}"}}), "erase.outcome"),
        (json!({"erase": {"path": "/{id}", "outcome": "done", "already_gone": [404]}}), "erase.already_gone"),
        (
            json!({"erase": {"path": "/{id}", "outcome": "done", "already_gone": [200]}, "errors": {"code": "/code"}}),
            "erase.already_gone.0",
        ),
        (json!({"session": {"status": ["/a", "b"]}}), "session.status.1"),
        (json!({"session": {"reason": "b/*"}}), "session.reason"),
        (json!({"session": {"id": []}}), "session.id"),
        (json!({"workflow_id": "wf_1"}), "workflow_id"),
        (json!({"status_words": {"done": "yes"}}), "status_words.done"),
        (json!({"status_words": {"done": "unrecognized"}}), "status_words.done"),
        (json!({"status_words": {"done": "approved", "DONE": "rejected"}}), "status_words.done"),
        (json!({"status_words": {"done + x": "approved"}}), "status_words.done"),
        (json!({"status_reasons": {"done": "because"}}), "status_reasons.done"),
        (json!({"reason_words": {"x": "approved"}}), "reason_words.x"),
        (json!({"return_url": {"words": {"ok": "approved"}}}), "return_url.words.ok"),
        (json!({"return_url": {"words": {"no": "rejected"}}}), "return_url.words.no"),
        (json!({"return_url": {"words": {"no": "in_review"}}}), "return_url.words.no"),
        (
            json!({"return_url": {"words": {"ok": "submitted"}, "reasons": {"x": "y"}}}),
            "return_url.reasons.x",
        ),
        (json!({"return_url": {"words": {"ok": "submitted"}, "status": "reason"}}), "return_url.session"),
        (json!({"return_url": {"words": {"ok": "submitted"}, "session": ["status"]}}), "return_url.session"),
        (json!({"errors": {"kinds": {"200": "conflict"}}}), "errors.kinds.200"),
        (json!({"errors": {"kinds": {"402": "timeout"}}}), "errors.kinds.402"),
        (json!({"errors": {"kinds": {"402": "maybe"}}}), "errors.kinds.402"),
        (json!({"errors": {"hints": {"403": " "}}}), "errors.hints.403"),
        (json!({"errors": {"wait_header": "a b"}}), "errors.wait_header"),
        (json!({"policy": {"next_actions": {"expired": "resume_session"}}}), "policy.next_actions.expired"),
        (json!({"policy": {"next_actions": {"approved": "wait"}}}), "policy.next_actions.approved"),
        (json!({"policy": {"next_actions": {"gone": "wait"}}}), "policy.next_actions.gone"),
        (json!({"policy": {"next_actions": {"failed": "none"}}}), "policy.next_actions.failed"),
        (json!({"policy": {"poll_vendor": "0s"}}), "policy.poll_vendor"),
        (json!({"sources": {"start.pth": "x"}}), "sources"),
        (json!({"samples": [{"name": "x", "sees": {}}]}), "samples.0"),
        (
            json!({"samples": [{"name": "x", "return_url": "/", "sees": {"status": "maybe"}}]}),
            "samples.0.sees.status",
        ),
        (scheme(json!({"scheme": "md5"})), "webhook.scheme"),
        (scheme(json!({"scheme": "hmac"})), "webhook.header"),
        (hmac(json!({"header": "not a name"})), "webhook.header"),
        (hmac(json!({"time_header": "x"})), "webhook.signs"),
        (hmac(json!({"signs": "{time}.{body}"})), "webhook.signs"),
        (hmac(json!({"signs": "{time}"})), "webhook.signs"),
        (hmac(json!({"header_form": "{body}"})), "webhook.header_form"),
        (hmac(json!({"digest": "md5"})), "webhook.digest"),
        (hmac(json!({"secret": "plain"})), "webhook.secret"),
        (hmac(json!({"event_type": ["x"]})), "webhook.event_type.0"),
        (over(hmac(json!({})), json!({"webhook_secrets": ["k", ""]})), "webhook_secrets.1"),
        (scheme(json!({"scheme": "shared-secret"})), "webhook.header"),
        (scheme(json!({"scheme": "shared-secret", "header": "x", "fresh": "/at"})), "webhook.fresh"),
        (scheme(json!({"scheme": "svix", "header": "x"})), "webhook.header"),
        (scheme(json!({"scheme": "svix", "event_id": "/id"})), "webhook.event_id"),
        (scheme(json!({"scheme": "svix", "id_header": "x"})), "webhook.id_header"),
        (hmac(json!({"id_header": "a b"})), "webhook.id_header"),
        (scheme(json!({"scheme": "unsigned", "status_words": {"a": "failed"}})), "webhook.status_words"),
        (json!({"webhook": {"scheme": "unsigned"}, "webhook_secrets": ["k"]}), "webhook_secrets"),
        (json!({"webhook_secrets": [{"env": "SECRET"}]}), "webhook_secrets"),
        (json!({"webhook": {"scheme": "svix"}, "webhook_secrets": ["nonsense"]}), "webhook_secrets.0"),
    ] {
        let found = problems(&over(described(), more.clone()));
        assert_eq!(found.len(), 1, "{more}: {found:?}");
        assert!(found[0].starts_with(&format!("{key}: ")), "{more}: {found:?}");
    }
    let found = problems(&with(described(), json!({"status_words": {}})));
    assert!(matches!(&found[..], [one] if one.starts_with("status_words: is empty")), "{found:?}");
}

/// The status of a webhook that arrives without its detail would be that of the bare word.
#[test]
fn a_webhook_word_that_a_detail_can_change_is_no_decision_by_itself() {
    let vendor = |words: Value, webhook: Value| {
        let webhook = over(json!({"scheme": "hmac", "header": "x"}), webhook);
        over(described(), json!({"status_words": words, "session": {"detail": "/final"}, "webhook": webhook}))
    };
    let unsafe_words = json!({"done": null, "APPROVED": "approved", "APPROVED + false": "in_review"});
    let found = problems(&vendor(unsafe_words.clone(), json!({})));
    assert!(matches!(&found[..], [one] if one.starts_with("status_words.APPROVED: ")), "{found:?}");
    let own = json!({"status_words": {"approved": "in_review", "approved + true": "approved"}});
    build(&vendor(unsafe_words, own)).unwrap();
    let safe = json!({"done": null, "APPROVED": "in_review", "APPROVED + true": "approved"});
    build(&vendor(safe.clone(), json!({}))).unwrap();
    let found = problems(&vendor(safe, json!({"status_words": {"approved": "rejected"}})));
    assert!(matches!(&found[..], [one] if one.starts_with("webhook.status_words.approved: ")), "{found:?}");
}

/// Problems of a file are told with its own lines, at the key that names it.
#[test]
fn a_description_in_a_file_is_read_beside_the_configuration() {
    let file = |text: &str, more: Value| {
        let options = json!({"description": "acme.toml", "api_key": {"env": "KEY"}});
        build_with_file("acme.toml", text, &over(options, more))
    };
    let text = "vendor = \"Acme\"\nbase_url = \"https://a.example\"\nstart.path = \"/s\"\ncheck.path = \"/s/{id}\"\n\
                [status_words]\ndone = \"in_review\"\n";
    let provider = file(text, json!({"status_words": {"done": "approved"}})).unwrap();
    assert_eq!(provider.profile().vendor, "Acme");
    assert_eq!(provider.profile().mapping[0].status.map(|status| status.as_str()), Some("approved"));
    let broken = text.replace("\"/s\"", "\"s\"").replace("in_review", "canary-that-is-no-status");
    let found = file(&broken, json!({})).unwrap_err();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("providers.sessions.description: acme.toml: start.path (line 3, column 14): "),
        "{found:?}"
    );
    assert!(
        found[1].contains("acme.toml: status_words.done (line 6, column 8): expected one of "),
        "{found:?}"
    );
    assert!(!found.concat().contains("canary"), "{found:?}");
    let found = file("vendor = ", json!({})).unwrap_err();
    assert!(found[0].contains("acme.toml: line 1, column "), "{found:?}");
    let found = build(&json!({"description": "none.toml", "api_key": {"env": "KEY"}})).unwrap_err();
    assert!(matches!(&found[..], [one] if one.starts_with("providers.sessions.description: ")), "{found:?}");
    let found = file(text, json!({"status_words": {"done": "maybe"}})).unwrap_err();
    assert!(
        matches!(&found[..], [one] if one.starts_with("providers.sessions.status_words.done: ")),
        "{found:?}"
    );
}

#[test]
fn a_key_that_a_scheme_has_no_use_for_is_told_from_one_that_it_lacks() {
    let of = |webhook: Value| problems(&over(described(), json!({"webhook": webhook})));
    assert_eq!(of(json!({"scheme": "sha256-suffix"})), ["webhook.header: is required by this `scheme`"]);
    assert_eq!(
        of(json!({"scheme": "shared-secret", "header": "x", "time_header": "y"})),
        ["webhook.time_header: is not used by this `scheme`"]
    );
    assert_eq!(
        of(json!({"scheme": "svix", "header": "x", "digest": "sha1"})),
        ["webhook.header: is not used by this `scheme`", "webhook.digest: is not used by this `scheme`"]
    );
    for digest in ["sha1", "sha256", "sha512"] {
        let timed = json!({
            "scheme": "hmac", "digest": digest, "header": "x", "time_header": "y", "signs": "{time}.{body}", "encoding": "base64",
        });
        assert!(build(&over(described(), json!({"webhook": timed}))).is_ok());
    }
}

#[test]
fn one_mistake_does_not_hide_another() {
    let more = json!({
        "start": {"path": "x", "id": ["x"], "required": ["email"], "pth": 1}, "check": {"path": "x"},
        "find": {"path": "/x", "lst": 1}, "webhook": {"scheme": "shared-secret", "event_type": ["x"]},
        "status_words": {"a": "x", "b": "x"}, "policy": {"next_actions": {"expired": "resume_session"}},
    });
    let found = problems(&over(described(), more));
    let keys: Vec<_> = found.iter().map(|text| text.split(": ").next().unwrap()).collect();
    for key in [
        "start.path",
        "start.id.0",
        "start.pth",
        "start.required.0",
        "check.path",
        "find.lst",
        "find.path",
        "status_words.a",
        "status_words.b",
        "webhook.header",
        "webhook.event_type.0",
        "policy.next_actions.expired",
    ] {
        assert_eq!(keys.iter().filter(|found| **found == key).count(), 1, "{key}: {keys:?}");
    }
}

#[test]
fn a_return_word_that_claims_a_decision_says_what_is_allowed() {
    let found = problems(&over(described(), json!({"return_url": {"words": {"ok": "approved"}}})));
    let wanted = "return_url.words.ok: expected one of submitted, abandoned, expired, cancelled, failed";
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
    known.dedup();
    let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, known.iter().collect::<Vec<_>>());
}

/// The warnings about a described vendor with further options.
fn warnings(more: Value) -> Vec<String> {
    built(&over(described(), more)).unwrap().warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_webhook_secret_that_can_be_guessed_is_warned_about() {
    let with = |secret: &str| {
        warnings(
            json!({"webhook": {"scheme": "shared-secret", "header": "x-secret"}, "webhook_secrets": [secret]}),
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
    let lint = |prefix: &str| warnings(json!({"auth": {"prefix": prefix}}));
    for prefix in ["Bearer", "bearer", "Token", "ApiKey", "Basic"] {
        assert_eq!(
            lint(prefix),
            [
                "providers.sessions.auth.prefix: has no blank at its end, so the vendor gets it and the key as one word: write it \
                 with one, such as \"Bearer \""
            ],
            "{prefix}"
        );
    }
    for fine in ["", "Bearer ", "Token token=", "sk_"] {
        assert!(lint(fine).is_empty(), "{fine}");
    }
}
