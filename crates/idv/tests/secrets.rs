//! Secrets that can hardly be meant are refused at every kind, wherever they come from, and never repeated.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(all(feature = "baanx", feature = "nxos", feature = "session-api"))]

use std::fs;
use std::sync::Arc;

use idv::Registry;
use idv::adapter::{SecretResolver, SecretSource};
use idv::config::ConfigDocument;
use insta::assert_snapshot;
use secrecy::SecretString;

const SVIX: &str = "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5";

/// Every place of a secret, in every kind that takes one: `@` is the secret, and the last word the key where it stands.
const PLACES: &[(&str, &str)] = &[
    ("kind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = @", "api_key"),
    (
        "kind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = \"k\"\nwebhook_secrets = [\"SVIX\", @]",
        "webhook_secrets.1",
    ),
    ("kind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = \"k\"\nhttp.proxy = @", "http.proxy"),
    ("kind = \"baanx-user\"\nbase_url = \"https://a.example\"\nclient_key = @", "client_key"),
    (
        "kind = \"baanx-user\"\nbase_url = \"https://a.example\"\nclient_key = \"k\"\nwebhook_secrets = [\"k\", @]",
        "webhook_secrets.1",
    ),
    ("kind = \"baanx-registration\"\nbase_url = \"https://a.example\"\nclient_key = @", "client_key"),
    (
        "kind = \"baanx-registration\"\nbase_url = \"https://a.example\"\nclient_key = \"k\"\nwebhook_secrets = [@, \"k\"]",
        "webhook_secrets.0",
    ),
    ("kind = \"session-api\"\npreset = \"deepidv\"\napi_key = @", "api_key"),
    (
        "kind = \"session-api\"\npreset = \"deepidv\"\napi_key = \"k\"\nwebhook_secrets = [@]",
        "webhook_secrets.0",
    ),
    ("DESCRIBED\napi_key = @", "api_key"),
    (
        "DESCRIBED\napi_key = \"k\"\nwebhook.scheme = \"svix\"\nwebhook_secrets = [\"SVIX\", @]",
        "webhook_secrets.1",
    ),
    (
        "DESCRIBED\napi_key = \"k\"\nwebhook.scheme = \"hmac\"\nwebhook.header = \"x-signature\"\nwebhook_secrets = [@]",
        "webhook_secrets.0",
    ),
    (
        "DESCRIBED\napi_key = \"k\"\nwebhook.scheme = \"sha256-suffix\"\nwebhook.header = \"x-signature\"\nwebhook_secrets = [@]",
        "webhook_secrets.0",
    ),
    (
        "DESCRIBED\napi_key = \"k\"\nwebhook.scheme = \"shared-secret\"\nwebhook.header = \"x-secret\"\nwebhook_secrets = [@]",
        "webhook_secrets.0",
    ),
];

const DESCRIBED: &str = "kind = \"session-api\"\nbase_url = \"https://a.example\"\nstart.path = \"/v1/sessions\"\n\
    check.path = \"/v1/sessions/{id}\"\nstatus_words = { done = \"approved\" }";

/// Secrets whose names are the secrets.
#[derive(Debug)]
struct Echo;

impl SecretResolver for Echo {
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String> {
        match source {
            SecretSource::Env(text) => Ok(SecretString::from(text.as_str())),
            SecretSource::Literal(secret) => Ok(secret.clone()),
            _ => Err("there are no files".to_owned()),
        }
    }
}

fn document(options: &str, secret: &str) -> ConfigDocument {
    let options = options.replace("DESCRIBED", DESCRIBED).replace("SVIX", SVIX).replace('@', secret);
    ConfigDocument::from_toml_str(&format!("active = \"a\"\n[providers.a]\n{options}\n")).unwrap()
}

/// What is said of a configuration, a line each.
fn refusal(document: &ConfigDocument) -> Option<String> {
    let error = Registry::builder().secrets(Arc::new(Echo)).build(document).err()?;
    Some(error.config_problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[test]
fn whatever_can_hardly_be_a_secret_is_refused_at_its_place() {
    for (text, said) in [
        ("${BAANX_WEBHOOK_SECRET}", "did you mean { env = \"BAANX_WEBHOOK_SECRET\" }?"),
        ("$BAANX_WEBHOOK_SECRET", "did you mean { env = \"BAANX_WEBHOOK_SECRET\" }?"),
        ("env:BAANX_WEBHOOK_SECRET", "did you mean { env = \"BAANX_WEBHOOK_SECRET\" }?"),
        ("%BAANX_WEBHOOK_SECRET%", "did you mean { env = \"BAANX_WEBHOOK_SECRET\" }?"),
        ("{{BAANX_WEBHOOK_SECRET}}", "did you mean { env = \"BAANX_WEBHOOK_SECRET\" }?"),
        ("${canary}", "a reference to an environment variable"),
        ("changeme", "a placeholder"),
        ("<secret>", "a placeholder"),
        ("your-api-key", "a placeholder"),
        ("xxxx", "a placeholder"),
        ("'canary'", "in quotes"),
        (" canary", "begins with a blank"),
        ("canary\\n", "ends with a line break"),
        ("canary ", "ends with a blank"),
        ("  ", "nothing else"),
        ("\\uFEFFcanary", "a byte-order mark"),
        ("v1,whsec_Y2FuYXJ5", "`v1,` stands before"),
        ("", "is empty"),
    ] {
        for secret in [format!("\"{text}\""), format!("{{ env = \"{text}\" }}")] {
            for (options, key) in PLACES {
                let refused = refusal(&document(options, &secret)).expect(text);
                assert!(refused.starts_with(&format!("providers.a.{key} (line ")), "{options}\n{refused}");
                assert!(refused.contains(said) && !refused.contains('\n'), "{text}: {refused}");
                assert!(!refused.contains("canary"), "{refused}");
            }
        }
    }
}

#[test]
fn bearer_before_a_secret_is_refused_unless_it_is_a_part_of_it() {
    for (options, key) in PLACES {
        let refused = refusal(&document(options, "\"Bearer canary\""));
        match options.contains("shared-secret") {
            true => assert_eq!(refused, None, "{options}"),
            false if options.contains("deepidv") && options.contains("webhook") => assert_eq!(refused, None),
            false => {
                let refused = refused.unwrap();
                assert!(
                    refused.contains(&format!("providers.a.{key} ("))
                        && refused.contains("`Bearer ` stands before"),
                    "{refused}"
                );
            }
        }
    }
}

#[test]
fn secrets_that_can_be_meant_are_taken() {
    for (options, key) in PLACES {
        let secret = match *key {
            "http.proxy" => "http://user:changeme@proxy.example:3128",
            _ => SVIX,
        };
        assert_eq!(refusal(&document(options, &format!("\"{secret}\""))), None, "{options}");
    }
}

#[test]
fn a_key_of_routing_is_a_secret_too() {
    let text = "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = \"k\"\n[routing]\nkey = \"${ROUTING_KEY_OF_OURS}\"\n";
    let document = ConfigDocument::from_toml_str(text).unwrap();
    assert_snapshot!(refusal(&document).unwrap(), @r#"routing.key (line 7, column 7): this is a reference to an environment variable and not its value: did you mean { env = "ROUTING_KEY_OF_OURS" }?"#);
}

#[test]
fn a_proxy_that_cannot_be_used_is_told_at_its_key() {
    for (options, key) in PLACES.iter().filter(|(options, _)| !options.contains("http.proxy")) {
        let options = format!("{options}\nhttp.proxy = \"socks5://canary:1080\"");
        let refused = refusal(&document(&options, &format!("\"{SVIX}\""))).unwrap();
        let place = format!("providers.a.http.proxy (line {}, column 14): ", document_lines(&options));
        assert_eq!(refused, format!("{place}the proxy is not a usable `http` or `https` URL"), "{key}");
    }
}

/// The line of the last of the options in the whole document.
fn document_lines(options: &str) -> usize {
    2 + options.replace("DESCRIBED", DESCRIBED).lines().count()
}

#[test]
fn an_authority_that_cannot_be_used_is_told_at_the_key_that_names_its_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key.pem"), "-----BEGIN PRIVATE KEY-----\n").unwrap();
    fs::write(folder.path().join("request.pem"), "-----BEGIN CERTIFICATE REQUEST-----\n").unwrap();
    for (options, _) in PLACES.iter().filter(|(options, _)| !options.contains("http.proxy")) {
        let options = format!("{options}\nhttp.extra_ca = [\n\"key.pem\",\n  \"request.pem\"]");
        let refused = refusal(&document(&options, &format!("\"{SVIX}\"")).with_base(folder.path())).unwrap();
        let line = document_lines(&options);
        assert_eq!(
            refused,
            format!(
                "providers.a.http.extra_ca.0 (line {}, column 1): the file of the certificate authority holds a private key: only \
                 certificates may stand in it\nproviders.a.http.extra_ca.1 (line {line}, column 3): the file of the certificate \
                 authority holds a certificate request (CSR): only certificates may stand in it",
                line - 1
            )
        );
    }
}

#[test]
fn starts_of_a_user_are_counted_only_where_there_are_users() {
    let limit = "\nlimits.user_starts_per_day = 5";
    for (options, _) in PLACES.iter().filter(|(_, key)| matches!(*key, "api_key" | "client_key")) {
        let refused = refusal(&document(&format!("{options}{limit}"), "\"k\""));
        let kind = ["baanx-user", "baanx-registration", "nxos", "session-api"];
        let options = options.replace("DESCRIBED", DESCRIBED);
        let kind = kind.into_iter().find(|kind| options.contains(&format!("\"{kind}\""))).unwrap();
        match (kind, refused) {
            ("baanx-user", refused) => assert_eq!(refused, None),
            (kind, refused) => {
                let line = document_lines(&options) + 1;
                let place = format!("providers.a.limits.user_starts_per_day (line {line}, column 30): ");
                let message =
                    format!("the kind `{kind}` takes no user token, so there is nothing to count by");
                assert_eq!(refused, Some(place + &message));
            }
        }
    }
}

/// What is said of a secret in a file below `folder`.
fn of_file(folder: &std::path::Path, file: &str) -> String {
    let text = format!(
        "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = {{ file = '{file}' }}\n"
    );
    let document = ConfigDocument::from_toml_str(&text).unwrap().with_base(folder);
    let error = Registry::builder().build(&document).unwrap_err();
    error.config_problems()[0].message.replace(&folder.display().to_string(), "FOLDER")
}

#[test]
fn a_file_is_read_up_to_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("large"), vec![b'a'; (64 << 10) + 1]).unwrap();
    fs::write(folder.path().join("largest"), vec![b'a'; 64 << 10]).unwrap();
    assert_snapshot!(of_file(folder.path(), "large"), @"the file cannot be read: it is larger than 64 KiB (relative paths start at FOLDER)");
    let text = "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = { file = \"largest\" }\n";
    let document = ConfigDocument::from_toml_str(text).unwrap().with_base(folder.path());
    Registry::builder().build(&document).unwrap();
    fs::write(folder.path().join("idv.toml"), vec![b'#'; (4 << 20) + 1]).unwrap();
    let error = ConfigDocument::from_toml_file(folder.path().join("idv.toml")).unwrap_err();
    assert!(error.to_string().contains("it is larger than 4 MiB"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_device_that_never_ends_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    assert_snapshot!(of_file(folder.path(), "/dev/zero"), @"the file /dev/zero cannot be read: it is larger than 64 KiB");
    let error = Registry::from_toml_file("/dev/zero").unwrap_err();
    assert!(error.to_string().contains("it is larger than 4 MiB"), "{error}");
    let text = "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = \"k\"\nhttp.extra_ca = [\"/dev/zero\"]\n";
    let error = Registry::from_toml_str(text).unwrap_err();
    assert_snapshot!(error.config_problems()[0], @"providers.a.http.extra_ca.0 (line 6, column 18): the file /dev/zero cannot be read: it is larger than 4 MiB");
}

#[test]
fn a_file_is_named_where_its_name_can_be_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    for shown in ["keys/nxos", "nxos.key", "../nxos.txt", "/run/gone/nxos", "Keys/NXOS_API_KEY"] {
        let said = of_file(folder.path(), shown);
        assert!(said.contains(shown) && said.ends_with("cannot be read: there is no such file"), "{said}");
    }
    for withheld in [
        "nxos",
        "c2VjcmV0/c2VjcmV0",
        "eyJhbGci.eyJzdWIi.c2lnbmF0",
        "0f3a.9bc1",
        "a b/c",
        "nxos_sk_live_Canary",
    ] {
        let said = of_file(folder.path(), withheld);
        assert_eq!(
            said, "the file cannot be read: there is no such file (relative paths start at FOLDER)",
            "{withheld}"
        );
    }
    fs::create_dir(folder.path().join("nxos.d")).unwrap();
    assert_snapshot!(of_file(folder.path(), "nxos.d"), @"the file FOLDER/nxos.d cannot be read: it is a folder");
    fs::write(folder.path().join("wide.txt"), b"\xff\xfek\0").unwrap();
    assert_snapshot!(of_file(folder.path(), "wide.txt"), @"the file FOLDER/wide.txt cannot be read: it is in UTF-16: save it as UTF-8");
    fs::write(folder.path().join("marked.txt"), "\u{feff}canary\n").unwrap();
    assert_snapshot!(of_file(folder.path(), "marked.txt"), @"a byte-order mark stands before the secret: save it as UTF-8 without one");
}
