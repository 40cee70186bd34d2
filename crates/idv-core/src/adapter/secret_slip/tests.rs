use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

fn variable(name: &str) -> SecretSlip {
    SecretSlip::Variable(Some(name.to_owned()))
}

#[test]
fn references_are_told_with_the_name_of_the_variable() {
    for text in [
        "${BAANX_WEBHOOK_SECRET}",
        "$BAANX_WEBHOOK_SECRET",
        "$(BAANX_WEBHOOK_SECRET)",
        "${BAANX_WEBHOOK_SECRET:-a.default}",
        "${BAANX_WEBHOOK_SECRET:?is not set}",
        "${{ secrets.BAANX_WEBHOOK_SECRET }}",
        "$env:BAANX_WEBHOOK_SECRET",
        "env:BAANX_WEBHOOK_SECRET",
        "ENV:BAANX_WEBHOOK_SECRET",
        "env.BAANX_WEBHOOK_SECRET",
        "process.env.BAANX_WEBHOOK_SECRET",
        "%BAANX_WEBHOOK_SECRET%",
        "%BAANX_WEBHOOK_SECRET",
        "%{BAANX_WEBHOOK_SECRET}",
        "{{BAANX_WEBHOOK_SECRET}}",
        "{{ .Values.BAANX_WEBHOOK_SECRET | quote }}",
        "#{BAANX_WEBHOOK_SECRET}",
        "<%= BAANX_WEBHOOK_SECRET %>",
        "{BAANX_WEBHOOK_SECRET}",
        "@BAANX_WEBHOOK_SECRET@",
        "__BAANX_WEBHOOK_SECRET__",
        "<BAANX_WEBHOOK_SECRET>",
        "[BAANX_WEBHOOK_SECRET]",
        "BAANX_WEBHOOK_SECRET",
        "{ env = \"BAANX_WEBHOOK_SECRET\" }",
        "{\"env\":\"BAANX_WEBHOOK_SECRET\"}",
        // With something around it, the reference is still the news.
        "\"${BAANX_WEBHOOK_SECRET}\"\r\n",
        "Bearer ${BAANX_WEBHOOK_SECRET}",
        "\u{feff}${BAANX_WEBHOOK_SECRET}",
    ] {
        assert_eq!(SecretSlip::of(text), Some(variable("BAANX_WEBHOOK_SECRET")), "{text}");
        assert_eq!(SecretSlip::as_sent(text), Some(variable("BAANX_WEBHOOK_SECRET")), "{text}");
    }
    assert_eq!(
        variable("NAME").to_string(),
        "this is a reference to an environment variable and not its value: did you mean { env = \"NAME\" }?"
    );
}

#[test]
fn a_name_that_could_be_a_secret_is_not_printed() {
    for text in ["${nxos_sk_canary}", "{{ canary }}", "$(cat canary)", "%canary%", "env:canary", "$secret"] {
        let slip = SecretSlip::of(text).unwrap();
        assert_eq!(slip, SecretSlip::Variable(None), "{text}");
        assert!(!slip.to_string().contains("canary"), "{text}");
    }
}

#[test]
fn placeholders_are_refused() {
    for text in [
        "changeme",
        "CHANGEME",
        "change-me",
        "change_me_please",
        "ChangeMe123",
        "replace-me",
        "replace this",
        concat!("TO", "DO"),
        "todo:",
        "TBD",
        "fixme",
        "your-api-key",
        "YOUR_API_KEY_HERE",
        "yourApiKey",
        "your api key",
        "<secret>",
        "<your-api-key>",
        "<SECRET>",
        "[webhook secret]",
        "your-acme-webhook-secret",
        "insert key here",
        "paste-the-acme-token-here",
        "xxx",
        "xxxx",
        "XXXXXXXXXXXXXXXX",
        "****",
        "....",
        "----",
        "____",
        "???",
        "000000",
        "00000000-0000-0000-0000-000000000000",
        "whsec_xxxxxxxx",
        "whk_XXXX",
        "nxos_sk_live_xxxxxxxxxxxx",
        "nxos_sk_test_changeme",
        "whsec_your_secret",
        "placeholder",
        "example",
        "example-key",
        "null",
        "None",
        "nil",
        "undefined",
        "[redacted]",
        "REDACTED",
        "<hidden>",
        "secret",
        "password",
        "api-key",
        "API_KEY".to_lowercase().as_str(),
        "webhook_secret",
        "my-secret",
        "'changeme'",
        "Bearer changeme",
        " changeme ",
    ] {
        assert_eq!(SecretSlip::of(text), Some(SecretSlip::Placeholder), "{text}");
    }
    for text in ["whsec_…", "nxos_sk_live_…", "whk_1234••••", "nxos_sk_live_****1234", "sk_live_abcd..."]
    {
        assert_eq!(SecretSlip::of(text), Some(SecretSlip::Masked), "{text}");
    }
    for text in [
        "op://vault/baanx/key",
        "vault:secret/data/baanx#key",
        "arn:aws:secretsmanager:eu-central-1:1:secret:baanx",
        "file:///run/secrets/baanx",
        "/run/secrets/baanx",
        "{ file = \"baanx.key\" }",
    ] {
        assert_eq!(SecretSlip::of(text), Some(SecretSlip::Elsewhere), "{text}");
    }
}

#[test]
fn what_stands_around_a_secret_is_named() {
    for (text, slip) in [
        ("", SecretSlip::Empty),
        (" ", SecretSlip::Blank),
        ("\r\n\t \n", SecretSlip::Blank),
        ("\u{feff}", SecretSlip::Blank),
        ("\u{feff}canary", SecretSlip::ByteOrderMark),
        (" canary", SecretSlip::BlankBefore),
        ("\ncanary", SecretSlip::BlankBefore),
        ("\u{a0}canary", SecretSlip::BlankBefore),
        ("canary ", SecretSlip::BlankAfter),
        ("canary\t", SecretSlip::BlankAfter),
        ("canary\u{200b}", SecretSlip::BlankAfter),
        ("canary\n", SecretSlip::LineBreakAfter),
        ("canary\r\n", SecretSlip::LineBreakAfter),
        ("canary\r", SecretSlip::LineBreakAfter),
        ("\"canary\"", SecretSlip::Quoted),
        ("'canary'", SecretSlip::Quoted),
        ("“canary”", SecretSlip::Quoted),
        ("\"\"", SecretSlip::Quoted),
        ("v1,whsec_Y2FuYXJ5", SecretSlip::Prefixed("v1,")),
        ("Bearer canary", SecretSlip::Prefixed("Bearer ")),
        ("bearer  canary", SecretSlip::Prefixed("Bearer ")),
        ("BAANX_CLIENT_KEY=canary", SecretSlip::Assignment),
        ("export KEY=canary", SecretSlip::Assignment),
        // The outermost comes first.
        (" \"canary\"", SecretSlip::BlankBefore),
        ("\"canary\"\n", SecretSlip::LineBreakAfter),
        ("'Bearer canary'", SecretSlip::Quoted),
    ] {
        assert_eq!(SecretSlip::of(text), Some(slip.clone()), "{text:?}");
        assert!(!slip.to_string().contains("canary"), "{slip}");
    }
    assert_eq!(SecretSlip::as_sent("Bearer canary"), None);
}

#[test]
fn a_word_within_a_secret_says_nothing() {
    for text in [
        "k",
        "1",
        "xx",
        "key",
        "a-key",
        "key-1",
        "s3cret",
        "test",
        "test-key",
        "acme-key",
        "veritas-password",
        "secret-canary",
        "correct horse battery staple",
        "changeme-9f2c",
        "nxos_sk_test_1",
        "whsec_c2VjcmV0",
        "whsec_Y2hhbmdlbWU=",
        "my dog ate the secret",
        concat!("TO", "DOxyz"),
        "$2b$12$abcdefghijk",
        "100%",
        "a<b>c",
        "{}",
        "a=b",
        "it's",
        "bearer of good news",
        "\"quote",
        "quote\"",
        "v1,other",
        "0123456789abcdef",
        "AB_CD",
        "A_KEYRING",
    ] {
        assert_eq!(SecretSlip::of(text), None, "{text}");
    }
}

#[test]
fn names_of_variables_are_told_from_other_texts() {
    assert!(is_variable_name("NXOS_API_KEY") && is_variable_name("_A1") && is_variable_name(&"A".repeat(64)));
    for other in ["", "1A", "nxos", "A-B", "A B", "é", &"A".repeat(65)] {
        assert!(!is_variable_name(other), "{other}");
    }
}

/// Keys as vendors and generators make them.
fn keys() -> impl Strategy<Value = String> {
    let bytes = || proptest::collection::vec(any::<u8>(), 16..48);
    prop_oneof![
        bytes().prop_map(|bytes| base16ct::lower::encode_string(&bytes)),
        bytes().prop_map(|bytes| base16ct::upper::encode_string(&bytes)),
        bytes().prop_map(|bytes| STANDARD.encode(bytes)),
        bytes().prop_map(|bytes| URL_SAFE_NO_PAD.encode(bytes)),
        bytes().prop_map(|bytes| format!("whsec_{}", STANDARD.encode(bytes))),
        bytes().prop_map(|bytes| format!("whk_{}", base16ct::lower::encode_string(&bytes))),
        "nxos_sk_(live|test)_[A-Za-z0-9]{16,40}",
        "[A-Z2-7]{16,32}",
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        // Visible ASCII, in which one of some four thousand stands in quotes by chance.
        "[!-~]{16}".prop_filter("it stands in quotes", |text| unquoted(text).is_none()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default() })]

    #[test]
    fn no_ordinary_key_is_refused(key in keys()) {
        prop_assert_eq!(SecretSlip::of(&key), None, "{}", key);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, rng_seed: RngSeed::Fixed(12), ..ProptestConfig::default() })]

    #[test]
    fn no_sentence_repeats_a_key(
        key in "[a-z][a-z0-9]{11}", around in proptest::sample::select(vec![
            ("\"", "\""), (" ", ""), ("", "\n"), ("\u{feff}", ""), ("Bearer ", ""), ("${", "}"), ("<", ">"), ("{{", "}}"),
            ("export KEY=", ""), ("file:", ""), ("v1,whsec_", ""), ("", "…"),
        ]),
    ) {
        let text = format!("{}{key}{}", around.0, around.1);
        let slip = SecretSlip::of(&text);
        prop_assert!(slip.is_some(), "{}", text);
        let said = slip.map(|slip| format!("{slip:?} {slip}")).unwrap_or_default();
        prop_assert!(!said.contains(&key), "{}", said);
    }

    #[test]
    fn every_text_is_judged(text in any::<String>()) {
        if let Some(slip) = SecretSlip::of(&text) {
            prop_assert!(!slip.to_string().contains(char::is_control));
        }
    }

    #[test]
    fn every_odd_text_is_judged(text in "[$%{}<>\\[\\]@_.:=\"' \u{feff}\nAaXx1-]{0,12}") {
        let _ = (SecretSlip::of(&text), SecretSlip::as_sent(&text));
    }
}
