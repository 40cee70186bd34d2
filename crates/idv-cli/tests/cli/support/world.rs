//! One vendor that plays all four flows, and a configuration that points at it.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::{Idv, Ran, idv};
use super::vendor::{Reply, Seen, Vendor};

pub(crate) const NXOS_KEY: &str = "nxos_sk_test_canaryNxosKey0001";
pub(crate) const CLIENT_KEY: &str = "canary-client-key-0002";
pub(crate) const DEEPIDV_KEY: &str = "canary-deepidv-key-0003";
pub(crate) const USER_TOKEN: &str = "canary-user-token-0004";
pub(crate) const ONBOARDING: &str = "100a99cf-f4d3-4fa1-9be9-canary000005";
pub(crate) const SVIX_SECRET: &str = "whsec_Y2FuYXJ5LXN2aXgtc2VjcmV0LTAwMDY=";
pub(crate) const BAANX_SECRET: &str = "whk_canaryBaanxSecret0007";
pub(crate) const DEEPIDV_SECRET: &str = "whsec_canaryDeepidvSecret0008";
pub(crate) const ORG: &str = "org_0123456789abcdef0123456789abcdef";
pub(crate) const SESSION_ID: &str = "6b1d2f34-90ab-4cde-8f01-23456789abcd";
pub(crate) const USER_ID: &str = "3f0a6f5e-7d55-4c1b-8a61-2b90c7d1e2aa";
pub(crate) const NXOS_URL: &str = "https://in.sumsub.com/idensic/l/#/sbx_canaryLink0009";
pub(crate) const NXOS_TOKEN: &str = "_act-sbx-jwt-canaryToken0010";
pub(crate) const USER_URL: &str = "https://magic.veriff.me/v/canaryUserLink0011";
pub(crate) const SIGNUP_URL: &str = "https://magic.veriff.me/v/canarySignupLink0012";
pub(crate) const DEEPIDV_URL: &str = "https://app.deepidv.com/s/canaryLink0013";

/// The four providers of [`config`], and what a start at each needs.
pub(crate) const FLOWS: [&str; 4] = ["primary", "cards", "signup", "sessions"];

/// A vendor, a directory of its own with `idv.toml`, and the secrets in environment variables.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) vendor: Vendor,
    dir: TempDir,
}

impl World {
    /// All goes well, as the vendors' pages show it.
    pub(crate) fn new() -> Self {
        Self::with(good)
    }

    /// `answer` decides.
    pub(crate) fn with(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::at(Vendor::run(move |seen, _| answer(seen)))
    }

    pub(crate) fn always(reply: Reply) -> Self {
        Self::at(Vendor::always(reply))
    }

    pub(crate) fn at(vendor: Vendor) -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap(), vendor };
        world.write("idv.toml", &config(&world.vendor.base, "primary"));
        world
    }

    /// The configuration with `old` replaced by `new`, which has to be there.
    pub(crate) fn edit(self, old: &str, new: &str) -> Self {
        let text = self.text("idv.toml");
        assert!(text.contains(old), "`{old}` is not in {text}");
        self.write("idv.toml", &text.replace(old, new));
        self
    }

    /// The same with a database beside the configuration.
    #[cfg(feature = "tracker")]
    pub(crate) fn tracked(self) -> Self {
        let text = self.text("idv.toml");
        self.write("idv.toml", &format!("{text}\n[tracker]\nurl = \"sqlite://idv.db\"\n"));
        self
    }

    /// A line more in every table `[providers.…]` (which ends with its HTTP options).
    pub(crate) fn http(self, line: &str) -> Self {
        self.edit("attempt_timeout = \"20s\"", line)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// `idv` in this directory with the secrets in its environment; `idv.toml` is found by its default name.
    pub(crate) fn idv(&self, args: &str) -> Idv {
        secrets(idv(args)).dir(self.dir.path())
    }

    /// The same with `--json`, run.
    pub(crate) fn json(&self, args: &str) -> Ran {
        self.idv(args).arg("--json").run()
    }
}

/// The environment that [`config`] asks for.
pub(crate) fn secrets(idv: Idv) -> Idv {
    [
        ("NXOS_API_KEY", NXOS_KEY),
        ("BAANX_CLIENT_KEY", CLIENT_KEY),
        ("DEEPIDV_API_KEY", DEEPIDV_KEY),
        ("USER_TOKEN", USER_TOKEN),
        ("ONBOARDING_ID", ONBOARDING),
        ("NXOS_WEBHOOK_SECRET", SVIX_SECRET),
        ("BAANX_WEBHOOK_SECRET", BAANX_SECRET),
        ("DEEPIDV_WEBHOOK_SECRET", DEEPIDV_SECRET),
        ("SHARE_TOKEN", "canary-share-token-0014"),
    ]
    .into_iter()
    .fold(idv, |idv, (name, value)| idv.env(name, value))
}

/// The four flows at one address.
pub(crate) fn config(base: &str, active: &str) -> String {
    format!(
        r#"active = "{active}"

[providers.primary]
kind = "nxos"
base_url = "{base}"
api_key = {{ env = "NXOS_API_KEY" }}
webhook_secrets = [{{ env = "NXOS_WEBHOOK_SECRET" }}]
[providers.primary.http]
attempts = 1
attempt_timeout = "20s"

[providers.cards]
kind = "baanx-user"
base_url = "{base}"
client_key = {{ env = "BAANX_CLIENT_KEY" }}
webhook_secrets = [{{ env = "BAANX_WEBHOOK_SECRET" }}]
[providers.cards.http]
attempts = 1
attempt_timeout = "20s"

[providers.signup]
kind = "baanx-registration"
base_url = "{base}"
client_key = {{ env = "BAANX_CLIENT_KEY" }}
successor = "cards"
webhook_secrets = [{{ env = "BAANX_WEBHOOK_SECRET" }}]
[providers.signup.http]
attempts = 1
attempt_timeout = "20s"

[providers.sessions]
kind = "session-api"
preset = "deepidv"
base_url = "{base}"
api_key = {{ env = "DEEPIDV_API_KEY" }}
webhook_secrets = [{{ env = "DEEPIDV_WEBHOOK_SECRET" }}]
[providers.sessions.http]
attempts = 1
attempt_timeout = "20s"
"#
    )
}

/// The shortest start that each flow accepts.
pub(crate) fn start(provider: &str) -> String {
    let needs = match provider {
        "primary" | "direct" | "stripe" | "veriff" => "",
        "persona" | "didit" | "idenfy" | "shufti" | "plaid" => "",
        "cards" => "--user-token-env USER_TOKEN",
        "signup" => "--onboarding-id-env ONBOARDING_ID",
        "onfido" => "--first-name Ada --last-name Lovelace",
        "sessions" => "--first-name Ada --last-name Lovelace --email ada@example.test --phone +15192223333",
        other => panic!("{other}"),
    };
    format!("start --provider {provider} --reference case-7781 {needs}")
}

/// The reference that a start at each flow makes.
pub(crate) fn reference(provider: &str) -> String {
    match provider {
        "primary" => "primary:self".into(),
        "sessions" => format!("sessions:{SESSION_ID}"),
        baanx => format!("{baanx}:case-7781"),
    }
}

/// `check` or `refresh` for what [`start`] began.
pub(crate) fn about(operation: &str, provider: &str) -> String {
    let needs = match provider {
        "cards" => "--user-token-env USER_TOKEN",
        "signup" => "--onboarding-id-env ONBOARDING_ID",
        _ => "",
    };
    format!("{operation} {} {needs}", reference(provider))
}

/// What the vendors answer when all goes well.
pub(crate) fn good(seen: &Seen) -> Reply {
    let (status, body) = good_body(seen);
    Reply::json(status, &body)
}

fn good_body(seen: &Seen) -> (u16, Value) {
    let path = seen.target.split('?').next().unwrap();
    let body = match (seen.method.as_str(), path) {
        ("POST", "/v1/organizations/verification") => {
            json!({"object": "verification_session", "url": NXOS_URL, "accessToken": NXOS_TOKEN})
        }
        ("GET", "/v1/organizations/verification") => nxos_state("PENDING"),
        ("POST", "/v1/organizations/verification/import") => nxos_state("PENDING"),
        ("GET", "/v1/user/verification") => json!({"sessionUrl": USER_URL}),
        ("GET", "/v1/user") => baanx_state("PENDING"),
        ("POST", "/v1/auth/register/verification") => json!({"sessionUrl": SIGNUP_URL}),
        ("GET", "/v1/auth/register") => baanx_state("PENDING"),
        ("POST", "/v1/sessions") => {
            json!({"id": SESSION_ID, "session_url": DEEPIDV_URL, "externalId": "case-7781", "links": []})
        }
        ("GET", "/v1/sessions") => {
            json!({"sessions": [deepidv_record("SUBMITTED", "COMPLETED")], "next_token": null})
        }
        ("GET", path) if path == format!("/v1/sessions/{SESSION_ID}") => {
            deepidv_state("SUBMITTED", "COMPLETED")
        }
        _ => return (404, json!({"error": "the test's vendor has no such page", "message": "no such page"})),
    };
    (200, body)
}

pub(crate) fn nxos_state(status: &str) -> Value {
    json!({
        "object": "organization_verification", "status": status, "type": "INDIVIDUAL",
        "updatedAt": "2026-05-15T14:30:00.000Z",
    })
}

pub(crate) fn baanx_state(state: &str) -> Value {
    json!({
        "id": USER_ID, "email": "canary-mail@example.test", "firstName": "CanaryFirst", "lastName": "CanaryLast",
        "phoneNumber": "7000000001", "verificationState": state, "addressLine1": null, "city": null,
        "countryOfResidence": "GB",
    })
}

pub(crate) fn deepidv_record(status: &str, progress: &str) -> Value {
    json!({
        "id": SESSION_ID, "organization_id": "org_sim", "user_id": "usr_sim1", "sender_user_id": "usr_sim2",
        "external_id": "case-7781", "status": status, "type": "verification", "session_progress": progress,
        "created_at": "2026-07-01T09:00:00.000Z", "updated_at": "2026-07-01T09:12:44.000Z",
    })
}

pub(crate) fn deepidv_state(status: &str, progress: &str) -> Value {
    json!({"session_record": deepidv_record(status, progress)})
}

/// The body of an error as the flow's vendor writes it.
pub(crate) fn vendor_error(provider: &str, code: &str, message: &str) -> Value {
    match provider {
        "primary" => {
            json!({"error": {"code": code, "message": message, "requestId": "req_a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4"}})
        }
        "sessions" => json!({"error": message}),
        _ => json!({"message": message}),
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}
