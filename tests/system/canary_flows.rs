//! The same canaries through every flow, from a configuration file to the registry: on a good day and on bad ones, nothing
//! that must not be printed is printed.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use http::{HeaderMap, HeaderName};
use idv::config::ConfigDocument;
use idv::{
    CancelRequest, CheckRequest, EraseRequest, FindRequest, ImportRequest, Invites, ProviderId, Redirect,
    RefreshRequest, Registry, SessionRef, StartRequest, WebhookRequest,
};
use idv_conformance::storyline::sandbox::{Flow, SandboxClock};
use idv_sandbox::{Act, NxosEventData, OrganizationType, Sandbox, SignedWebhook};
use idv_tests::{BadServer, Log, Printed, Step, assert_clean};

const KEY: &str = "canary-application-key";
const SVIX_SECRET: &str = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0";
const PERSONA_SECRET: &str = "wbhsec_canary-webhook-secret";
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
    PERSONA_SECRET,
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

/// All flows of the sandbox, from the texts of their tables.
fn registry(sandbox: &Sandbox, table: impl Fn(Flow) -> String) -> Registry {
    let more = "http.attempts = 1\nhttp.attempt_timeout = \"300ms\"\n";
    let tables = Flow::all().map(|flow| table(flow) + more);
    let config: String = std::iter::once("active = \"primary\"\n".to_owned()).chain(tables).collect();
    let clock = Arc::new(SandboxClock::of(sandbox));
    Registry::builder().clock(clock).build(&ConfigDocument::from_toml_str(&config).unwrap()).unwrap()
}

/// The table of a flow whose vendor is elsewhere, with a canary in place of every secret.
fn elsewhere(sandbox: &Sandbox, flow: Flow, base_url: &str) -> String {
    let text = flow.configuration(sandbox).replace(flow.vendor(sandbox).base_url(), base_url);
    flow.secrets(sandbox).iter().fold(text, |text, (name, _)| {
        let canary = match *name {
            "NXOS_WEBHOOK_SECRET" => SVIX_SECRET,
            "PERSONA_WEBHOOK_SECRET" => PERSONA_SECRET,
            name if name.contains("WEBHOOK") || name.contains("SHARED") => WEBHOOK_SECRET,
            _ => KEY,
        };
        text.replace(&format!("{{ env = \"{name}\" }}"), &format!("\"{canary}\""))
    })
}

/// The headers that carry signatures.
const FORGED: [&str; 14] = [
    "svix-id",
    "svix-signature",
    "svix-timestamp",
    "x-signature",
    "x-timestamp",
    "deepidv-signature",
    "x-payload-digest",
    "x-payload-digest-alg",
    "x-auth-client",
    "x-hmac-signature",
    "persona-signature",
    "idenfy-signature",
    "signature",
    "plaid-verification",
];

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
    printed.outcome(&registry.cancel(&CancelRequest::new(session.clone())).await);
    printed.outcome(&registry.erase(&EraseRequest::new(session.clone())).await);
    let back = format!("{SESSION_URL}?session_id={}&status=success&token=canary-link", session.key());
    printed.outcome(&registry.parse_redirect(&Redirect::new(&session, &back)));
    let forged: HeaderMap = FORGED
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

/// A webhook of each flow about what was started.
fn webhooks(
    sandbox: &Sandbox,
    applicant: &Applicant<'_>,
    user_id: &str,
) -> Vec<(&'static str, SignedWebhook)> {
    let (nxos, baanx, sessions) = (sandbox.nxos(), sandbox.baanx(), sandbox.session_api());
    let (veriff, stripe, onfido) = (sandbox.veriff(), sandbox.stripe(), sandbox.onfido());
    let decided = &veriff.sessions()[0];
    veriff.act(decided, &Act::Approve).unwrap();
    vec![
        ("primary", nxos.webhook(applicant.organization, NxosEventData::Full)),
        ("cards", baanx.webhook_guide(user_id, "failed", Some("103"))),
        ("signup", baanx.webhook_legacy(user_id, "VERIFIED")),
        ("sessions", sessions.webhook(&sessions.sessions()[0], "session.status.verified")),
        ("direct", sandbox.sumsub().webhook(REFERENCE, "applicantPending")),
        ("veriff", veriff.decision_webhook(decided).unwrap()),
        ("stripe", stripe.event(&stripe.sessions()[0]).unwrap()),
        ("persona", sandbox.persona().event(&sandbox.persona().inquiries()[0], "inquiry.expired").unwrap()),
        ("didit", sandbox.didit().event(&sandbox.didit().sessions()[0], "status.updated").unwrap()),
        ("idenfy", sandbox.idenfy().event(&sandbox.idenfy().sessions()[0], "DENIED", true).unwrap()),
        ("shufti", sandbox.shufti().event(REFERENCE, "verification.declined").unwrap()),
        ("plaid", sandbox.plaid().event(&sandbox.plaid().sessions()[0], "STATUS_UPDATED").unwrap()),
        ("onfido", onfido.event(&onfido.runs()[0]).unwrap()),
    ]
}

#[tokio::test]
async fn on_a_good_day() {
    let log = Log::capture();
    let sandbox = Sandbox::start().await.unwrap();
    let registry = registry(&sandbox, |flow| flow.literal_configuration(&sandbox));
    let user = sandbox.baanx().add_user(FIRST_NAME, LAST_NAME);
    let onboarding = sandbox.baanx().add_onboarding();
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    let applicant =
        Applicant { organization: &organization, user_token: &user.token, onboarding_id: &onboarding };

    let mut printed = Printed::default();
    printed.value(&registry);
    for flow in Flow::all() {
        let good = ask_everything(&registry, flow.id(), &applicant, &mut printed).await;
        let has_refresh =
            registry.provider(&flow.id().parse().unwrap()).unwrap().profile().capabilities.refresh;
        assert_eq!(good, if has_refresh { 3 } else { 2 }, "{flow}");
    }
    // The sessions before are erased.
    for flow in ["veriff", "didit"] {
        registry.start_at(&flow.parse().unwrap(), &start(&applicant)).await.unwrap();
    }
    for (flow, webhook) in webhooks(&sandbox, &applicant, &user.user_id) {
        let headers = headers(&webhook);
        let request = WebhookRequest::new(&headers, &webhook.body, sandbox.now());
        let outcome = registry.verify_webhook(&flow.parse().unwrap(), &request);
        assert!(outcome.is_ok(), "{flow}: {outcome:?}");
        printed.value(&request);
        printed.outcome(&outcome);
    }
    let secrets: Vec<String> =
        Flow::all().flat_map(|flow| flow.secrets(&sandbox)).map(|(_, value)| value).collect();
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let planted = [CANARIES, &secrets, &[user.token.as_str(), &onboarding]].concat();
    assert_clean(printed.text(), &planted);
    let text = log.text();
    assert!(text.contains("idv_http"), "our own records are missing");
    let (stripe, onfido) = (sandbox.stripe().sessions(), sandbox.onfido().runs());
    let described = [
        sandbox.persona().inquiries(),
        sandbox.didit().sessions(),
        sandbox.idenfy().sessions(),
        sandbox.plaid().sessions(),
    ];
    let sessions = sandbox.session_api().sessions();
    let keys = [sessions, sandbox.veriff().sessions(), stripe, onfido, described.concat()].concat();
    let keys: Vec<&str> = keys.iter().map(String::as_str).chain([REFERENCE, &organization]).collect();
    assert_clean(&text, &[&planted[..], &keys].concat());
}

/// Everything that a vendor can do wrong, in the words of all.
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
    let sandbox = Sandbox::start().await.unwrap();
    let applicant = Applicant { organization: "org_1", user_token: USER_TOKEN, onboarding_id: ONBOARDING_ID };
    for day in bad_days() {
        let server = BadServer::always(day).await;
        let registry = registry(&sandbox, |flow| elsewhere(&sandbox, flow, server.base_url()));
        let mut printed = Printed::default();
        for flow in Flow::all() {
            let good = ask_everything(&registry, flow.id(), &applicant, &mut printed).await;
            assert_eq!(good, 0, "{flow}");
        }
        assert_clean(printed.text(), CANARIES);
    }
    assert_clean(&log.text(), &[CANARIES, &[REFERENCE]].concat());
}
