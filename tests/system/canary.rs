//! Nothing that must not be printed is printed: no log record of any crate at any level, no `Debug`, no `Display` and no
//! cause of an error holds a secret, personal data or what a vendor wrote.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Response};
use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    CheckRequest, FindRequest, HttpOptions, ImportRequest, OptionValue, ProviderFactory, ProviderOptions,
    Redirect, RefreshRequest, SessionRef, StartRequest, Timestamp, VerificationProvider, WebhookRequest,
};
use idv_sandbox::{NxosEventData, OrganizationType, Sandbox, SignedWebhook};
use idv_tests::{BadServer, Log, Printed, Step, assert_clean};
use rcgen::CertifiedKey;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretString;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tracing::subscriber::NoSubscriber;

const API_KEY: &str = "nxos_sk_test_canaryApiKey";
const WEBHOOK_SECRET: &str = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0";
const PROXY_PASSWORD: &str = "canary-proxy-password";
const FIRST_NAME: &str = "CanaryFirstName";
const LAST_NAME: &str = "CanaryLastName";
const EMAIL: &str = "canary.mail@example.com";
const PHONE: &str = "+15550123456";
const USER_TOKEN: &str = "canary-user-token";
const ONBOARDING_ID: &str = "canary-onboarding-id";
const ATTRIBUTE: &str = "canary-attribute-value";
const RETURN_STATE: &str = "canary-return-state";
const SESSION_URL: &str = "https://canary-session.example/l/#/canary-link";
const ACCESS_TOKEN: &str = "canary-access-token";
const SHARE_TOKEN: &str = "canary-share-token";
const VENDOR_TEXT: &str = "canary text of the vendor about Ada";
const BODY: &str = "canary-in-a-body";

/// Everything planted, besides what a simulated vendor makes up.
const CANARIES: &[&str] = &[
    API_KEY,
    "canaryApiKey",
    WEBHOOK_SECRET,
    "canary-webhook-secret",
    PROXY_PASSWORD,
    FIRST_NAME,
    LAST_NAME,
    EMAIL,
    PHONE,
    USER_TOKEN,
    ONBOARDING_ID,
    ATTRIBUTE,
    RETURN_STATE,
    SESSION_URL,
    "canary-session",
    "canary-link",
    ACCESS_TOKEN,
    SHARE_TOKEN,
    VENDOR_TEXT,
    BODY,
];

fn provider(base_url: &str, http: HttpOptions) -> Arc<dyn VerificationProvider> {
    let json = format!(
        r#"{{"base_url":"{base_url}","api_key":"{API_KEY}","webhook_secrets":["{WEBHOOK_SECRET}"]}}"#
    );
    build(&json, http)
}

fn build(json: &str, http: HttpOptions) -> Arc<dyn VerificationProvider> {
    let table: OptionValue = serde_json::from_str(json).unwrap();
    let options = ProviderOptions::new("providers.primary", None, table);
    let context = testing::context(Timestamp::from_unix_seconds(1_767_225_600), StaticSecrets::default());
    let context = context.with_http(http);
    let mut printed = Printed::default();
    printed.value(&options);
    printed.value(&context);
    let provider =
        idv_nxos::NxosFactory.build(&"primary".parse().unwrap(), &options, &context).unwrap().provider;
    printed.value(&provider);
    assert_clean(printed.text(), CANARIES);
    provider
}

fn hasty() -> HttpOptions {
    let mut http = HttpOptions::default();
    http.attempt_timeout = Duration::from_millis(200);
    http
}

/// All that an application may know of an applicant.
fn start(organization: &str) -> StartRequest {
    StartRequest::new("case-7")
        .organization(organization)
        .first_name(FIRST_NAME)
        .last_name(LAST_NAME)
        .email(EMAIL)
        .phone(PHONE)
        .user_token(USER_TOKEN)
        .onboarding_id(ONBOARDING_ID)
        .redirect_url(format!("https://app.example/back?state={RETURN_STATE}"))
        .attribute("date_of_birth", ATTRIBUTE)
}

/// Asks for everything, and prints requests and outcomes.
async fn ask_everything(
    provider: &dyn VerificationProvider,
    organization: &str,
    share_token: &str,
) -> Printed {
    let mut printed = Printed::default();
    let session: SessionRef = format!("primary:{organization}").parse().unwrap();
    let start = start(organization);
    printed.value(&start);
    printed.outcome(&provider.start(&start).await);
    let refresh = RefreshRequest::new(session.clone()).user_token(USER_TOKEN).onboarding_id(ONBOARDING_ID);
    printed.value(&refresh);
    printed.outcome(&provider.refresh(&refresh).await);
    let check = CheckRequest::new(session.clone()).user_token(USER_TOKEN).onboarding_id(ONBOARDING_ID);
    printed.value(&check);
    printed.outcome(&provider.check(&check).await);
    let import = ImportRequest::new(share_token).organization(organization);
    printed.value(&import);
    printed.outcome(&provider.import(&import).await);
    printed.outcome(&provider.find(&FindRequest::new("case-7")).await);
    printed.outcome(&provider.parse_redirect(&Redirect::new(&session, SESSION_URL)));
    printed
}

/// The log of this process is clean, and it is a log: our own records are in it.
#[track_caller]
fn assert_log_is_clean(log: Log, canaries: &[&str]) {
    let text = log.text();
    assert!(text.contains("idv_http"), "our own records are missing");
    assert!(text.contains("hyper_util") || text.contains("reqwest"), "the HTTP client's records are missing");
    assert_clean(&text, canaries);
}

#[tokio::test]
async fn when_all_goes_well() {
    let log = Log::capture();
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let json = format!(
        r#"{{"base_url":"{}","api_key":"{}","webhook_secrets":["{}"]}}"#,
        nxos.base_url(),
        nxos.api_key(),
        nxos.webhook_secret()
    );
    let provider = build(&json, HttpOptions::default());
    let person = nxos.add_organization(OrganizationType::Individual);
    let session = provider.start(&start(&person)).await.unwrap();
    let (url, token) = (session.url().unwrap().expose(), session.access_token().unwrap().expose());
    let share_token = nxos.issue_share_token();
    let mut printed = ask_everything(&*provider, &person, &share_token).await;
    printed.value(&session);
    printed.value(&provider);
    assert_eq!(nxos.requests().len(), 5, "all of it was asked");

    let webhook = nxos.webhook(&person, NxosEventData::Full);
    let headers = headers(&webhook);
    let request = WebhookRequest::new(&headers, &webhook.body, sandbox.now());
    printed.value(&request);
    printed.outcome(&provider.verify_webhook(&request));

    let secrets = [nxos.api_key(), &nxos.webhook_secret(), url, token, &share_token];
    assert_clean(printed.text(), &[CANARIES, &secrets].concat());
    assert_log_is_clean(log, &[CANARIES, &secrets].concat());
}

fn error_body(code: &str) -> String {
    format!(
        r#"{{"error":{{"code":"{code}","message":"{VENDOR_TEXT}","requestId":"req_1"}},"detail":"{BODY}","name":"{FIRST_NAME}"}}"#
    )
}

/// Everything that a vendor can do wrong with a connection or an answer.
fn bad_days() -> Vec<Vec<Step>> {
    let session = format!(r#"{{"url":"{SESSION_URL}","accessToken":"{ACCESS_TOKEN}","status":"{BODY}""#);
    let http_url = session.replace("https://", "http://") + "}";
    let mut days: Vec<Vec<Step>> = [400, 401, 402, 403, 404, 409, 422, 429, 498, 500, 503]
        .into_iter()
        .flat_map(|status| {
            [
                error_body("some_code"),
                error_body(VENDOR_TEXT),
                VENDOR_TEXT.to_owned(),
                format!("[\"{BODY}\"]"),
            ]
            .map(|body| vec![Step::Read, Step::answer(status, &["X-Debug: canary-in-a-body"], body)])
        })
        .collect();
    let location = format!("Location: {SESSION_URL}");
    days.extend([
        vec![Step::Read, Step::answer(307, &[&location], BODY)],
        vec![Step::Read, Step::answer(200, &[], &http_url)],
        vec![Step::Read, Step::answer(200, &[], &session)],
        vec![Step::Read, Step::answer(200, &[], format!("{session}}}"))],
        vec![Step::Read, Step::answer(200, &[], format!(r#"{{"url":["{BODY}"],"status":["{BODY}"]}}"#))],
        vec![Step::Read, Step::head(200, &["Content-Length: 9999"], &session), Step::Close],
        vec![Step::Read, Step::head(200, &["Content-Length: 9999"], &session), Step::Stall],
        vec![
            Step::Read,
            Step::Send(format!("HTTP/1.1 200 {BODY}\r\n{BODY}\u{1}: {BODY}\r\n\r\n").into_bytes()),
        ],
        vec![Step::Read, Step::Send(BODY.as_bytes().to_vec()), Step::Close],
        vec![Step::Read, Step::Reset],
        vec![Step::Reset],
    ]);
    days
}

#[tokio::test]
async fn when_the_vendor_has_a_bad_day() {
    let log = Log::capture();
    for day in bad_days() {
        let server = BadServer::always(day).await;
        let provider = provider(server.base_url(), hasty());
        let mut printed = ask_everything(&*provider, "org_1", SHARE_TOKEN).await;
        printed.value(&provider);
        // A status word of the vendor is told as it is: it is what the application asked for.
        let text = printed.text().replace(&format!("provider_status: \"{BODY}\""), "");
        assert_clean(&text, CANARIES);
        let seen = server.connections();
        let asked = seen.iter().any(|one| one.text().contains(API_KEY));
        assert!(asked || seen.iter().all(|one| one.received.is_empty()), "the key was sent");
    }
    assert_log_is_clean(log, CANARIES);
}

#[tokio::test]
async fn when_there_is_no_vendor_at_all() {
    let log = Log::capture();
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut through_a_proxy = hasty();
    through_a_proxy.proxy = Some(SecretString::from(format!("http://user:{PROXY_PASSWORD}@{nobody}")));
    let plain = BadServer::always([Step::Send(BODY.as_bytes().to_vec()), Step::Close]).await;
    for provider in [
        provider(&format!("http://{nobody}"), hasty()),
        provider("https://vendor.invalid", hasty()),
        provider("https://vendor.example", through_a_proxy.clone()),
        provider("http://localhost:9", through_a_proxy),
        provider(&plain.base_url().replace("http:", "https:"), hasty()),
    ] {
        let printed = ask_everything(&*provider, "org_1", SHARE_TOKEN).await;
        assert_clean(printed.text(), CANARIES);
        let proxy_credentials = "dXNlcjpjYW5hcnktcHJveHktcGFzc3dvcmQ";
        assert_clean(printed.text(), &[proxy_credentials]);
    }
    assert_log_is_clean(log, CANARIES);
}

/// As in production: TLS, and HTTP/2, whose crates write a great deal at TRACE.
#[tokio::test]
async fn when_all_goes_over_http_2() {
    let log = Log::capture();
    let vendor = SecureVendor::start().await;
    let mut http = HttpOptions::default();
    http.extra_ca = vec![vendor.pem.clone()];
    let provider = provider(&vendor.base_url, http);
    let session = provider.start(&start("org_1")).await.unwrap();
    assert_eq!(session.url().unwrap().expose(), SESSION_URL);
    let mut printed = ask_everything(&*provider, "org_1", SHARE_TOKEN).await;
    printed.value(&session);
    let text = printed.text().replace(&format!("provider_status: \"{BODY}\""), "");
    assert_clean(&text, CANARIES);
    assert!(log.text().contains("TRACE event h2::"), "the records of HTTP/2 are missing");
    assert_log_is_clean(log, CANARIES);
}

/// A vendor over TLS and HTTP/2, on a thread whose own records are not kept: they are the vendor's business.
struct SecureVendor {
    base_url: String,
    pem: Vec<u8>,
}

impl SecureVendor {
    async fn start() -> Self {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let acceptor = acceptor(cert.der().clone(), key);
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("https://{}", listener.local_addr().unwrap());
        listener.set_nonblocking(true).unwrap();
        std::thread::spawn(move || {
            let _quiet = tracing::subscriber::set_default(NoSubscriber::default());
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    serve(&acceptor, stream).await;
                }
            });
        });
        Self { base_url, pem: cert.pem().into_bytes() }
    }
}

fn acceptor(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(acceptor: &TlsAcceptor, stream: TcpStream) {
    let stream = acceptor.accept(stream).await.unwrap();
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        assert_eq!(request.headers()["authorization"], format!("Bearer {API_KEY}").as_str());
        let body = format!(r#"{{"url":"{SESSION_URL}","accessToken":"{ACCESS_TOKEN}","status":"{BODY}"}}"#);
        let mut sent = respond.send_response(Response::new(()), false).unwrap();
        sent.send_data(Bytes::from(body), true).unwrap();
    }
}

fn headers(webhook: &SignedWebhook) -> HeaderMap {
    let pair =
        |(name, value): &(String, String)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    webhook.headers.iter().map(pair).collect()
}

#[tokio::test]
async fn when_a_webhook_is_forged_or_unreadable() {
    let log = Log::capture();
    let provider = provider("http://127.0.0.1:9", HttpOptions::default());
    let now = 1_767_225_600;
    let body = format!(r#"{{"type":["{BODY}"],"data":{{"name":"{FIRST_NAME}","text":"{VENDOR_TEXT}"}}}}"#);
    let right = idv_tests::sign_svix(WEBHOOK_SECRET, "msg_1", &now.to_string(), body.as_bytes());
    let with = |signature: &str, timestamp: &str| -> HeaderMap {
        [
            ("svix-id", "msg_1"),
            ("svix-timestamp", timestamp),
            ("svix-signature", signature),
            ("x-other", BODY),
        ]
        .into_iter()
        .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
        .collect()
    };
    let mut statuses = Vec::new();
    for map in [
        with(&right, &now.to_string()),
        with("v1,AAAA", &now.to_string()),
        with(&format!("v1,{BODY}"), &now.to_string()),
        with(BODY, &now.to_string()),
        with(&right, BODY),
        with(&right, "1"),
    ] {
        let request = WebhookRequest::new(&map, body.as_bytes(), Timestamp::from_unix_seconds(now));
        let error = provider.verify_webhook(&request).unwrap_err();
        let mut printed = Printed::default();
        printed.value(&request);
        printed.error(&error);
        assert_clean(printed.text(), &[CANARIES, &[right.trim_start_matches("v1,")]].concat());
        statuses.push(error.webhook_response_status().as_u16());
    }
    assert_eq!(statuses, [400, 401, 401, 401, 401, 401]);
    assert_clean(&log.text(), &[CANARIES, &[right.trim_start_matches("v1,")]].concat());
}
