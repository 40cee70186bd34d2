//! What the health of a registry says, and what it costs the vendors.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(all(feature = "baanx", feature = "nxos", feature = "session-api"))]

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http::StatusCode;
use idv::adapter::{
    BuildContext, BuiltProvider, JsonSchema, ProviderFactory, ProviderOptions, SecretResolver, SecretSource,
    SensitiveText,
};
use idv::config::ConfigDocument;
use idv::health::{Finding, HealthCheck as Check, HealthOutcome as Outcome};
use idv::testing::{FixedClock, ScriptedProvider, profile};
use idv::{
    ConfigProblem, CredentialOwner, Delivery, Error, ErrorKind, NextAction, ProviderId, ProviderKind,
    Registry, RegistryBuilder, Result, Timestamp, VendorWord, Verification, VerificationStatus,
    WebhookOutcome,
};
use idv_sandbox::{CannedAnswer, Fault, FaultKind, Sandbox};
use tokio::net::TcpSocket;

/// The secrets of a sandbox, under names, so that the configuration holds none.
#[derive(Debug)]
struct Vault(Vec<(&'static str, String)>);

impl SecretResolver for Vault {
    fn resolve(&self, source: &SecretSource) -> Result<secrecy::SecretString, String> {
        let name = match source {
            SecretSource::Env(name) => name,
            SecretSource::Literal(secret) => return Ok(secret.clone()),
            _ => return Err("no such secret".to_owned()),
        };
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, secret)| secret.clone().into()).ok_or_else(|| "no such secret".to_owned())
    }
}

fn vault(sandbox: &Sandbox) -> Vault {
    Vault(vec![
        ("NXOS", sandbox.nxos().api_key().to_owned()),
        ("NXOS_HOOK", sandbox.nxos().webhook_secret()),
        ("BAANX", sandbox.baanx().client_key().to_owned()),
        ("BAANX_HOOK", sandbox.baanx().webhook_key()),
        ("DEEPIDV", sandbox.session_api().api_key().to_owned()),
        ("DEEPIDV_HOOK", sandbox.session_api().webhook_secret()),
    ])
}

/// All flows; the bases are those of nxos, Baanx and the session API.
fn config(bases: [&str; 3]) -> String {
    let [nxos, baanx, sessions] = bases;
    let table = |id: &str, kind: &str, base: &str, key: &str, vendor: &str| {
        format!(
            "[providers.{id}]\nkind = \"{kind}\"\nbase_url = \"{base}\"\n{key} = {{ env = \"{vendor}\" }}\n\
             webhook_secrets = [{{ env = \"{vendor}_HOOK\" }}]\n"
        )
    };
    [
        "active = \"primary\"\n".to_owned(),
        table("primary", "nxos", nxos, "api_key", "NXOS"),
        table("cards", "baanx-user", baanx, "client_key", "BAANX"),
        table("signup", "baanx-registration", baanx, "client_key", "BAANX"),
        table("sessions", "session-api", sessions, "api_key", "DEEPIDV"),
        "preset = \"deepidv\"\n".to_owned(),
    ]
    .concat()
}

fn bases(sandbox: &Sandbox) -> [&str; 3] {
    [sandbox.nxos().base_url(), sandbox.baanx().base_url(), sandbox.session_api().base_url()]
}

async fn health(builder: RegistryBuilder, vault: Vault, text: &str) -> Vec<Finding> {
    let document = ConfigDocument::from_toml_str(text).unwrap();
    builder.secrets(Arc::new(vault)).build(&document).unwrap().health().await
}

/// The outcomes of one check, with the providers in the order of their names.
fn outcomes(findings: &[Finding], check: Check) -> Vec<(&str, Outcome)> {
    let of_check = findings.iter().filter(|finding| finding.check == check);
    of_check.map(|finding| (finding.provider.as_str(), finding.outcome)).collect()
}

fn all(outcome: Outcome) -> Vec<(&'static str, Outcome)> {
    ["cards", "primary", "sessions", "signup"].map(|provider| (provider, outcome)).into()
}

/// What only calls can show.
const OF_CALLS: [Check; 4] = [Check::Breaker, Check::RetryBudget, Check::Concurrency, Check::RateLimits];

#[tokio::test]
async fn all_is_fine_where_all_is_fine() {
    let sandbox = Sandbox::start().await.unwrap();
    let findings = health(Registry::builder(), vault(&sandbox), &config(bases(&sandbox))).await;
    assert_eq!(findings.len(), 4 * 10);
    for check in OF_CALLS {
        assert_eq!(outcomes(&findings, check), all(Outcome::NotChecked), "no call was made before");
    }
    let knows = |finding: &&Finding| !OF_CALLS.contains(&finding.check);
    let unwell: Vec<_> =
        findings.iter().filter(knows).filter(|finding| finding.outcome != Outcome::Fine).collect();
    assert!(unwell.is_empty(), "{unwell:#?}");
    assert!(findings.iter().all(|finding| finding.advice.is_none()));
    let order: Vec<_> = findings.iter().map(|finding| (finding.provider.clone(), finding.check)).collect();
    assert!(order.is_sorted());
}

/// Nothing is created, and each vendor is asked once, even where it fails.
#[tokio::test]
async fn the_vendors_are_asked_once_and_only_asked() {
    let sandbox = Sandbox::start().await.unwrap();
    health(Registry::builder(), vault(&sandbox), &config(bases(&sandbox))).await;
    let requests = [sandbox.nxos().requests(), sandbox.baanx().requests(), sandbox.session_api().requests()];
    assert_eq!(requests.each_ref().map(Vec::len), [1, 2, 1], "two flows are Baanx's");
    assert!(requests.iter().flatten().all(|request| request.method == "GET" && request.body.is_empty()));
}

/// The layers that repeat are passed by: a vendor that is down is asked no more often.
#[tokio::test]
async fn a_vendor_that_is_down_is_asked_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let down = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
    sandbox.nxos().add_fault(Fault::new(down)).unwrap();
    let findings = health(Registry::builder(), vault(&sandbox), &config(bases(&sandbox))).await;
    let connection = outcomes(&findings, Check::Connection);
    assert_eq!(connection[1], ("primary", Outcome::Broken));
    assert!(
        connection.iter().filter(|(provider, _)| *provider != "primary").all(|(_, of)| *of == Outcome::Fine)
    );
    assert_eq!(sandbox.nxos().requests().len(), 1);
}

#[tokio::test]
async fn a_refused_key_is_broken_and_the_connection_is_not() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut vault = vault(&sandbox);
    for (name, secret) in &mut vault.0 {
        if !name.ends_with("_HOOK") {
            secret.push_str("canary");
        }
    }
    let findings = health(Registry::builder(), vault, &config(bases(&sandbox))).await;
    assert_eq!(outcomes(&findings, Check::Connection), all(Outcome::Fine));
    assert_eq!(outcomes(&findings, Check::Credentials), all(Outcome::Broken));
    let broken: Vec<_> = findings.iter().filter(|finding| finding.outcome == Outcome::Broken).collect();
    assert!(broken.iter().all(|finding| finding.message.contains("HTTP 4") && finding.advice.is_some()));
    assert!(!format!("{findings:?}").contains("canary"));
}

#[tokio::test]
async fn a_closed_port_is_unreachable_and_says_nothing_of_keys_and_clocks() {
    let sandbox = Sandbox::start().await.unwrap();
    // Bound, so that nobody else takes it, and without anybody who listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let closed = format!("http://{}", socket.local_addr().unwrap());
    let findings = health(Registry::builder(), vault(&sandbox), &config([closed.as_str(); 3])).await;
    assert_eq!(outcomes(&findings, Check::Connection), all(Outcome::Broken));
    assert_eq!(outcomes(&findings, Check::Credentials), all(Outcome::NotChecked));
    assert_eq!(outcomes(&findings, Check::Clock), all(Outcome::NotChecked));
    assert_eq!(outcomes(&findings, Check::Webhooks), all(Outcome::Fine));
}

#[tokio::test]
async fn a_clock_that_goes_wrong_is_noticed_both_ways() {
    let sandbox = Sandbox::start().await.unwrap();
    let now = Timestamp::from(SystemTime::now()).unix_seconds();
    for (seconds, outcome, message) in [
        (10, Outcome::Fine, "the clocks agree"),
        (-10, Outcome::Fine, "the clocks agree"),
        (100, Outcome::Doubtful, " s ahead of the vendor's"),
        (-100, Outcome::Doubtful, " s behind the vendor's"),
        (400, Outcome::Broken, " s ahead of the vendor's: signed webhooks are refused from 300 s on"),
        (-400, Outcome::Broken, " s behind the vendor's: signed webhooks are refused from 300 s on"),
    ] {
        let clock = FixedClock::new(Timestamp::from_unix_seconds(now + seconds));
        let builder = Registry::builder().clock(Arc::new(clock));
        let findings = health(builder, vault(&sandbox), &config(bases(&sandbox))).await;
        assert_eq!(outcomes(&findings, Check::Clock), all(outcome), "{seconds} s");
        let told = |finding: &Finding| finding.check != Check::Clock || finding.message.ends_with(message);
        assert!(findings.iter().all(told), "{seconds} s: {findings:#?}");
    }
}

#[tokio::test]
async fn secrets_of_another_form_are_doubted_without_being_shown() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut vault = vault(&sandbox);
    for (name, secret) in &mut vault.0 {
        let form = if *name == "NXOS_HOOK" { "whsec_" } else { "" };
        *secret = format!("{form}Y2FuYXJ5LWNhbmFyeQ==");
    }
    let findings = health(Registry::builder(), vault, &config(bases(&sandbox))).await;
    let messages: Vec<_> = findings
        .iter()
        .filter(|finding| finding.check == Check::Secrets)
        .map(|finding| (finding.outcome, finding.message.as_str()))
        .collect();
    let doubt = |message| (Outcome::Doubtful, message);
    assert_eq!(
        messages,
        [
            doubt(
                "providers.cards.webhook_secrets.0 (line 11, column 20): does not begin with `whk_`, as documented"
            ),
            doubt(
                "providers.primary.api_key (line 5, column 11): does not begin with `nxos_sk_`, as documented"
            ),
            doubt(
                "providers.sessions.webhook_secrets.0 (line 21, column 20): does not begin with `whsec_`, as documented"
            ),
            doubt(
                "providers.signup.webhook_secrets.0 (line 16, column 20): does not begin with `whk_`, as documented"
            ),
        ]
    );
    assert!(!format!("{findings:?}").contains("Y2FuYXJ5"));
}

#[tokio::test]
async fn missing_webhook_secrets_and_unwise_lines_are_doubtful() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let text = format!(
        "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nbase_url = \"{0}\"\napi_key = {{ env = \"NXOS\" }}\n\
         [providers.ab]\nkind = \"nxos\"\nretired = true\nbase_url = \"{0}\"\napi_key = \"{1}\"\n",
        nxos.base_url(),
        nxos.api_key(),
    );
    let findings = health(Registry::builder(), vault(&sandbox), &text).await;
    let of = |check| outcomes(&findings, check);
    assert_eq!(of(Check::Configuration), [("a", Outcome::Fine), ("ab", Outcome::Doubtful)]);
    assert_eq!(of(Check::Webhooks), [("a", Outcome::Doubtful), ("ab", Outcome::Doubtful)]);
    assert_eq!(of(Check::Credentials), [("a", Outcome::Fine), ("ab", Outcome::Fine)], "a retired one, too");
    assert!(!format!("{findings:?}").contains(nxos.api_key()));
}

/// A kind whose instances answer as a test says.
#[derive(Debug, Clone)]
struct Scripted(Arc<Mutex<Option<ScriptedProvider>>>);

impl ProviderFactory for Scripted {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static("scripted")
    }

    fn build(
        &self,
        _: &ProviderId,
        _: &ProviderOptions,
        _: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        Ok(Arc::new(self.0.lock().unwrap().take().unwrap()).into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

async fn health_of(provider: ScriptedProvider) -> Vec<Finding> {
    let factory = Scripted(Arc::new(Mutex::new(Some(provider))));
    let text = "active = \"a\"\n[providers.a]\nkind = \"scripted\"\n";
    health(Registry::builder().factory(factory), Vault(Vec::new()), text).await
}

fn scripted() -> ScriptedProvider {
    ScriptedProvider::with_profile("a".parse().unwrap(), profile())
}

#[tokio::test]
async fn every_answer_says_what_it_says_of_connection_and_key() {
    let answered = |kind| Error::new(kind, "no").with_delivery(Delivery::Answered);
    let refused = |owner| Error::unauthenticated(owner).with_delivery(Delivery::Answered);
    use Outcome::{Broken, Doubtful, Fine, NotChecked};
    for (error, connection, credentials) in [
        (answered(ErrorKind::NotFound), Fine, Fine),
        (answered(ErrorKind::InvalidRequest), Fine, Fine),
        (refused(CredentialOwner::User), Fine, Fine),
        (refused(CredentialOwner::Application), Fine, Broken),
        (answered(ErrorKind::Forbidden), Fine, Doubtful),
        (answered(ErrorKind::PaymentRequired), Fine, Doubtful),
        (answered(ErrorKind::RateLimited), Fine, NotChecked),
        (answered(ErrorKind::Conflict), Fine, NotChecked),
        (answered(ErrorKind::Unavailable), Broken, NotChecked),
        (answered(ErrorKind::InvalidResponse), Broken, NotChecked),
        (Error::new(ErrorKind::Timeout, "no").with_delivery(Delivery::Unknown), Broken, NotChecked),
        (Error::new(ErrorKind::Timeout, "no"), Broken, NotChecked),
        (Error::new(ErrorKind::Connection, "no"), Broken, NotChecked),
        (Error::new(ErrorKind::InvalidRequest, "another form of reference"), NotChecked, NotChecked),
    ] {
        let what = format!("{error:?}");
        let findings = health_of(scripted().on_check(Err(error))).await;
        let of = |check| outcomes(&findings, check)[0].1;
        assert_eq!((of(Check::Connection), of(Check::Credentials)), (connection, credentials), "{what}");
        assert_eq!(of(Check::Clock), NotChecked, "{what}");
        let advised = |finding: &Finding| {
            finding.advice.is_some() == matches!(finding.outcome, Outcome::Doubtful | Outcome::Broken)
        };
        assert!(findings.iter().all(advised), "{what}: {findings:#?}");
    }
}

/// A gateway or a proxy refuses without asking the vendor about the key.
#[tokio::test]
async fn a_refusal_of_another_kind_says_nothing_of_the_key() {
    use Outcome::{Broken, Fine, NotChecked};
    for (status, connection, credentials) in [
        (400, Fine, Fine),
        (422, Fine, Fine),
        (405, Fine, NotChecked),
        (407, Broken, NotChecked),
        (411, Fine, NotChecked),
        (421, Fine, NotChecked),
        (451, Fine, NotChecked),
    ] {
        let error = Error::new(ErrorKind::InvalidRequest, "no")
            .with_delivery(Delivery::Answered)
            .with_vendor_text(Some(SensitiveText::new("no such session")))
            .with_http_status(StatusCode::from_u16(status).unwrap());
        let findings = health_of(scripted().on_check(Err(error))).await;
        let of = |check| outcomes(&findings, check)[0].1;
        assert_eq!((of(Check::Connection), of(Check::Credentials)), (connection, credentials), "{status}");
    }
}

fn unknown_session(text: Option<&str>) -> Error {
    Error::new(ErrorKind::NotFound, "no")
        .with_delivery(Delivery::Answered)
        .with_vendor_text(text.map(SensitiveText::new))
        .with_http_status(StatusCode::NOT_FOUND)
}

/// That is how a wrong `base_url` mostly looks.
#[tokio::test]
async fn a_page_or_nothing_in_place_of_the_vendors_error_says_nothing_of_the_key() {
    use Outcome::{Doubtful, Fine, NotChecked};
    let page = "\n<!doctype html><title>Not Found</title>";
    for (error, connection, credentials) in [
        (unknown_session(Some("no such session")), Fine, Fine),
        (unknown_session(None).with_code(Some(VendorWord::new("not_found"))), Fine, Fine),
        (unknown_session(None).with_request_id(Some(VendorWord::new("req_1"))), Fine, Fine),
        (unknown_session(None), Doubtful, NotChecked),
        (unknown_session(Some(page)), Doubtful, NotChecked),
    ] {
        let what = format!("{error:?}");
        let findings = health_of(scripted().on_check(Err(error))).await;
        let of = |check| outcomes(&findings, check)[0].1;
        assert_eq!((of(Check::Connection), of(Check::Credentials)), (connection, credentials), "{what}");
    }
}

/// Whatever its status, such an answer is no verdict on the key, and the vendor's status page knows nothing of it.
/// A wrong path is answered by the router, before anybody looks at the key.
#[tokio::test]
async fn a_router_s_answer_says_nothing_of_the_key() {
    for (text, is_router_s) in [
        ("Not Found", true),
        ("Not found.", true),
        ("Cannot GET /v1/v1/sessions/canary", true),
        ("no Route matched with those values", true),
        ("The requested URL /v1/v1/canary was not found on this server.", true),
        ("Session not found", false),
        ("Onboarding session not found", false),
        ("not found in this organization", false),
    ] {
        let findings = health_of(scripted().on_check(Err(unknown_session(Some(text))))).await;
        let of = |check| outcomes(&findings, check)[0].1;
        let expected = match is_router_s {
            true => (Outcome::Doubtful, Outcome::NotChecked),
            false => (Outcome::Fine, Outcome::Fine),
        };
        assert_eq!((of(Check::Connection), of(Check::Credentials)), expected, "{text}");
        assert!(!format!("{findings:?}").contains("canary"), "{findings:?}");
    }
}

#[tokio::test]
async fn a_page_of_a_gateway_is_laid_neither_to_the_key_nor_to_the_vendor() {
    use Outcome::{Broken, Doubtful};
    for (status, connection) in [(401, Broken), (403, Broken), (404, Doubtful), (451, Broken)] {
        let sandbox = Sandbox::start().await.unwrap();
        let page =
            || FaultKind::Answer { answer: CannedAnswer::text(status, "<html><title>Blocked</title>") };
        sandbox.nxos().add_fault(Fault::new(page())).unwrap();
        sandbox.baanx().add_fault(Fault::new(page()).times(2)).unwrap();
        sandbox.session_api().add_fault(Fault::new(page())).unwrap();
        let findings = health(Registry::builder(), vault(&sandbox), &config(bases(&sandbox))).await;
        assert_eq!(outcomes(&findings, Check::Connection), all(connection), "{status}");
        assert_eq!(outcomes(&findings, Check::Credentials), all(Outcome::NotChecked), "{status}");
        for finding in findings.iter().filter(|finding| finding.check == Check::Connection) {
            assert!(finding.message.contains("a page of a gateway or firewall"), "{finding:?}");
            assert!(finding.advice.as_ref().unwrap().contains("`base_url`"), "{finding:?}");
        }
    }
}

/// In the words of the errors that a call gives.
#[tokio::test]
async fn a_proxy_that_wants_a_password_and_a_vendor_that_is_busy_are_told_apart() {
    for (kind, status, advice) in [
        (ErrorKind::Connection, 407, "`http.proxy`, and the name and password"),
        (ErrorKind::Unavailable, 421, "`base_url`"),
        (ErrorKind::Unavailable, 408, "status page"),
        (ErrorKind::Unavailable, 425, "status page"),
        (ErrorKind::Unavailable, 503, "status page"),
    ] {
        let error = Error::new(kind, "no").with_http_status(StatusCode::from_u16(status).unwrap());
        let error = match kind {
            ErrorKind::Connection => error,
            _ => error.with_delivery(Delivery::Answered),
        };
        let findings = health_of(scripted().on_check(Err(error))).await;
        let found = findings.iter().find(|finding| finding.check == Check::Connection).unwrap();
        assert_eq!(found.outcome, Outcome::Broken, "{status}");
        assert!(found.advice.as_ref().unwrap().contains(advice), "{status} {found:?}");
        assert_eq!(outcomes(&findings, Check::Credentials)[0].1, Outcome::NotChecked, "{status}");
    }
}

#[tokio::test]
async fn an_answer_is_told_with_what_the_vendors_support_asks_for() {
    let error = Error::unauthenticated(CredentialOwner::Application)
        .with_delivery(Delivery::Answered)
        .with_http_status(StatusCode::UNAUTHORIZED)
        .with_code(Some(VendorWord::new("bad_key")))
        .with_request_id(Some(VendorWord::new("req_1")));
    let findings = health_of(scripted().on_check(Err(error))).await;
    let found = findings.iter().find(|finding| finding.check == Check::Credentials).unwrap();
    assert_eq!(
        found.message,
        "the vendor refused the application's key (HTTP 401, code bad_key, request req_1)"
    );
}

#[tokio::test]
async fn a_provider_that_believes_unsigned_webhooks_is_broken() {
    let reference = "a:k1".parse().unwrap();
    let wait = NextAction::Wait { poll_after: Duration::from_secs(5) };
    let word = VendorWord::new("OPEN");
    let state = Verification::new(reference, VerificationStatus::InProgress, word.clone(), wait);
    let ignored = WebhookOutcome::Ignored { provider: "a".parse().unwrap(), provider_event_type: word };
    let findings = health_of(scripted().on_check(Ok(state)).on_webhook(Ok(ignored))).await;
    assert_eq!(outcomes(&findings, Check::Webhooks), [("a", Outcome::Broken)]);
    assert_eq!(outcomes(&findings, Check::Credentials), [("a", Outcome::Fine)]);
    let refused = Error::unsupported(&"a".parse().unwrap(), idv::Operation::Webhook, "there are none");
    let findings = health_of(scripted().on_webhook(Err(refused))).await;
    assert_eq!(outcomes(&findings, Check::Webhooks), [("a", Outcome::NotChecked)]);
}
