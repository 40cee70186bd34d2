//! What a call costs: through the registry with all its layers, against reqwest and serde by hand.

use std::rc::Rc;

use idv::{CheckRequest, Registry, SessionRef, StartRequest};
use tokio::runtime::{Builder, Runtime};

use crate::by_hand::{Applicant, ByHand, client};
use crate::stripe_by_hand;
use crate::vendor::Vendors;
use crate::{Aims, Case, Side};

const AIMS: Aims = Aims { time: Some(1.05), instructions: Some(1.15), allocations: None, peers: None };

/// Enough for an emulator: each call is some hundred thousand instructions.
const COUNTED: u64 = 200;

pub(crate) const NXOS_KEY: &str = "nxos_sk_test_9f8e7d6c5b4a39281706f5e4d3c2b1a0";
pub(crate) const ORGANIZATION: &str = "org_0123456789abcdef0123456789abcdef";
const CLIENT_KEY: &str = "6f5e4d3c-2b1a-4f0e-9d8c-7b6a59483726";
const USER_TOKEN: &str = "US_2c1b0a9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39281706f5e4d3";
const ONBOARDING: &str = "US_4d3c2b1a-0f9e-4d8c-b7a6-594837261504";
const SESSIONS_KEY: &str = "sk_live_2b1a09f8e7d6c5b4a39281706f5e4d3c";
const SUMSUB_KEYS: [&str; 2] =
    ["sbx:grm6jHxrPIjjn6QNirbJQc62.UTDJn0zYVWjbi0PQHO4vVXG8", "D1AZEGnoRx2tbNZipoJqUTEuMRlBBaUb"];
const LEVEL: &str = "basic-kyc";
pub(crate) const VERIFF_KEYS: [&str; 2] =
    ["663cca5f-3125-4ce4-9893-762a02d9fcb6", "c4cd8c61-cf47-4e5d-8b3d-bc8946dd7833"];
const SESSION: &str = "6b1d2f34-90ab-4cde-8f01-23456789abcd";

const APPLICANT: Applicant = Applicant {
    first_name: "Ada",
    last_name: "Sample",
    email: "ada@example.test",
    phone: "+15192223333",
    external_id: "case-7781",
    redirect_url: "https://app.example.test/back?case=7781",
    send_email_invite: false,
    send_phone_invite: false,
};

/// The configuration of one provider of each kind. Every limit that the vendor documents is counted, and none is ever
/// reached.
pub(crate) fn configuration(active: &str, base_url: &str) -> String {
    format!(
        r#"active = "{active}"

[providers.nxos]
kind = "nxos"
base_url = "{base_url}"
api_key = "{NXOS_KEY}"
limits = {{ calls_per_minute = 4000000000, in_flight = 4096 }}

[providers.user]
kind = "baanx-user"
base_url = "{base_url}"
client_key = "{CLIENT_KEY}"
limits = {{ user_starts_per_day = 4000000000 }}

[providers.registration]
kind = "baanx-registration"
base_url = "{base_url}"
client_key = "{CLIENT_KEY}"
successor = "user"

[providers.sessions]
kind = "session-api"
preset = "deepidv"
base_url = "{base_url}"
api_key = "{SESSIONS_KEY}"
limits = {{ calls_per_second = 1000000000, burst = 1000000000, calls_per_day = 4000000000 }}

[providers.sumsub]
kind = "sumsub"
base_url = "{base_url}"
app_token = "{}"
secret_key = "{}"
level = "{LEVEL}"
limits = {{ documented = false, calls_per_minute = 4000000000 }}

[providers.veriff]
kind = "veriff"
base_url = "{base_url}/veriff"
api_key = "{}"
shared_secrets = ["{}"]

[providers.stripe]
kind = "stripe-identity"
base_url = "{base_url}"
secret_key = "{}"
limits = {{ documented = false, calls_per_minute = 4000000000 }}
"#,
        SUMSUB_KEYS[0],
        SUMSUB_KEYS[1],
        VERIFF_KEYS[0],
        VERIFF_KEYS[1],
        stripe_by_hand::KEY,
    )
}

/// What both sides stand on.
pub(crate) struct Stage {
    pub(crate) runtime: Runtime,
    pub(crate) vendors: Vendors,
}

impl Stage {
    pub(crate) fn new() -> Rc<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Rc::new(Self { runtime, vendors: Vendors::start() })
    }

    pub(crate) fn registry(&self, active: &str) -> Registry {
        Registry::from_toml_str(&configuration(active, &self.vendors.base_url)).expect("a registry")
    }

    pub(crate) fn by_hand(&self) -> ByHand {
        ByHand { http: client(), base_url: self.vendors.base_url.clone() }
    }
}

pub(crate) fn reference(text: &str) -> SessionRef {
    text.parse().expect("a reference")
}

pub(crate) fn start_request(flow: &str) -> StartRequest {
    let request = StartRequest::new(APPLICANT.external_id);
    match flow {
        "nxos" => request.organization(ORGANIZATION),
        "user" => request.user_token(USER_TOKEN),
        "registration" => request.onboarding_id(ONBOARDING),
        "sumsub" | "veriff" | "stripe" => request,
        _ => request
            .first_name(APPLICANT.first_name)
            .last_name(APPLICANT.last_name)
            .email(APPLICANT.email)
            .phone(APPLICANT.phone)
            .redirect_url(APPLICANT.redirect_url),
    }
}

pub(crate) fn check_request(flow: &str) -> CheckRequest {
    match flow {
        "nxos" => CheckRequest::new(reference(&format!("nxos:{ORGANIZATION}"))),
        "user" => CheckRequest::new(reference("user:case-7781")).user_token(USER_TOKEN),
        "registration" => CheckRequest::new(reference("registration:case-7781")).onboarding_id(ONBOARDING),
        "sumsub" => CheckRequest::new(reference(&format!("sumsub:id:{}", APPLICANT.external_id))),
        "stripe" => CheckRequest::new(reference(&format!("stripe:{}", stripe_by_hand::SESSION))),
        flow => CheckRequest::new(reference(&format!("{flow}:{SESSION}"))),
    }
}

/// Start and check of every flow.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        start("call nxos start", "nxos", async |by_hand| {
            by_hand.nxos_start(NXOS_KEY, ORGANIZATION).await.map(drop)
        }),
        check("call nxos check", "nxos", async |by_hand| {
            by_hand.nxos_check(NXOS_KEY, ORGANIZATION).await.map(drop)
        }),
        start("call baanx-user start", "user", async |by_hand| {
            by_hand.user_start(CLIENT_KEY, USER_TOKEN).await.map(drop)
        }),
        check("call baanx-user check", "user", async |by_hand| {
            by_hand.user_check(CLIENT_KEY, USER_TOKEN).await.map(drop)
        }),
        start("call baanx-registration start", "registration", async |by_hand| {
            by_hand.registration_start(CLIENT_KEY, ONBOARDING).await.map(drop)
        }),
        check("call baanx-registration check", "registration", async |by_hand| {
            by_hand.registration_check(CLIENT_KEY, ONBOARDING).await.map(drop)
        }),
        start("call session-api start", "sessions", async |by_hand| {
            by_hand.session_start(SESSIONS_KEY, &APPLICANT).await.map(drop)
        }),
        check("call session-api check", "sessions", async |by_hand| {
            by_hand.session_check(SESSIONS_KEY, SESSION).await.map(drop)
        }),
        start("call sumsub start", "sumsub", async |by_hand| {
            by_hand.sumsub_start(SUMSUB_KEYS, LEVEL, APPLICANT.external_id).await.map(drop)
        }),
        check("call sumsub check", "sumsub", async |by_hand| {
            by_hand.sumsub_check(SUMSUB_KEYS, APPLICANT.external_id).await.map(drop)
        }),
        start("call veriff start", "veriff", async |by_hand| {
            by_hand.veriff_start(VERIFF_KEYS, APPLICANT.external_id).await.map(drop)
        }),
        check("call veriff check", "veriff", async |by_hand| {
            by_hand.veriff_check(VERIFF_KEYS, SESSION).await.map(drop)
        }),
        start("call stripe start", "stripe", async |by_hand| {
            by_hand.stripe_start(APPLICANT.external_id).await.map(drop)
        }),
        check("call stripe check", "stripe", async |by_hand| {
            by_hand.stripe_check(stripe_by_hand::SESSION).await.map(drop)
        }),
    ]
}

/// The aims beside another library: at most 0.8 of its processor time.
const BESIDE_A_PEER: Aims = Aims { peers: Some(1.25), ..AIMS };

type Outcome = reqwest::Result<()>;

fn start(
    name: &'static str,
    flow: &'static str,
    floor: impl AsyncFn(&ByHand) -> Outcome + Copy + 'static,
) -> Case {
    let ours = move |stage: &Stage| {
        let (registry, request) = (stage.registry(flow), start_request(flow));
        async move || drop(registry.start(&request).await.expect("a session"))
    };
    case(name, ours, floor)
}

fn check(
    name: &'static str,
    flow: &'static str,
    floor: impl AsyncFn(&ByHand) -> Outcome + Copy + 'static,
) -> Case {
    let ours = move |stage: &Stage| {
        let (registry, request) = (stage.registry(flow), check_request(flow));
        async move || drop(registry.check(&request).await.expect("a state"))
    };
    case(name, ours, floor)
}

fn case<O: AsyncFn() + 'static>(
    name: &'static str,
    ours: impl Fn(&Stage) -> O + 'static,
    floor: impl AsyncFn(&ByHand) -> Outcome + Copy + 'static,
) -> Case {
    let idv = Side::new("idv", move || {
        let stage = Stage::new();
        let call = ours(&stage);
        move |times| stage.runtime.block_on(repeated(times, &call))
    });
    let by_hand = Side::new("by hand", move || {
        let stage = Stage::new();
        let by_hand = stage.by_hand();
        let call = async move || floor(&by_hand).await.expect("an answer");
        move |times| stage.runtime.block_on(repeated(times, &call))
    });
    let aims = if name.starts_with("call stripe") { BESIDE_A_PEER } else { AIMS };
    Case { name, aims, sides: vec![idv, by_hand], counted: COUNTED }
}

async fn repeated(times: u64, call: &impl AsyncFn()) {
    for _ in 0..times {
        call().await;
    }
}
