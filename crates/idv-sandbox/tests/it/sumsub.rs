//! The simulated Sumsub, asked over HTTP with signatures of another library.

use std::time::{Duration, UNIX_EPOCH};

use idv_sandbox::{Act, Reason, Sandbox, Sumsub, SumsubDigest};
use reqwest::Method;
use ring::hmac::{self, Algorithm};
use serde_json::{Value, json};

use crate::receiver::{Received, Receiver};
use crate::support::{Answer, HOUR, MINUTE, NEW_YEAR, ask, client, get, unix_seconds, unmoved};

const LINK: &str = "/resources/sdkIntegrations/levels/-/websdkLink";

fn digest(algorithm: Algorithm, key: &str, message: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(algorithm, key.as_bytes()), message);
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

struct World {
    sandbox: Sandbox,
}

impl World {
    async fn new() -> Self {
        let instant = UNIX_EPOCH + Duration::from_secs(NEW_YEAR);
        let builder = Sandbox::builder().seed(7).frozen_at(instant);
        Self { sandbox: builder.start().await.expect("the sandbox starts") }
    }

    fn sumsub(&self) -> &Sumsub {
        self.sandbox.sumsub()
    }

    /// A call whose signature covers `signed` at a time so many seconds off.
    async fn call_with(&self, method: &str, target: &str, body: &str, signed: &str, skew: i64) -> Answer {
        let seconds = unix_seconds(self.sandbox.now()).saturating_add_signed(skew);
        let message = format!("{seconds}{method}{signed}{body}");
        let sumsub = self.sumsub();
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = client()
            .request(method, format!("{}{target}", sumsub.base_url()))
            .header("x-app-token", sumsub.app_token())
            .header("x-app-access-ts", seconds)
            .header("x-app-access-sig", digest(hmac::HMAC_SHA256, sumsub.secret(), message.as_bytes()));
        if !body.is_empty() {
            request = request.header("content-type", "application/json").body(body.to_owned());
        }
        ask(request).await
    }

    async fn call(&self, method: &str, target: &str, body: &str) -> Answer {
        self.call_with(method, target, body, target, 0).await
    }

    async fn post(&self, target: &str, body: &Value) -> Answer {
        self.call("POST", target, &body.to_string()).await
    }

    async fn read(&self, target: &str) -> Value {
        let answer = self.call("GET", target, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// Starts with a link, and returns the id of the applicant and the URL.
    async fn start(&self, user: &str) -> (String, String) {
        let body = json!({ "levelName": "sim-kyc", "userId": user, "ttlInSecs": 600 });
        let answer = self.post(LINK, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let id = self.sumsub().applicant_id(user).expect("an applicant");
        (id, answer.json()["url"].as_str().expect("a URL").to_owned())
    }

    async fn webhooks(&self, receiver: &Receiver) -> Vec<Value> {
        self.sandbox.webhooks_settled().await;
        receiver.received().iter().map(Received::json).collect()
    }
}

#[tokio::test]
async fn requests_are_signed_over_the_target_as_sent() {
    let world = World::new().await;
    let count = "/resources/applicants/-/count";
    for (signed, skew, status) in [
        (count, 0, 200),
        (count, 60, 200),
        (count, -60, 200),
        (count, 61, 401),
        (count, -61, 401),
        ("/resources/applicants/-/count?", 0, 401),
        ("", 0, 401),
    ] {
        assert_eq!(world.call_with("GET", count, "", signed, skew).await.status, status, "{signed} {skew}");
    }
    let refused = world.call_with("GET", count, "", "", 0).await.json();
    assert_eq!((&refused["code"], &refused["errorCode"]), (&json!(401), &json!(4003)));
    assert_eq!(refused["errorName"], "app-token-signature mismatch");
    assert!(refused["correlationId"].is_string());
    let encoded = "/resources/applicants/-;externalUserId=user%207%2F%C3%A9/one?a=b%20c";
    assert_eq!(world.call("GET", encoded, "").await.status, 404);
    let other = "/resources/applicants/-;externalUserId=user+7%2F%C3%A9/one?a=b%20c";
    assert_eq!(world.call_with("GET", encoded, "", other, 0).await.status, 401);
    let unknown = world.call("GET", "/resources/nothing", "").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn an_applicant_is_created_and_resumed_under_the_external_id() {
    let world = World::new().await;
    let user = "user 7/é";
    let (id, url) = world.start(user).await;
    assert_eq!(world.start(user).await.0, id);
    let found = world.read("/resources/applicants/-;externalUserId=user%207%2F%C3%A9/one").await;
    assert_eq!((&found["id"], &found["externalUserId"]), (&json!(id), &json!(user)));
    assert_eq!(found["createdAt"], "2026-01-01 00:00:00");
    assert_eq!(found["review"]["createDate"], "2026-01-01 00:00:00+0000");
    assert_eq!(found["review"]["reviewStatus"], "init");
    assert!(found["review"].get("reviewResult").is_none() && found.get("info").is_none());
    assert!(found.get("deleted").is_none());
    assert_eq!(world.read(&format!("/resources/applicants/{id}/one")).await, found);
    let probe = "/resources/applicants/-/byExternalUserId/";
    let there = world.read(&format!("{probe}user%207%2F%C3%A9")).await;
    assert_eq!((&there["exists"], &there["applicant"]["id"]), (&json!(true), &json!(id)));
    assert_eq!(world.read(&format!("{probe}nobody")).await, json!({ "exists": false }));
    assert_eq!(world.read("/resources/applicants/-/count").await, json!({ "count": 1 }));
    assert_eq!(get(&url).await.status, 200);
    world.sandbox.advance(10 * MINUTE);
    assert_eq!(get(&url).await.status, 410);
    assert_eq!(world.sumsub().status(&id).as_deref(), Some("init"));
}

#[tokio::test]
async fn a_token_starts_too_and_a_taken_id_is_a_conflict() {
    let world = World::new().await;
    let create = "/resources/applicants?levelName=sim-kyc";
    let body =
        json!({ "externalUserId": "user-7", "fixedInfo": { "firstName": "Sam" }, "email": "s@a.test" });
    let made = world.post(create, &body).await;
    assert_eq!((made.status, &made.json()["fixedInfo"]["firstName"]), (201, &json!("Sam")));
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    let taken = world.post(create, &body).await;
    let text = format!("Applicant with external user id 'user-7' already exists: {id}");
    assert_eq!((taken.status, &taken.json()["description"]), (409, &json!(text)));
    assert!(taken.json().get("errorCode").is_none());
    let wanted = json!({ "userId": "user-7", "levelName": "sim-kyc", "ttlInSecs": 60 });
    let token = world.post("/resources/accessTokens/sdk", &wanted).await.json();
    assert_eq!(token["userId"], "user-7");
    assert!(token["token"].as_str().is_some_and(|token| token.starts_with("_act-sbx-")));
    let older = "/resources/accessTokens?userId=user-8&levelName=sim-kyb&ttlInSecs=60";
    assert_eq!(world.call("POST", older, "").await.json()["userId"], "user-8");
    let older = "/resources/sdkIntegrations/levels/sim-kyc/websdkLink?externalUserId=user-9";
    assert!(world.call("POST", older, "{}").await.json()["url"].is_string());
    assert_eq!(world.sumsub().applicants().len(), 3);
}

#[tokio::test]
async fn bad_starts_are_refused() {
    let world = World::new().await;
    let (level, user) = ("sim-kyc", "user-7");
    for (status, body) in [
        (404, json!({ "levelName": "Sim-KYC", "userId": user })),
        (400, json!({ "levelName": level })),
        (400, json!({ "userId": user })),
        (400, json!({ "levelName": level, "userId": user, "ttlInSecs": 0 })),
        (400, json!({ "levelName": level, "userId": user, "redirect": { "successUrl": "back" } })),
        (
            400,
            json!({ "levelName": level, "userId": user,
                "redirect": { "allowedQueryParams": ["a", "b", "c", "d", "e"] } }),
        ),
    ] {
        let answer = world.post(LINK, &body).await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(status)), "{body}");
    }
    assert!(world.sumsub().applicants().is_empty());
}

#[tokio::test]
async fn another_level_moves_the_applicant() {
    let world = World::new().await;
    world.sumsub().add_level("sim level+kyc", false);
    let (id, _) = world.start("user-7").await;
    world.sumsub().act(&id, &Act::Approve).expect("possible");
    world.post(LINK, &json!({ "levelName": "sim level+kyc", "userId": "user-7" })).await;
    assert_eq!(world.sumsub().level(&id).as_deref(), Some("sim level+kyc"));
    let review = world.read(&format!("/resources/applicants/{id}/status")).await;
    assert_eq!(review["reviewStatus"], "init");
    assert!(review.get("reviewResult").is_none());
}

#[tokio::test]
async fn the_hosted_page_submits_and_returns_with_a_token() {
    let world = World::new().await;
    let body = json!({ "levelName": "sim-kyc", "userId": "user-7", "redirect": {
        "successUrl": "https://app.example.test/ok?a=b", "rejectUrl": "https://app.example.test/no", "signKey": "k" } });
    let url = world.post(LINK, &body).await.json()["url"].as_str().expect("a URL").to_owned();
    let form = unmoved().post(&url).header("content-type", "application/x-www-form-urlencoded");
    let answer = ask(form.body("act=submit")).await;
    let location = answer.header("location").expect("a way back");
    assert!(location.starts_with("https://app.example.test/ok?a=b&jwt=eyJhbGciOiJIUzI1NiJ9."), "{location}");
    assert_eq!(world.sumsub().status("user-7").as_deref(), Some("pending"));
    assert!(get(&url).await.text.contains("Nothing to do"));
}

#[tokio::test]
async fn an_approved_person_is_recognized_with_the_names_that_were_stated() {
    let world = World::new().await;
    let stated = json!({ "externalUserId": "user-7", "fixedInfo": { "firstName": "Ada", "country": "GBR" } });
    world.post("/resources/applicants?levelName=sim-kyc", &stated).await;
    let one = "/resources/applicants/-;externalUserId=user-7/one";
    world.sumsub().act("user-7", &Act::Submit).expect("possible");
    assert!(world.read(one).await.get("info").is_none());
    world.sumsub().act("user-7", &Act::Approve).expect("possible");
    let info = world.read(one).await["info"].take();
    assert_eq!((&info["firstName"], &info["lastName"]), (&json!("Ada"), &json!("Simulated")));
    assert_eq!((&info["idDocs"][0]["idDocType"], &info["country"]), (&json!("PASSPORT"), &json!("GBR")));
    let reject = Act::Reject { reason: None };
    world.sumsub().act("user-7", &reject).expect("possible");
    assert!(world.read(one).await.get("info").is_none());
}

#[tokio::test]
async fn presence_and_reset_wait_for_the_vendor() {
    let world = World::new().await;
    let (id, _) = world.start("user-7").await;
    let (off, on) = (
        format!("/resources/applicants/{id}/presence/deactivated"),
        format!("/resources/applicants/{id}/presence/activated"),
    );
    let reset = format!("/resources/applicants/{id}/reset");
    world.sumsub().act(&id, &Act::Submit).expect("possible");
    assert_eq!(world.call("PATCH", &off, "").await.status, 409);
    assert_eq!(world.call("POST", &reset, "").await.status, 409);
    world.sumsub().act(&id, &Act::Approve).expect("possible");
    let answer = world.call("POST", &reset, "").await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "ok": 1 })));
    let answer = world.call("PATCH", &off, "").await;
    assert_eq!((answer.status, &answer.json()["deleted"]), (200, &json!(true)));
    let refused = world.post(LINK, &json!({ "levelName": "sim-kyc", "userId": "user-7" })).await;
    assert_eq!((refused.status, &refused.json()["errorCode"]), (409, &json!(1008)));
    let answer = world.call("PATCH", &on, "").await;
    assert_eq!((answer.status, answer.json().get("deleted")), (200, None));
    assert_eq!(world.call("PATCH", "/resources/applicants/x/presence/activated", "").await.status, 404);
}

#[tokio::test]
async fn a_test_decides_without_documents() {
    let world = World::new().await;
    let (id, _) = world.start("user-7").await;
    let target = format!("/resources/applicants/{id}/status/testCompleted");
    assert_eq!(world.post(&target, &json!({ "reviewAnswer": "YELLOW" })).await.status, 400);
    let red = json!({ "reviewAnswer": "RED", "rejectLabels": ["SPAM"] });
    assert_eq!(world.post(&target, &red).await.json(), json!({ "ok": 1 }));
    let review = world.read(&format!("/resources/applicants/{id}/status")).await;
    assert_eq!((&review["reviewStatus"], &review["reviewResult"]), (&json!("completed"), &red));
    assert_eq!(review["reviewDate"], "2026-01-01 00:00:00+0000");
    assert_eq!(review["attemptCnt"], 1);
}

#[tokio::test]
async fn webhooks_tell_each_step_and_repeat_stale_results() {
    let (world, receiver) = (World::new().await, Receiver::start([]).await);
    let sumsub = world.sumsub();
    sumsub.add_webhook_endpoint(&receiver.url).expect("loopback");
    let (id, _) = world.start("user-7").await;
    sumsub.act(&id, &Act::Submit).expect("possible");
    sumsub.act(&id, &Act::Say { word: "prechecked".to_owned() }).expect("possible");
    sumsub.act(&id, &Act::Hold).expect("possible");
    sumsub.act(&id, &Act::Approve).expect("possible");
    sumsub.act(&id, &Act::Reject { reason: Reason::new("forgery").ok() }).expect("possible");
    sumsub.act(&id, &Act::Approve).expect("possible");
    sumsub.reset(&id).expect("possible");
    sumsub.act(&id, &Act::Say { word: "awaitingUser".to_owned() }).expect("possible");
    sumsub.act(&id, &Act::Void).expect("possible");
    sumsub.send_event(&id, "applicantTagsChanged").expect("an applicant");
    let (green, red) = (json!("GREEN"), json!("RED"));
    let expected = [
        ("applicantCreated", "init", &Value::Null),
        ("applicantPending", "pending", &Value::Null),
        ("applicantPrechecked", "queued", &Value::Null),
        ("applicantOnHold", "onHold", &red),
        ("applicantReviewed", "completed", &green),
        ("applicantReviewed", "completed", &red),
        ("applicantReviewed", "completed", &green),
        ("applicantReset", "init", &green),
        ("applicantAwaitingUser", "awaitingUser", &green),
        ("applicantDeactivated", "awaitingUser", &Value::Null),
        ("applicantTagsChanged", "awaitingUser", &green),
    ];
    let bodies = world.webhooks(&receiver).await;
    let told: Vec<(&str, &str, &Value)> = bodies
        .iter()
        .map(|body| {
            let text = |name: &str| body[name].as_str().expect("a text");
            (text("type"), text("reviewStatus"), &body["reviewResult"]["reviewAnswer"])
        })
        .collect();
    assert_eq!(told, expected);
    assert_eq!(bodies[5]["reviewResult"]["reviewRejectType"], "FINAL");
    assert_eq!(bodies[5]["reviewResult"]["rejectLabels"], json!(["FORGERY"]));
    for (name, value) in [
        ("applicantId", json!(id)),
        ("externalUserId", json!("user-7")),
        ("levelName", json!("sim-kyc")),
        ("sandboxMode", json!(true)),
        ("createdAtMs", json!("2026-01-01 00:00:00.000")),
        ("clientId", json!("simclient")),
        ("applicantType", json!("individual")),
    ] {
        assert_eq!(bodies[0][name], value);
    }
}

#[tokio::test]
async fn webhooks_are_signed_with_the_configured_digest_and_repeated() {
    let (world, receiver) = (World::new().await, Receiver::start([500; 5]).await);
    let sumsub = world.sumsub();
    sumsub.add_webhook_endpoint(&receiver.url).expect("loopback");
    sumsub.set_digest(SumsubDigest::Sha1);
    world.start("user-7").await;
    world.sandbox.webhooks_settled().await;
    sumsub.set_digest(SumsubDigest::Sha512);
    world.sandbox.advance(5 * MINUTE);
    world.sandbox.webhooks_settled().await;
    sumsub.set_digest(SumsubDigest::Sha256);
    for hours in [1, 5, 18, 100] {
        world.sandbox.advance(hours * HOUR);
        world.sandbox.webhooks_settled().await;
    }
    let received = receiver.received();
    let names: Vec<_> = received.iter().filter_map(|one| one.header("x-payload-digest-alg")).collect();
    assert_eq!(
        names,
        ["HMAC_SHA1_HEX", "HMAC_SHA512_HEX", "HMAC_SHA256_HEX", "HMAC_SHA256_HEX", "HMAC_SHA256_HEX"]
    );
    for one in &received {
        let algorithm = match one.header("x-payload-digest-alg") {
            Some("HMAC_SHA1_HEX") => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Some("HMAC_SHA512_HEX") => hmac::HMAC_SHA512,
            _ => hmac::HMAC_SHA256,
        };
        let expected = digest(algorithm, &sumsub.webhook_secret(), &one.body);
        assert_eq!(one.header("x-payload-digest"), Some(expected.as_str()));
    }
}

#[tokio::test]
async fn too_many_requests_in_five_seconds_are_refused() {
    let world = World::new().await;
    for _ in 0..50 {
        assert_eq!(world.call("POST", "/resources/applicants/x/reset", "").await.status, 404);
    }
    assert_eq!(world.call("POST", "/resources/applicants/x/reset", "").await.status, 429);
    assert_eq!(world.call("GET", "/resources/applicants/-/count", "").await.status, 200);
    world.sandbox.advance(Duration::from_secs(5));
    assert_eq!(world.call("POST", "/resources/applicants/x/reset", "").await.status, 404);
}

#[tokio::test]
async fn magic_references_script_the_applicant() {
    let world = World::new().await;
    let body = json!({ "levelName": "sim-kyc", "userId": "user-7-503x1-resubmit" });
    assert_eq!(world.post(LINK, &body).await.status, 503);
    assert_eq!(world.post(LINK, &body).await.status, 200);
    let id = world.sumsub().applicant_id("user-7-503x1-resubmit").expect("an applicant");
    let target = format!("/resources/applicants/{id}/status");
    assert_eq!(world.read(&target).await["reviewStatus"], "pending");
    let review = world.read(&target).await;
    assert_eq!(review["reviewResult"]["reviewRejectType"], "RETRY");
    assert_eq!(world.post(LINK, &body).await.status, 200);
    assert_eq!(world.read(&target).await["attemptCnt"], 2);
    assert_eq!(world.read(&target).await["reviewResult"]["reviewAnswer"], "GREEN");
}

#[tokio::test]
async fn the_control_api_drives_it() {
    let world = World::new().await;
    let control = |path: &str, body: Value| {
        ask(client().post(format!("{}/sumsub{path}", world.sandbox.control_url())).json(&body))
    };
    let made = control("/applicants", json!({ "external_id": "user-7", "level": "sim-kyb" })).await;
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    let verdict = json!({ "reviewAnswer": "RED", "reviewRejectType": "external" });
    assert_eq!(control(&format!("/applicants/{id}/review"), verdict).await.status, 200);
    let acted = control("/verifications/user-7/act", json!({ "act": "require_resubmission" })).await;
    assert_eq!(acted.json()["status"], "completed RED RETRY");
    assert_eq!(control(&format!("/applicants/{id}/reset"), json!({})).await.status, 200);
    assert_eq!(world.sumsub().status(&id).as_deref(), Some("init"));
    let signed = control("/applicants/user-7/webhook", json!({ "event_type": "applicantTagsChanged" })).await;
    assert!(signed.json()["body"].as_str().is_some_and(|body| body.contains("\"reviewAnswer\":\"RED\"")));
    let sent =
        control("/applicants/user-7/events", json!({ "event_type": "applicantWorkflowCompleted" })).await;
    assert_eq!(sent.status, 200);
    assert_eq!(control("/webhook-digest", json!({ "digest": "sha1" })).await.status, 200);
    assert_eq!(control("/rate-limits", json!({ "limits": null })).await.status, 200);
    assert_eq!(control("/levels", json!({ "name": "a", "for_companies": true })).await.status, 200);
}
