//! The simulated nxos against its documentation.

use std::time::Duration;

use idv_sandbox::{CannedAnswer, LoaState, Nxos, NxosEventData, OrganizationType, Sandbox};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::support::{Answer, DAY, MINUTE, NEW_YEAR, ask, client, frozen, get, keys};

const VERIFICATION: &str = "/v1/organizations/verification";
const IMPORT: &str = "/v1/organizations/verification/import";

fn request(nxos: &Nxos, method: Method, path: &str) -> RequestBuilder {
    client().request(method, format!("{}{path}", nxos.base_url())).bearer_auth(nxos.api_key())
}

fn start_for(nxos: &Nxos, organization: &str) -> RequestBuilder {
    request(nxos, Method::POST, VERIFICATION).header("Nxos-On-Behalf-Of", organization)
}

async fn read_for(nxos: &Nxos, organization: &str) -> Answer {
    ask(request(nxos, Method::GET, VERIFICATION).header("Nxos-On-Behalf-Of", organization)).await
}

async fn import_for(nxos: &Nxos, organization: &str, token: &str) -> Answer {
    let import = request(nxos, Method::POST, IMPORT).header("Nxos-On-Behalf-Of", organization);
    ask(import.json(&json!({ "shareToken": token }))).await
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    let body = answer.json();
    assert_eq!((answer.status, body["error"]["code"].as_str()), (status, Some(code)), "{}", answer.text);
    assert_eq!(keys(&body), ["error"]);
    assert_eq!(keys(&body["error"]), ["code", "message", "requestId"]);
    let id = body["error"]["requestId"].as_str().unwrap().strip_prefix("req_").unwrap();
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
}

/// What has no cause within the simulation can be canned, in the vendor's shape.
#[tokio::test]
async fn errors_without_a_cause_here_can_be_canned() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    for (status, code, message) in [
        (403, "forbidden", "Your organization is not enabled for this action."),
        (409, "quote_expired", "The quote has expired."),
        (500, "internal_error", "An unexpected server error occurred."),
        (418, "a_code_of_tomorrow", "?"),
    ] {
        nxos.answer_next(CannedAnswer::nxos_error(status, code, message));
        let answer = ask(request(nxos, Method::POST, VERIFICATION)).await;
        assert_refused(&answer, status, code);
        assert_eq!(answer.json()["error"]["message"], message);
    }
}

/// The example of the guide, with the organization id that it uses.
#[tokio::test]
async fn the_example_of_the_guide_is_answered_as_shown() {
    let sandbox = Sandbox::start().await.unwrap();
    let (nxos, customer) = (sandbox.nxos(), "org_cust1234567890abcdef1234567890abcd");
    nxos.add_organization_with_id(customer, OrganizationType::Business);
    let session = ask(start_for(nxos, customer)).await;
    assert_eq!(session.status, 200);
    let body = session.json();
    assert_eq!(keys(&body), ["accessToken", "object", "url"]);
    assert_eq!(body["object"], "verification_session");
    assert!(body["accessToken"].as_str().unwrap().starts_with("_act-sbx-jwt-"));
    let url = body["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/l/", nxos.base_url())), "{url}");
    let page = get(url).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("simulation"));
    assert_eq!(nxos.requests().len(), 1, "hosted pages are not API requests");

    nxos.set_status(customer, "APPROVED").unwrap();
    let read = read_for(nxos, customer).await.json();
    assert_eq!(keys(&read), ["object", "status", "type", "updatedAt"]);
    assert_eq!(read["object"], "organization_verification");
    assert_eq!((read["status"].as_str(), read["type"].as_str()), (Some("APPROVED"), Some("BUSINESS")));
}

#[tokio::test]
async fn the_import_example_of_the_guide_is_answered_as_shown() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    let answer = import_for(nxos, &person, &nxos.issue_share_token()).await;
    let expected = json!({
        "object": "organization_verification",
        "status": "PENDING",
        "type": "INDIVIDUAL",
        "updatedAt": "2026-01-01T00:00:00.000Z",
    });
    assert_eq!((answer.status, answer.json()), (200, expected));
    assert!(nxos.applicant(&person).is_some());
}

#[tokio::test]
async fn without_the_header_the_keys_own_organization_is_meant() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    assert_eq!(nxos.status(nxos.own_organization()).as_deref(), Some("NOT_STARTED"));
    assert_eq!(ask(request(nxos, Method::POST, VERIFICATION)).await.status, 200);
    assert_eq!(nxos.status(nxos.own_organization()).as_deref(), Some("PENDING"));
}

#[tokio::test]
async fn the_three_reasons_of_401() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let bare = || client().post(format!("{}{VERIFICATION}", nxos.base_url()));
    let missing = ask(bare()).await;
    assert_refused(&missing, 401, "missing_api_key");
    assert_eq!(missing.json()["error"]["message"], "No Authorization header provided.");
    for scheme in [nxos.api_key().to_owned(), format!("bearer {}", nxos.api_key()), "Basic eDp5".to_owned()] {
        assert_refused(&ask(bare().header("authorization", scheme)).await, 401, "missing_api_key");
    }
    assert_refused(&ask(bare().bearer_auth("nxos_sk_test_wrong")).await, 401, "invalid_api_key");
    nxos.fail_authentication(1);
    assert_refused(&ask(request(nxos, Method::GET, VERIFICATION)).await, 401, "authentication_failed");
    assert_eq!(ask(request(nxos, Method::GET, VERIFICATION)).await.status, 200);
}

#[tokio::test]
async fn unknown_organizations_and_paths_are_404() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let stranger = format!("org_{}", "0".repeat(32));
    assert_refused(&ask(start_for(nxos, &stranger)).await, 404, "organization_not_found");
    assert_refused(&read_for(nxos, &stranger).await, 404, "organization_not_found");
    let garbled = request(nxos, Method::POST, VERIFICATION).header("Nxos-On-Behalf-Of", &b"\xff"[..]);
    assert_refused(&ask(garbled).await, 404, "organization_not_found");
    assert_eq!(nxos.status(nxos.own_organization()).as_deref(), Some("NOT_STARTED"));
    assert_refused(&ask(request(nxos, Method::GET, "/v1/nothing")).await, 404, "not_found");
    assert_refused(&ask(request(nxos, Method::DELETE, VERIFICATION)).await, 404, "not_found");
}

#[tokio::test]
async fn a_start_takes_neither_body_nor_content_type() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let start = || request(nxos, Method::POST, VERIFICATION);
    assert_refused(&ask(start().body("{}")).await, 400, "invalid_request");
    assert_refused(&ask(start().header("content-type", "application/json")).await, 400, "invalid_request");
    assert_eq!(nxos.status(nxos.own_organization()).as_deref(), Some("NOT_STARTED"));
    assert_eq!(ask(start().header("content-length", "0")).await.status, 200);
}

#[tokio::test]
async fn repeated_starts_give_new_tokens_for_the_same_applicant() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    let customer = nxos.add_organization(OrganizationType::Business);
    assert_eq!(nxos.applicant(&customer), None);
    let first = ask(start_for(nxos, &customer)).await.json();
    let applicant = nxos.applicant(&customer);
    sandbox.advance(MINUTE);
    let second = ask(start_for(nxos, &customer)).await.json();
    assert_ne!(first["accessToken"], second["accessToken"]);
    assert_ne!(first["url"], second["url"]);
    assert!(applicant.is_some());
    assert_eq!(nxos.applicant(&customer), applicant);
    let read = read_for(nxos, &customer).await.json();
    assert_eq!(read["updatedAt"], "2026-01-01T00:00:00.000Z", "the status changed once");
}

#[tokio::test]
async fn updated_at_is_the_last_change_of_the_status() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    let customer = nxos.add_organization(OrganizationType::Business);
    for (word, updated_at) in [
        ("NOT_STARTED", "2026-01-01T00:00:00.000Z"),
        ("APPROVED", "2026-01-01T00:02:00.000Z"),
        ("APPROVED", "2026-01-01T00:02:00.000Z"),
        ("PENDING", "2026-01-01T00:04:00.000Z"),
    ] {
        sandbox.advance(MINUTE);
        nxos.set_status(&customer, word).unwrap();
        assert_eq!(read_for(nxos, &customer).await.json()["updatedAt"], updated_at);
    }
}

#[tokio::test]
async fn tokens_and_links_die_after_thirty_minutes() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    let session = ask(request(nxos, Method::POST, VERIFICATION)).await.json();
    let (token, url) = (session["accessToken"].as_str().unwrap(), session["url"].as_str().unwrap());
    sandbox.advance(MINUTE * 30 - Duration::from_millis(1));
    assert!(nxos.access_token_is_live(token));
    assert_eq!(get(url).await.status, 200);
    sandbox.advance(Duration::from_millis(1));
    assert!(!nxos.access_token_is_live(token));
    assert_eq!(get(url).await.status, 410);
    assert_eq!(get(&format!("{}/l/nothing", nxos.base_url())).await.status, 404);
}

#[tokio::test]
async fn a_start_moves_only_the_states_that_wait_for_one() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let customer = nxos.add_organization(OrganizationType::Business);
    let table = [
        ("NOT_STARTED", "PENDING"),
        ("RESUBMISSION_REQUIRED", "PENDING"),
        ("PENDING", "PENDING"),
        ("ON_HOLD", "ON_HOLD"),
        ("APPROVED", "APPROVED"),
        ("REJECTED", "REJECTED"),
        ("SOMETHING_NEW", "SOMETHING_NEW"),
    ];
    for (before, after) in table {
        nxos.set_status(&customer, before).unwrap();
        assert_eq!(ask(start_for(nxos, &customer)).await.status, 200, "{before}");
        assert_eq!(read_for(nxos, &customer).await.json()["status"], after, "{before}");
    }
}

#[tokio::test]
async fn the_letter_of_authorization_gates_start_read_and_import() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    for (loa, start, import) in
        [(LoaState::Pending, 200, 403), (LoaState::Active, 200, 200), (LoaState::Revoked, 403, 403)]
    {
        nxos.set_loa(&person, loa).unwrap();
        assert_eq!(ask(start_for(nxos, &person)).await.status, start, "{loa:?}");
        assert_eq!(read_for(nxos, &person).await.status, start, "{loa:?}");
        let answer = import_for(nxos, &person, &nxos.issue_share_token()).await;
        assert_eq!(answer.status, import, "{loa:?}");
        if import == 403 {
            assert_refused(&answer, 403, "authorization_required");
        }
    }
}

#[tokio::test]
async fn imports_follow_their_rules() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    let business = nxos.add_organization(OrganizationType::Business);
    let token = nxos.issue_share_token();
    assert_refused(&import_for(nxos, &business, &token).await, 400, "verification_import_unsupported");
    assert_refused(&import_for(nxos, &person, "_act-unknown").await, 400, "share_token_invalid");
    assert_eq!(import_for(nxos, &person, &token).await.status, 200, "a refused import consumes nothing");
    assert_refused(&import_for(nxos, &person, &token).await, 400, "share_token_invalid");
    let stranger = import_for(nxos, "org_unknown", &nxos.issue_share_token()).await;
    assert_refused(&stranger, 404, "organization_not_found");
    let bare = request(nxos, Method::POST, IMPORT).header("Nxos-On-Behalf-Of", &person);
    assert_refused(&ask(bare.try_clone().unwrap().body("{}")).await, 400, "invalid_request");
    assert_refused(&ask(bare.try_clone().unwrap().json(&[1])).await, 400, "invalid_request");
    assert_refused(&ask(bare.json(&json!({}))).await, 400, "validation_error");
}

#[tokio::test]
async fn an_import_leaves_approved_and_held_records_alone() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    for (before, after) in [("APPROVED", "APPROVED"), ("ON_HOLD", "ON_HOLD"), ("REJECTED", "PENDING")] {
        nxos.set_status(&person, before).unwrap();
        let token = nxos.issue_share_token();
        assert_eq!(import_for(nxos, &person, &token).await.json()["status"], after);
        assert_eq!(nxos.status(&person).as_deref(), Some(after));
        assert_refused(&import_for(nxos, &person, &token).await, 400, "share_token_invalid");
    }
}

#[tokio::test]
async fn organizations_are_created_for_the_key_whatever_the_header_says() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    let create = request(nxos, Method::POST, "/v1/organizations").header("Nxos-On-Behalf-Of", "org_unknown");
    let body = json!({ "name": "Acme", "type": "INDIVIDUAL", "metadata": { "crm": "7" } });
    let answer = ask(create.json(&body)).await;
    let made = answer.json();
    let id = made["organizationId"].as_str().unwrap();
    let expected = json!({
        "object": "organization",
        "organizationId": id,
        "name": "Acme",
        "type": "INDIVIDUAL",
        "verificationStatus": "NOT_STARTED",
        "createdByOrganizationId": nxos.own_organization(),
        "metadata": { "crm": "7" },
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
    });
    assert_eq!((answer.status, &made), (200, &expected));
    let keyed = |on_behalf_of: &str| {
        let create = request(nxos, Method::POST, "/v1/organizations").header("Idempotency-Key", "k1");
        create.header("Nxos-On-Behalf-Of", on_behalf_of).json(&body)
    };
    let first = ask(keyed("org_one")).await;
    assert_eq!(ask(keyed("org_two")).await.text, first.text, "the header does not even tell keys apart");
    assert_eq!(ask(start_for(nxos, id)).await.status, 200, "a pending letter is enough to start");
    assert_eq!(import_for(nxos, id, &nxos.issue_share_token()).await.status, 403);
}

#[tokio::test]
async fn organizations_are_validated() {
    let sandbox = Sandbox::start().await.unwrap();
    let create = |body| request(sandbox.nxos(), Method::POST, "/v1/organizations").json(&body);
    let many: serde_json::Map<_, _> = (0..51).map(|n| (n.to_string(), json!(1))).collect();
    for body in [
        json!({ "type": "BUSINESS" }),
        json!({ "name": "", "type": "BUSINESS" }),
        json!({ "name": "Acme", "type": "business" }),
        json!({ "name": "Acme", "type": "BUSINESS", "metadata": many }),
        json!({ "name": "Acme", "type": "BUSINESS", "metadata": { "big": "x".repeat(4096) } }),
    ] {
        assert_refused(&ask(create(body)).await, 400, "validation_error");
    }
}

#[tokio::test]
async fn an_idempotency_key_replays_for_a_day() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    let customer = nxos.add_organization(OrganizationType::Business);
    let start = || start_for(nxos, &customer).header("Idempotency-Key", "k1");
    let first = ask(start()).await;
    assert_eq!(first.header("idempotent-replayed"), None);
    sandbox.advance(DAY - Duration::from_millis(1));
    let second = ask(start()).await;
    assert_eq!((second.status, &second.text), (200, &first.text), "even though the token is long dead");
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    sandbox.advance(Duration::from_millis(1));
    let third = ask(start()).await;
    assert_ne!(third.text, first.text);
    assert_eq!(third.header("idempotent-replayed"), None);
}

#[tokio::test]
async fn an_idempotency_key_is_its_organizations_and_paths_own() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let (one, two) = (
        nxos.add_organization(OrganizationType::Business),
        nxos.add_organization(OrganizationType::Individual),
    );
    let first = ask(start_for(nxos, &one).header("Idempotency-Key", "k1")).await;
    let second = ask(start_for(nxos, &two).header("Idempotency-Key", "k1")).await;
    assert_ne!(first.text, second.text);
    let import = request(nxos, Method::POST, IMPORT).header("Nxos-On-Behalf-Of", &two);
    let body = json!({ "shareToken": nxos.issue_share_token() });
    assert_eq!(ask(import.header("Idempotency-Key", "k1").json(&body)).await.status, 200);
    let read = request(nxos, Method::GET, VERIFICATION).header("Nxos-On-Behalf-Of", &two);
    let read = ask(read.header("Idempotency-Key", "k1")).await;
    assert_eq!(read.header("idempotent-replayed"), None, "a GET ignores the key");
}

#[tokio::test]
async fn refusals_are_replayed_too_and_a_key_keeps_its_body() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    nxos.set_loa(&person, LoaState::Revoked).unwrap();
    let start = || start_for(nxos, &person).header("Idempotency-Key", "k1");
    let refused = ask(start()).await;
    nxos.set_loa(&person, LoaState::Active).unwrap();
    let again = ask(start()).await;
    assert_eq!((again.status, &again.text), (403, &refused.text), "until the key changes");
    assert_eq!(again.header("idempotent-replayed"), Some("true"));

    let import = |token: &str| {
        let import = request(nxos, Method::POST, IMPORT).header("Nxos-On-Behalf-Of", &person);
        import.header("Idempotency-Key", "k2").json(&json!({ "shareToken": token }))
    };
    let token = nxos.issue_share_token();
    let imported = ask(import(&token)).await;
    assert_eq!(ask(import(&token)).await.text, imported.text, "replayed, not consumed twice");
    assert_refused(&ask(import("_act-other")).await, 409, "idempotency_key_in_use");
}

#[tokio::test]
async fn a_key_in_flight_is_409_and_then_replays() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    let start = || request(nxos, Method::POST, VERIFICATION).header("Idempotency-Key", "k1");
    nxos.hold();
    let held = tokio::spawn(ask(start()));
    while nxos.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_refused(&ask(start()).await, 409, "idempotency_request_in_flight");
    nxos.release();
    let first = held.await.unwrap();
    assert_eq!(first.status, 200);
    assert_eq!(ask(start()).await.text, first.text);
}

#[tokio::test]
async fn work_goes_on_when_the_client_has_gone() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    nxos.hold();
    let start = || request(nxos, Method::POST, VERIFICATION).header("Idempotency-Key", "k1");
    let impatient = tokio::spawn(ask(start()));
    while nxos.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    impatient.abort();
    assert!(impatient.await.is_err());
    nxos.release();
    while nxos.status(nxos.own_organization()).as_deref() != Some("PENDING") {
        tokio::task::yield_now().await;
    }
    assert_eq!(ask(start()).await.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn server_errors_are_not_kept_under_a_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let start = || request(sandbox.nxos(), Method::POST, VERIFICATION).header("Idempotency-Key", "k1");
    sandbox.nxos().answer_next(CannedAnswer::nxos_error(500, "internal_error", "Broken."));
    assert_refused(&ask(start()).await, 500, "internal_error");
    let second = ask(start()).await;
    assert_eq!((second.status, second.header("idempotent-replayed")), (200, None));
}

#[tokio::test]
async fn idempotency_keys_have_between_one_and_255_characters() {
    let sandbox = Sandbox::start().await.unwrap();
    let start =
        |key: &str| request(sandbox.nxos(), Method::POST, VERIFICATION).header("Idempotency-Key", key);
    assert_eq!(ask(start(&"k".repeat(255))).await.status, 200);
    assert_refused(&ask(start(&"k".repeat(256))).await, 400, "invalid_request");
    assert_refused(&ask(start("")).await, 400, "invalid_request");
}

#[tokio::test]
async fn the_thousand_and_first_request_of_a_minute_is_refused() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    let (client, url) = (client(), format!("{}{VERIFICATION}", nxos.base_url()));
    let read = || client.get(&url).bearer_auth(nxos.api_key());
    for _ in 0..1000 {
        assert_eq!(ask(read()).await.status, 200);
    }
    sandbox.advance(Duration::from_secs(37));
    let refused = ask(read()).await;
    assert_refused(&refused, 429, "rate_limited");
    let message = "Rate limit exceeded: 1000 requests per minute. Retry in 23 seconds.";
    assert_eq!(refused.json()["error"]["message"], message);
    sandbox.advance(Duration::from_secs(23));
    assert_eq!(ask(read()).await.status, 200);
}

#[tokio::test]
async fn a_rate_limited_start_is_kept_under_its_key() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    nxos.set_rate_limit(Some(0));
    let start = || request(nxos, Method::POST, VERIFICATION).header("Idempotency-Key", "k1");
    assert_refused(&ask(start()).await, 429, "rate_limited");
    nxos.set_rate_limit(None);
    let again = ask(start()).await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (429, Some("true")));
}

fn verify(nxos: &Nxos, webhook: &idv_sandbox::SignedWebhook) -> Result<(), standardwebhooks::WebhookError> {
    let mut headers = http::HeaderMap::new();
    for (name, value) in &webhook.headers {
        let name: http::HeaderName = name.replace("svix-", "webhook-").parse().unwrap();
        headers.insert(name, value.parse().unwrap());
    }
    standardwebhooks::Webhook::new(&nxos.webhook_secret())?.verify(&webhook.body, &headers)
}

#[tokio::test]
async fn events_satisfy_an_independent_verifier() {
    let sandbox = Sandbox::start().await.unwrap();
    let nxos = sandbox.nxos();
    assert!(nxos.webhook_secret().starts_with("whsec_"));
    let webhook = nxos.webhook(nxos.own_organization(), NxosEventData::Full);
    verify(nxos, &webhook).unwrap();
    let mut tampered = webhook.clone();
    tampered.body[0] = b' ';
    assert!(verify(nxos, &tampered).is_err());
    let other = Sandbox::start().await.unwrap();
    assert!(verify(other.nxos(), &webhook).is_err());
    verify(nxos, &nxos.sign(b"[]")).unwrap();
}

#[tokio::test]
async fn events_tell_nothing_little_or_all() {
    let sandbox = frozen().await;
    let nxos = sandbox.nxos();
    let person = nxos.add_organization(OrganizationType::Individual);
    nxos.set_status(&person, "REJECTED").unwrap();
    let full = json!({ "organizationId": person, "status": "REJECTED", "type": "INDIVIDUAL", "updatedAt": "2026-01-01T00:00:00.000Z" });
    for (data, expected) in [
        (NxosEventData::Empty, json!({})),
        (NxosEventData::Minimal, json!({ "organizationId": person })),
        (NxosEventData::Full, full),
    ] {
        let webhook = nxos.webhook(&person, data);
        let body: serde_json::Value = serde_json::from_slice(&webhook.body).unwrap();
        let event = json!({
            "type": "organization.verification.updated",
            "timestamp": "2026-01-01T00:00:00.000Z",
            "data": expected,
        });
        assert_eq!(body, event);
        assert_eq!(webhook.header("svix-timestamp"), Some(NEW_YEAR.to_string().as_str()));
    }
    let (one, two) = (nxos.webhook(&person, NxosEventData::Full), nxos.webhook(&person, NxosEventData::Full));
    assert_ne!(one.header("svix-id"), two.header("svix-id"));
}

#[tokio::test]
async fn handles_name_what_they_do_not_know() {
    let sandbox = Sandbox::start().await.unwrap();
    let error = sandbox.nxos().set_status("org_nobody", "APPROVED").unwrap_err();
    assert_eq!(error.to_string(), "the sandbox has no organization `org_nobody`");
    assert_eq!(sandbox.nxos().status("org_nobody"), None);
}
