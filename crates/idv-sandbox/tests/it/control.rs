//! The control API does what the handles do.

use idv_sandbox::{CannedAnswer, Invites, LoaState, OrganizationType, Region, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, ask, client, frozen, get, keys};

/// A control API to talk to in short lines.
struct Control<'a>(&'a Sandbox);

impl Control<'_> {
    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = client().request(method, format!("{}{path}", self.0.control_url()));
        if let Some(body) = body {
            request = request.json(&body);
        }
        ask(request).await
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.call(Method::GET, path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.call(Method::POST, path, Some(body)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    /// A POST without a body.
    async fn poke(&self, path: &str) -> Value {
        let answer = self.call(Method::POST, path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    async fn refused(&self, path: &str, body: Value) -> (u16, String) {
        let answer = self.call(Method::POST, path, Some(body)).await;
        (answer.status, answer.json()["error"].as_str().expect("an error").to_owned())
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}"))
}

#[tokio::test]
async fn it_tells_where_the_vendors_are_and_what_opens_them() {
    let sandbox = Sandbox::start().await.unwrap();
    let control = Control(&sandbox);
    assert_eq!(control.get("/health").await, json!({ "status": "ok" }));
    let (nxos, baanx, api) = (sandbox.nxos(), sandbox.baanx(), sandbox.session_api());
    let (sumsub, veriff, stripe) = (sandbox.sumsub(), sandbox.veriff(), sandbox.stripe());
    let (persona, didit, idenfy) = (sandbox.persona(), sandbox.didit(), sandbox.idenfy());
    let (shufti, plaid) = (sandbox.shufti(), sandbox.plaid());
    let onfido = sandbox.onfido();
    let expected = json!({
        "nxos": {
            "base_url": nxos.base_url(), "api_key": nxos.api_key(), "own_organization": nxos.own_organization(),
            "webhook_secret": nxos.webhook_secret(),
        },
        "baanx": {
            "base_url": baanx.base_url(), "client_key": baanx.client_key(), "webhook_key": baanx.webhook_key(),
        },
        "session_api": {
            "base_url": api.base_url(), "api_key": api.api_key(), "sandbox_key": api.sandbox_key(),
            "webhook_secret": api.webhook_secret(),
        },
        "sumsub": {
            "base_url": sumsub.base_url(), "app_token": sumsub.app_token(), "secret": sumsub.secret(),
            "webhook_secret": sumsub.webhook_secret(),
        },
        "veriff": {
            "base_url": veriff.base_url(), "api_key": veriff.api_key(), "shared_secret": veriff.shared_secret(),
        },
        "stripe": {
            "base_url": stripe.base_url(), "secret_key": stripe.secret_key(), "restricted_key": stripe.restricted_key(),
            "webhook_secret": stripe.webhook_secret(),
        },
        "persona": {
            "base_url": persona.api_url(), "api_key": persona.api_key(), "template_id": persona.template_id(),
            "webhook_secret": persona.webhook_secret(),
        },
        "didit": {
            "base_url": didit.base_url(), "api_key": didit.api_key(), "workflow_id": didit.workflow_id(),
            "webhook_secret": didit.webhook_secret(),
        },
        "idenfy": {
            "base_url": idenfy.base_url(), "api_key": idenfy.api_key(), "api_secret": idenfy.api_secret(),
            "webhook_secret": idenfy.webhook_secret(),
        },
        "shufti": {
            "base_url": shufti.base_url(), "client_id": shufti.client_id(), "secret_key": shufti.secret_key(),
        },
        "plaid": {
            "base_url": plaid.base_url(), "client_id": plaid.client_id(), "secret": plaid.secret(),
            "template_id": plaid.template_id(),
        },
        "onfido": {
            "base_url": onfido.api_url(), "api_token": onfido.api_token(), "workflow_id": onfido.workflow_id(),
            "silent_workflow_id": onfido.silent_workflow_id(), "webhook_secret": onfido.webhook_secret(),
        },
    });
    assert!(sumsub.app_token().starts_with("sbx:"), "one of Sumsub's sandbox environment");
    assert_eq!(control.get("/vendors").await, expected);
}

#[tokio::test]
async fn it_listens_on_the_port_asked_for() {
    let free = Sandbox::start().await.unwrap();
    let port: u16 = free.control_url().rsplit(':').next().unwrap().parse().unwrap();
    drop(free);
    let mut started = Sandbox::builder().control_port(port).start().await;
    while started.is_err() {
        tokio::task::yield_now().await;
        started = Sandbox::builder().control_port(port).start().await;
    }
    assert_eq!(started.unwrap().control_url(), format!("http://127.0.0.1:{port}"));
}

#[tokio::test]
async fn it_refuses_what_makes_no_sense() {
    let sandbox = Sandbox::start().await.unwrap();
    let control = Control(&sandbox);
    let (status, error) =
        control.refused("/nxos/organizations/nobody/status", json!({ "status": "X" })).await;
    assert_eq!((status, error.as_str()), (404, "the sandbox has no organization `nobody`"));
    let (status, error) = control.refused("/baanx/users", json!({ "first_nam": "Ada" })).await;
    assert_eq!(status, 400);
    assert!(error.contains("first_nam"), "{error}");
    let (status, _) = control.refused("/nothing", json!({})).await;
    assert_eq!(status, 404);
    let user = sandbox.baanx().add_user("Ada", "Example").user_id;
    let (status, _) = control.refused(&format!("/baanx/users/{user}/submit"), json!({})).await;
    assert_eq!(status, 409);
    for path in ["/nxos/rate-limit", "/session-api/rate-limits"] {
        assert_eq!(control.refused(path, json!({})).await.0, 400, "forgetting the field lifts no limit");
    }
    let foreign = client().post(format!("{}/nxos/fail-authentication", sandbox.control_url()));
    let foreign = ask(foreign.header("content-type", "text/plain").body(r#"{"count":9}"#)).await;
    assert_eq!(foreign.status, 400, "a web page could send this");
}

#[tokio::test]
async fn it_refuses_more_than_the_sandbox_holds() {
    let sandbox = Sandbox::builder().capacity(1).start().await.unwrap();
    let control = Control(&sandbox);
    let full = (409, "the sandbox is full".to_owned());
    assert_eq!(control.refused("/baanx/client-keys", json!({})).await, full);
    control.post("/session-api/workflows", json!({ "id": "wf_1" })).await;
    assert_eq!(control.refused("/session-api/workflows", json!({})).await, full);
}

#[tokio::test]
async fn it_takes_a_thousand_canned_answers() {
    let sandbox = Sandbox::start().await.unwrap();
    let (control, canned) = (Control(&sandbox), CannedAnswer::text(503, ""));
    for _ in 1..1000 {
        sandbox.baanx().answer_next(canned.clone());
    }
    control.post("/baanx/answers", json!({ "status": 503 })).await;
    assert_eq!(control.refused("/baanx/answers", json!({ "status": 503 })).await.0, 409);
}

#[tokio::test]
async fn requests_can_be_read_cleared_and_answered_in_advance() {
    let sandbox = Sandbox::start().await.unwrap();
    let control = Control(&sandbox);
    for (name, base_url) in [
        ("nxos", sandbox.nxos().base_url()),
        ("baanx", sandbox.baanx().base_url()),
        ("session-api", sandbox.session_api().base_url()),
        ("sumsub", sandbox.sumsub().base_url()),
        ("veriff", sandbox.veriff().base_url()),
        ("stripe", sandbox.stripe().base_url()),
        ("persona", sandbox.persona().base_url()),
        ("didit", sandbox.didit().base_url()),
        ("idenfy", sandbox.idenfy().base_url()),
        ("shufti", sandbox.shufti().base_url()),
        ("plaid", sandbox.plaid().base_url()),
        ("onfido", sandbox.onfido().base_url()),
    ] {
        let canned = json!({ "status": 418, "content_type": "text/x", "headers": [["x-a", "b"]], "body": "short and stout" });
        control.post(&format!("/{name}/answers"), canned).await;
        let answer = ask(client().post(format!("{base_url}/tea?milk")).body("hi")).await;
        assert_eq!((answer.status, answer.text.as_str()), (418, "short and stout"));
        assert_eq!((answer.header("x-a"), answer.header("content-type")), (Some("b"), Some("text/x")));
        let seen = control.get(&format!("/{name}/requests")).await["requests"].take();
        let request = &seen[0];
        assert_eq!(
            (text(request, "method"), text(request, "path"), text(request, "query")),
            ("POST", "/tea", "milk")
        );
        assert_eq!((text(request, "body"), text(request, "body_base64")), ("hi", "aGk="));
        assert_eq!(request["status"], 418);
        assert!(request["headers"].as_array().unwrap().contains(&json!(["content-length", "2"])));
        control.call(Method::DELETE, &format!("/{name}/requests"), None).await;
        assert_eq!(control.get(&format!("/{name}/requests")).await, json!({ "requests": [] }));
    }
}

#[tokio::test]
async fn nxos_can_be_driven() {
    let sandbox = frozen().await;
    let (control, nxos) = (Control(&sandbox), sandbox.nxos());
    let made = control.post("/nxos/organizations", json!({ "type": "INDIVIDUAL" })).await;
    let organization = format!("/nxos/organizations/{}", text(&made, "organization_id"));
    control.post(&format!("{organization}/status"), json!({ "status": "ODD" })).await;
    assert_eq!(nxos.status(text(&made, "organization_id")).as_deref(), Some("ODD"));
    let look = control.get(&organization).await;
    assert_eq!((text(&look, "status"), &look["applicant"]), ("ODD", &Value::Null));
    control.post("/nxos/organizations", json!({ "type": "BUSINESS", "id": "org_mine" })).await;
    assert_eq!(nxos.status("org_mine").as_deref(), Some("NOT_STARTED"));

    let read = || {
        let url = format!("{}/v1/organizations/verification", nxos.base_url());
        ask(client().get(url).bearer_auth(nxos.api_key()).header("Nxos-On-Behalf-Of", "org_mine"))
    };
    control.post("/nxos/organizations/org_mine/loa", json!({ "loa": "REVOKED" })).await;
    assert_eq!(read().await.status, 403);
    nxos.set_loa("org_mine", LoaState::Active).unwrap();
    control.post("/nxos/fail-authentication", json!({ "count": 1 })).await;
    assert_eq!(read().await.status, 401);
    control.post("/nxos/rate-limit", json!({ "per_minute": 0 })).await;
    assert_eq!(read().await.status, 429);
    control.post("/nxos/rate-limit", json!({ "per_minute": null })).await;
    assert_eq!(read().await.status, 200);
    assert!(control.poke("/nxos/share-tokens").await["share_token"].is_string());
    assert_eq!(control.get("/nxos/access-tokens/none").await, json!({ "live": false }));
}

#[tokio::test]
async fn nxos_can_be_held_and_released() {
    let sandbox = Sandbox::start().await.unwrap();
    let (control, nxos) = (Control(&sandbox), sandbox.nxos());
    control.poke("/nxos/hold").await;
    let start = client().post(format!("{}/v1/organizations/verification", nxos.base_url()));
    let held = tokio::spawn(ask(start.bearer_auth(nxos.api_key())));
    while nxos.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(nxos.status(nxos.own_organization()).as_deref(), Some("NOT_STARTED"));
    assert_eq!(nxos.requests()[0].status, None);
    control.poke("/nxos/release").await;
    assert_eq!(held.await.unwrap().status, 200);
}

#[tokio::test]
async fn webhooks_are_returned_and_delivered() {
    let sandbox = Sandbox::start().await.unwrap();
    let receiver = Sandbox::start().await.unwrap();
    let control = Control(&sandbox);
    let deliver_to = format!("{}/hook", receiver.nxos().base_url());
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    for (path, mut body) in [
        (format!("/nxos/organizations/{organization}/webhook"), json!({ "data": "minimal" })),
        ("/nxos/sign".to_owned(), json!({ "body": "{}" })),
        ("/baanx/users/u1/webhook".to_owned(), json!({ "status": "failed", "failure_code": "103" })),
        ("/baanx/users/u1/legacy-webhook".to_owned(), json!({ "state": "VERIFIED" })),
        ("/baanx/sign".to_owned(), json!({ "body": "{}" })),
        ("/session-api/sessions/s1/webhook".to_owned(), json!({ "event_type": "session.created" })),
        ("/session-api/sign".to_owned(), json!({ "body": "{}" })),
    ] {
        let undelivered = control.post(&path, body.clone()).await;
        assert_eq!(keys(&undelivered), ["body", "delivered", "error", "headers"], "{path}");
        assert_eq!(undelivered["delivered"], Value::Null);
        assert!(receiver.nxos().requests().is_empty());
        body["deliver_to"] = json!(deliver_to);
        let delivered = control.post(&path, body.clone()).await;
        assert_eq!(delivered["delivered"], 404, "the status that the receiver answered");
        let [received] = &receiver.nxos().requests()[..] else { panic!("one delivery") };
        assert_eq!(received.text(), text(&delivered, "body"));
        for header in delivered["headers"].as_array().unwrap() {
            assert_eq!(received.header(header[0].as_str().unwrap()), header[1].as_str(), "{path}");
        }
        receiver.nxos().clear_requests();
        body["deliver_to"] = json!("https://example.test/");
        assert_eq!(control.refused(&path, body).await.0, 400, "loopback only");
    }
}

#[tokio::test]
async fn a_webhook_that_nobody_takes_says_why() {
    let sandbox = Sandbox::start().await.unwrap();
    let control = Control(&sandbox);
    let gone = crate::receiver::Receiver::start([]).await.url.clone();
    let sent = control.post("/baanx/sign", json!({ "body": "{}", "deliver_to": gone })).await;
    assert_eq!(sent["delivered"], json!(null));
    assert_eq!(sent["error"], "the webhook could not be delivered");
    let elsewhere = json!({ "body": "{}", "deliver_to": "http://example.test/" });
    assert_eq!(control.refused("/baanx/sign", elsewhere).await.0, 400);
}

#[tokio::test]
async fn the_clock_is_read_and_moved() {
    let sandbox = frozen().await;
    let control = Control(&sandbox);
    assert_eq!(control.get("/clock").await, json!({ "now": "2026-01-01T00:00:00.000Z" }));
    let moved = control.post("/clock/advance", json!({ "seconds": 90 })).await;
    assert_eq!(moved, json!({ "now": "2026-01-01T00:01:30.000Z" }));
    for bad in
        [json!({}), json!({ "seconds": -1 }), json!({ "seconds": 315_360_001 }), json!({ "minutes": 1 })]
    {
        assert_eq!(control.refused("/clock/advance", bad.clone()).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn acts_faults_mischief_and_receivers_are_reached_over_http() {
    let sandbox = frozen().await;
    let control = Control(&sandbox);
    let receiver = crate::receiver::Receiver::start([]).await;
    let user = control.post("/baanx/users", json!({ "first_name": "Ada", "last_name": "Sample" })).await;
    let user = text(&user, "user_id");
    control.post("/baanx/webhook-endpoints", json!({ "url": receiver.url })).await;
    control.post("/baanx/mischief", json!({ "kind": "duplicate" })).await;
    let act = json!({ "act": "reject", "reason": "document_expired" });
    let acted = control.post(&format!("/baanx/verifications/{user}/act"), act).await;
    assert_eq!(acted, json!({ "status": "REJECTED", "redirect_url": null }));
    sandbox.webhooks_settled().await;
    assert_eq!(receiver.received().len(), 2);
    let sent = control.get("/baanx/webhooks").await;
    assert_eq!(
        (&sent["webhooks"][1]["state"], &sent["webhooks"][1]["attempts"][0]["status"]),
        (&json!("delivered"), &json!(200))
    );
    let found = control.get(&format!("/baanx/verifications/{user}")).await;
    assert_eq!(found["history"][0]["what"], "rejected: document_expired");
    assert_eq!(control.get("/baanx/verifications").await["verifications"][0], found);
    let hold = control.refused(&format!("/baanx/verifications/{user}/act"), json!({ "act": "hold" })).await;
    assert_eq!(hold.0, 409);
    assert!(hold.1.contains("Baanx has no such state"), "{}", hold.1);
    let nobody = control.refused("/baanx/verifications/nobody/act", json!({ "act": "approve" })).await;
    assert_eq!(nobody.0, 404);

    let fault = json!({ "fault": { "kind": "answer", "answer": { "status": 503, "retry_after": { "seconds": 3 } } }, "operation": "check", "times": 2 });
    control.post("/nxos/faults", fault).await;
    assert_eq!(control.get("/nxos/faults").await["faults"][0]["times"], 2);
    let answer = get(&format!("{}/v1/organizations/verification", sandbox.nxos().base_url())).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("3")));
    let answer = control.call(Method::DELETE, "/nxos/faults", None).await;
    assert_eq!((answer.status, control.get("/nxos/faults").await), (200, json!({ "faults": [] })));
    for bad in [
        json!({ "fault": { "kind": "nonsense" } }),
        json!({ "fault": { "kind": "lost_answer" }, "operation": "dance" }),
    ] {
        assert_eq!(control.refused("/nxos/faults", bad.clone()).await.0, 400, "{bad}");
    }
    control.post("/session-api/fault-mix", json!({ "mix": { "seed": 7, "per_mille": 10 } })).await;
    control.post("/session-api/fault-mix", json!({ "mix": null })).await;
    assert_eq!(control.refused("/session-api/fault-mix", json!({})).await.0, 400, "forgetting is not ending");
    let fresh = control.poke("/nxos/webhook-secret/rotate").await;
    assert_eq!(text(&fresh, "secret"), sandbox.nxos().webhook_secret());
}

#[tokio::test]
async fn the_document_names_every_route_once() {
    let sandbox = frozen().await;
    let control = Control(&sandbox);
    let document = control.get("/openapi.json").await;
    assert_eq!(document, serde_json::from_str::<Value>(&idv_sandbox::control::openapi()).unwrap());
    let mut names = std::collections::BTreeSet::new();
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["responses"]["200"].is_object(), "{method} {path}");
            names.insert(format!("{} {}", operation["tags"][0], operation["operationId"]));
        }
    }
    assert_eq!(names.len(), operations, "operation ids are unique within a tag: {names:?}");
    assert!(operations > 50, "{operations}");
}

#[tokio::test]
async fn a_page_of_another_host_is_kept_out() {
    let sandbox = frozen().await;
    for (host, status) in
        [("evil.example.test", 403), ("127.0.0.1.evil.test:80", 403), ("localhost:1", 200), ("[::1]", 200)]
    {
        let request = client().get(format!("{}/health", sandbox.control_url())).header("host", host);
        assert_eq!(ask(request).await.status, status, "{host}");
    }
    let form = client().post(format!("{}/clock/advance", sandbox.control_url())).body(r#"{"seconds":60}"#);
    assert_eq!(ask(form).await.status, 400, "a form cannot move the clock");
}

#[tokio::test]
async fn a_page_of_elsewhere_cannot_post_even_without_a_body() {
    let sandbox = frozen().await;
    let secret = sandbox.nxos().webhook_secret();
    let url = format!("{}/nxos/webhook-secret/rotate", sandbox.control_url());
    for origin in ["https://evil.example.test", "http://127.0.0.1.evil.test", "null"] {
        assert_eq!(ask(client().post(&url).header("origin", origin)).await.status, 403, "{origin}");
    }
    assert_eq!(sandbox.nxos().webhook_secret(), secret);
    for origin in ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"] {
        assert_eq!(ask(client().post(&url).header("origin", origin)).await.status, 200, "{origin}");
    }
    assert_ne!(sandbox.nxos().webhook_secret(), secret);
}

#[tokio::test]
async fn baanx_can_be_driven() {
    let sandbox = Sandbox::start().await.unwrap();
    let (control, baanx) = (Control(&sandbox), sandbox.baanx());
    let names = json!({ "first_name": "Test", "last_name": "Rejected" });
    let user = control.post("/baanx/users", names.clone()).await;
    assert_eq!(keys(&user), ["first_name", "last_name", "region", "token", "user_id"]);
    let path = format!("/baanx/users/{}", text(&user, "user_id"));
    let start = |token: &str| {
        let request = client().get(format!("{}/v1/user/verification", baanx.base_url()));
        ask(request.header("x-client-key", baanx.client_key()).bearer_auth(token))
    };
    assert_eq!(start(text(&user, "token")).await.status, 200);
    assert_eq!(control.poke(&format!("{path}/submit")).await, json!({ "state": "REJECTED" }));
    control.post(&format!("{path}/state"), json!({ "state": "ODD" })).await;
    assert_eq!(control.get(&path).await, json!({ "state": "ODD" }));
    let token = control.poke(&format!("{path}/token")).await;
    let url = text(&start(text(&token, "token")).await.json(), "sessionUrl").to_owned();
    control.poke(&format!("{path}/abandon")).await;
    assert_eq!(get(&url).await.status, 410);
    control.post(&format!("{path}/external-id"), json!({ "external_id": "ref" })).await;
    let event = control.post(&format!("{path}/webhook"), json!({ "status": "completed" })).await;
    assert!(text(&event, "body").contains(r#""user_external_id":"ref""#));
    control.poke(&format!("{path}/suspend")).await;
    assert_eq!(start(text(&user, "token")).await.status, 403);

    let american =
        control.post("/baanx/users", json!({ "first_name": "A", "last_name": "B", "region": "us" })).await;
    assert!(text(&american, "token").starts_with("US_"));
    let made = control.post("/baanx/onboardings", json!({ "region": "us" })).await;
    let id = text(&made, "onboarding_id");
    assert_eq!(baanx.onboarding_user(id).as_deref(), Some(text(&made, "user_id")));
    let done = control.post(&format!("/baanx/onboardings/{id}/complete"), names.clone()).await;
    assert_eq!((text(&done, "user_id"), text(&done, "region")), (text(&made, "user_id"), "us"));
    assert_eq!(control.refused(&format!("/baanx/onboardings/{id}/complete"), names).await.0, 404);
    assert_ne!(text(&control.poke("/baanx/client-keys").await, "client_key"), baanx.client_key());
    let key = control.poke("/baanx/webhook-key/rotate").await;
    assert_eq!(text(&key, "webhook_key"), baanx.webhook_key());
    let named = json!({ "id": "100a99cf-f4d3-4fa1-9be9-2e9828b20ebb" });
    control.post("/baanx/onboardings", named).await;
    assert!(baanx.onboarding_user("100a99cf-f4d3-4fa1-9be9-2e9828b20ebb").is_some());
    assert_eq!(serde_json::to_value(Region::International).unwrap(), "international");
}

#[tokio::test]
async fn the_session_api_can_be_driven() {
    let sandbox = frozen().await;
    let (control, api) = (Control(&sandbox), sandbox.session_api());
    let workflow = control.post("/session-api/workflows", json!({})).await;
    control.post("/session-api/settings", json!({ "loopback_redirects": true, "id_field": "idv_id" })).await;
    let create = || {
        let body = json!({
            "first_name": "Ada", "last_name": "Example", "email": "ada@example.test", "phone": "+15192223333",
            "send_phone_invite": false, "workflow_id": text(&workflow, "workflow_id"),
            "redirect_url": "http://127.0.0.1/back",
        });
        ask(client()
            .post(format!("{}/v1/sessions", api.base_url()))
            .header("x-api-key", api.api_key())
            .json(&body))
    };
    let id = text(&create().await.json(), "idv_id").to_owned();
    assert_eq!(api.invites(&id), Some(Invites { email: true, phone: false }));
    let path = format!("/session-api/sessions/{id}");
    control.post(&format!("{path}/status"), json!({ "status": "ODD" })).await;
    let session = json!({ "id": id, "status": "ODD", "invites": { "email": true, "phone": false } });
    assert_eq!(control.get(&path).await, session);
    assert_eq!(control.get("/session-api/sessions").await, json!({ "sessions": [session] }));
    control.post(&format!("{path}/progress"), json!({ "progress": "HALFWAY" })).await;
    let event = control.post(&format!("{path}/webhook"), json!({ "event_type": "session.created" })).await;
    assert!(text(&event, "body").contains("HALFWAY"));
    let back = json!({ "status": "failed", "reason": "unknown" });
    let back = control.post(&format!("{path}/redirect-url"), back).await;
    let expected = format!("http://127.0.0.1/back?session_id={id}&status=failed&reason=unknown");
    assert_eq!(text(&back, "redirect_url"), expected);

    control.post("/session-api/balance", json!({ "tokens": 0 })).await;
    assert_eq!(control.get("/session-api/balance").await, json!({ "tokens": 0 }));
    assert_eq!(create().await.status, 402);
    let limits = json!({ "limits": { "per_second": 1, "burst": 0, "per_day": 9 } });
    control.post("/session-api/rate-limits", limits).await;
    assert_eq!(create().await.status, 429);
    control.post("/session-api/rate-limits", json!({ "limits": null })).await;
    assert_eq!(create().await.status, 402);
    let foreign = control.poke("/session-api/foreign-sessions").await;
    assert_eq!(api.status(text(&foreign, "id")).as_deref(), Some("PENDING"));
    control.post("/session-api/settings", json!({ "spelling": "camel" })).await;
    let read =
        client().get(format!("{}/v1/sessions/{id}", api.base_url())).header("x-api-key", api.api_key());
    assert!(ask(read).await.json()["sessionRecord"].is_object());
}
