//! The same canaries through every flow, from a configuration file to the registry: on a good day and on bad ones, nothing
//! that must not be printed is printed.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use http::{HeaderMap, HeaderName};
use idv::{
    CheckRequest, FindRequest, ImportRequest, Invites, ProviderId, Redirect, RefreshRequest, Registry,
    SessionRef, StartRequest, WebhookRequest,
};
use idv_sandbox::{OrganizationType, Sandbox, SignedWebhook};
use idv_tests::{BadServer, Log, Printed, Step, assert_clean};

const KEY: &str = "canary-application-key";
const SVIX_SECRET: &str = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0";
const WEBHOOK_SECRET: &str = "whk_canary-webhook-secret";
const FIRST_NAME: &str = "CanaryFirstName";
const LAST_NAME: &str = "CanaryLastName";
const EMAIL: &str = "canary.mail@example.com";
const PHONE: &str = "+15550123456";
const USER_TOKEN: &str = "canary-user-token";
const ONBOARDING_ID: &str = "US_canary-onboarding-id";
const SHARE_TOKEN: &str = "canary-share-token";
const SESSION_URL: &str = "https://canary-session.example/l/canary-link";
/// A reference of the application's, which is the key of a session at Baanx: errors may name it, logs may not.
const REFERENCE: &str = "canary-case-7";
const VENDOR_TEXT: &str = "canary text of the vendor about Ada";

const CANARIES: &[&str] = &[
    KEY,
    SVIX_SECRET,
    WEBHOOK_SECRET,
    FIRST_NAME,
    LAST_NAME,
    EMAIL,
    PHONE,
    USER_TOKEN,
    "canary-onboarding-id",
    SHARE_TOKEN,
    "canary-session",
    "canary-link",
    VENDOR_TEXT,
];

/// The four flows at one address each, with the given secrets.
struct Vendors<'a> {
    nxos: &'a str,
    baanx: &'a str,
    sessions: &'a str,
    /// Key of nxos, client key of Baanx, key of the session API.
    keys: [&'a str; 3],
    /// Webhook secrets in the same order.
    secrets: [&'a str; 3],
}

impl Vendors<'_> {
    fn config(&self) -> String {
        let Self { nxos, baanx, sessions, keys, secrets } = self;
        let baanx_options = format!(
            "base_url = \"{baanx}\"\nclient_key = \"{}\"\nwebhook_secrets = [\"{}\"]\n",
            keys[1], secrets[1]
        );
        let http = |id: &str| format!("[providers.{id}.http]\nattempts = 1\nattempt_timeout = \"300ms\"\n");
        [
            "active = \"primary\"\n".to_owned(),
            format!(
                "[providers.primary]\nkind = \"nxos\"\nbase_url = \"{nxos}\"\napi_key = \"{}\"\nwebhook_secrets = [\"{}\"]\n",
                keys[0], secrets[0]
            ),
            http("primary"),
            format!("[providers.cards]\nkind = \"baanx-user\"\n{baanx_options}"),
            http("cards"),
            format!("[providers.signup]\nkind = \"baanx-registration\"\nsuccessor = \"cards\"\n{baanx_options}"),
            http("signup"),
            format!(
                "[providers.sessions]\nkind = \"session-api\"\npreset = \"deepidv\"\nbase_url = \"{sessions}\"\napi_key = \"{}\"\nwebhook_secrets = [\"{}\"]\n",
                keys[2], secrets[2]
            ),
            http("sessions"),
        ]
        .concat()
    }
}

const FLOWS: [&str; 4] = ["primary", "cards", "signup", "sessions"];

/// Who the applicant is at the vendors.
struct Applicant<'a> {
    organization: &'a str,
    user_token: &'a str,
    onboarding_id: &'a str,
}

fn start(applicant: &Applicant<'_>) -> StartRequest {
    StartRequest::new(REFERENCE)
        .organization(applicant.organization)
        .first_name(FIRST_NAME)
        .last_name(LAST_NAME)
        .email(EMAIL)
        .phone(PHONE)
        .user_token(applicant.user_token)
        .onboarding_id(applicant.onboarding_id)
        .redirect_url("https://app.example/back?state=canary-link")
        .invites(Invites { email: true, sms: false })
        .attribute("note", VENDOR_TEXT)
}

/// Asks one provider for everything. The number of successes says whether the day was good.
async fn ask_everything(
    registry: &Registry,
    flow: &str,
    applicant: &Applicant<'_>,
    printed: &mut Printed,
) -> usize {
    let id: ProviderId = flow.parse().unwrap();
    let started = registry.start_at(&id, &start(applicant)).await;
    printed.outcome(&started);
    let session: SessionRef = match &started {
        Ok(session) => session.reference.clone(),
        Err(_) => format!("{flow}:{REFERENCE}").parse().unwrap(),
    };
    let refresh = RefreshRequest::new(session.clone())
        .user_token(applicant.user_token)
        .onboarding_id(applicant.onboarding_id);
    let check = CheckRequest::new(session.clone())
        .user_token(applicant.user_token)
        .onboarding_id(applicant.onboarding_id);
    printed.value(&start(applicant));
    printed.value(&refresh);
    printed.value(&check);
    let refreshed = registry.refresh(&refresh).await;
    let checked = registry.check(&check).await;
    printed.outcome(&refreshed);
    printed.outcome(&checked);
    printed.outcome(&registry.find(&id, &FindRequest::new(REFERENCE)).await);
    printed.outcome(&registry.import(&id, &ImportRequest::new(SHARE_TOKEN)).await);
    let back = format!("{SESSION_URL}?session_id={}&status=success&token=canary-link", session.key());
    printed.outcome(&registry.parse_redirect(&Redirect::new(&session, &back)));
    let forged: HeaderMap =
        ["svix-id", "svix-signature", "svix-timestamp", "x-signature", "x-timestamp", "deepidv-signature"]
            .into_iter()
            .map(|name| (HeaderName::from_static(name), VENDOR_TEXT.parse().unwrap()))
            .collect();
    let webhook = WebhookRequest::new(&forged, VENDOR_TEXT.as_bytes(), std::time::SystemTime::UNIX_EPOCH);
    printed.value(&webhook);
    printed.outcome(&registry.verify_webhook(&id, &webhook));
    [started.is_ok(), refreshed.is_ok(), checked.is_ok()].into_iter().filter(|fine| *fine).count()
}

fn headers(webhook: &SignedWebhook) -> HeaderMap {
    let pair =
        |(name, value): &(String, String)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    webhook.headers.iter().map(pair).collect()
}

#[tokio::test]
async fn on_a_good_day() {
    let log = Log::capture();
    let sandbox = Sandbox::start().await.unwrap();
    let (nxos, baanx, sessions) = (sandbox.nxos(), sandbox.baanx(), sandbox.session_api());
    let webhook_key = baanx.webhook_key();
    let keys = [nxos.api_key(), baanx.client_key(), sessions.api_key()];
    let secrets = [nxos.webhook_secret(), webhook_key, sessions.webhook_secret()];
    let secrets = secrets.each_ref().map(String::as_str);
    let vendors = Vendors {
        nxos: nxos.base_url(),
        baanx: baanx.base_url(),
        sessions: sessions.base_url(),
        keys,
        secrets,
    };
    let registry = Registry::from_toml_str(&vendors.config()).unwrap();
    let user = baanx.add_user(FIRST_NAME, LAST_NAME);
    let onboarding = baanx.add_onboarding();
    let organization = nxos.add_organization(OrganizationType::Individual);
    let applicant =
        Applicant { organization: &organization, user_token: &user.token, onboarding_id: &onboarding };

    let mut printed = Printed::default();
    printed.value(&registry);
    for (flow, fine) in FLOWS.into_iter().zip([3, 3, 3, 2]) {
        let good = ask_everything(&registry, flow, &applicant, &mut printed).await;
        assert_eq!(good, fine, "{flow}");
    }
    let session = &sessions.sessions()[0];
    for (flow, webhook) in [
        ("primary", nxos.webhook(&organization, idv_sandbox::NxosEventData::Full)),
        ("cards", baanx.webhook_guide(&user.user_id, "failed", Some("103"))),
        ("signup", baanx.webhook_legacy(&user.user_id, "VERIFIED")),
        ("sessions", sessions.webhook(session, "session.status.verified")),
    ] {
        let headers = headers(&webhook);
        let request = WebhookRequest::new(&headers, &webhook.body, sandbox.now());
        let outcome = registry.verify_webhook(&flow.parse().unwrap(), &request);
        assert!(outcome.is_ok(), "{flow}: {outcome:?}");
        printed.value(&request);
        printed.outcome(&outcome);
    }
    let planted = [CANARIES, &keys, &secrets, &[user.token.as_str(), &onboarding]].concat();
    assert_clean(printed.text(), &planted);
    let text = log.text();
    assert!(text.contains("idv_http"), "our own records are missing");
    let keys: Vec<String> = sessions.sessions();
    let keys: Vec<&str> = keys.iter().map(String::as_str).chain([REFERENCE, &organization]).collect();
    assert_clean(&text, &[&planted[..], &keys].concat());
}

/// Everything that a vendor can do wrong, in the words of all four.
fn bad_days() -> Vec<Vec<Step>> {
    let error = format!(
        r#"{{"error":{{"code":"{VENDOR_TEXT}","message":"{VENDOR_TEXT}"}},"message":"{VENDOR_TEXT}","detail":"{EMAIL}"}}"#
    );
    let flat = format!(r#"{{"error":"{VENDOR_TEXT}","limit":"{VENDOR_TEXT}","retryAfter":"{VENDOR_TEXT}"}}"#);
    let useless = format!(
        r#"{{"url":"ftp{SESSION_URL}","sessionUrl":["{SESSION_URL}"],"session_url":7,"id":"{EMAIL}"}}"#
    );
    let mut days: Vec<Vec<Step>> = [400, 401, 402, 403, 404, 409, 422, 429, 498, 499, 500, 503]
        .into_iter()
        .flat_map(|status| {
            [error.clone(), flat.clone(), VENDOR_TEXT.to_owned()]
                .map(|body| vec![Step::Read, Step::answer(status, &["X-Debug: canary-link"], body)])
        })
        .collect();
    let location = format!("Location: {SESSION_URL}");
    days.extend([
        vec![Step::Read, Step::answer(307, &[&location], VENDOR_TEXT)],
        vec![Step::Read, Step::answer(200, &[], &useless)],
        vec![Step::Read, Step::answer(200, &[], VENDOR_TEXT)],
        vec![Step::Read, Step::head(200, &["Content-Length: 9999"], &useless), Step::Close],
        vec![Step::Read, Step::head(200, &["Content-Length: 9999"], &useless), Step::Stall],
        vec![Step::Read, Step::Reset],
        vec![Step::Reset],
    ]);
    days
}

#[tokio::test]
async fn on_bad_days() {
    let log = Log::capture();
    let applicant = Applicant { organization: "org_1", user_token: USER_TOKEN, onboarding_id: ONBOARDING_ID };
    for day in bad_days() {
        let server = BadServer::always(day).await;
        let at = server.base_url();
        let secrets = [SVIX_SECRET, WEBHOOK_SECRET, WEBHOOK_SECRET];
        let vendors = Vendors { nxos: at, baanx: at, sessions: at, keys: [KEY; 3], secrets };
        let registry = Registry::from_toml_str(&vendors.config()).unwrap();
        let mut printed = Printed::default();
        for flow in FLOWS {
            let good = ask_everything(&registry, flow, &applicant, &mut printed).await;
            assert_eq!(good, 0, "{flow}");
        }
        assert_clean(printed.text(), CANARIES);
    }
    assert_clean(&log.text(), &[CANARIES, &[REFERENCE]].concat());
}
