//! Hosted pages and the operator's page, without a browser.

use idv_sandbox::{Act, OrganizationType, Reason, Sandbox};
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::support::{Answer, DAY, MINUTE, ask, client, frozen, unmoved};

async fn open(url: &str) -> Answer {
    ask(unmoved().get(url)).await
}

async fn press(url: &str, form: &str) -> Answer {
    let request = unmoved().post(url).header("content-type", "application/x-www-form-urlencoded");
    ask(request.body(form.to_owned())).await
}

/// A session of the session API: its id and its page.
async fn session(sandbox: &Sandbox, redirect_url: Option<&str>, external_id: &str) -> (String, String) {
    let api = sandbox.session_api();
    let mut body = json!({
        "first_name": "Ada", "last_name": "Sample", "email": "ada@example.test", "phone": "+15192223333",
        "external_id": external_id,
    });
    if let Some(url) = redirect_url {
        body["redirect_url"] = json!(url);
    }
    let request = client().post(format!("{}/v1/sessions", api.base_url())).header("x-api-key", api.api_key());
    let answer = ask(request.json(&body)).await.json();
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    (text("id"), text("session_url"))
}

#[tokio::test]
async fn a_page_says_that_it_is_a_simulation_and_keeps_its_distance() {
    let sandbox = frozen().await;
    let (_, page) = session(&sandbox, None, "<script>alert(1)</script>").await;
    let answer = open(&page).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(answer.text.contains("This is a simulation."), "{}", answer.text);
    assert!(answer.text.contains("<html lang=\"en\">") && answer.text.matches("<h1").count() == 1);
    assert!(!answer.text.contains("<script>alert"), "what the application sent is escaped");
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    assert_eq!(open(&format!("{}/assets/style.css", sandbox.session_api().base_url())).await.status, 200);
}

/// The values of an attribute, wherever it stands.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    page.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The tags of this name, up to their `>`.
fn tags<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name} ");
    page.split(&start).skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

#[tokio::test]
async fn every_page_can_be_used_with_a_screen_reader_and_framed_by_nobody() {
    let sandbox = frozen().await;
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    let (hosted, _) = nxos_start(&sandbox, &organization).await;
    let embed = format!("{}/embed", sandbox.nxos().base_url());
    let dead = format!("{}/l/nothing", sandbox.nxos().base_url());
    for url in [hosted, embed, dead, format!("{}/", sandbox.control_url())] {
        let answer = open(&url).await;
        let page = answer.text.as_str();
        assert!(page.contains("<html lang=\"en\">") && page.contains("<title>"), "{url}");
        for once in ["<h1 ", "<main", "<header "] {
            assert_eq!(page.matches(once).count(), 1, "{url}: {once}");
        }
        let ids = values(page, "id");
        for (place, id) in ids.iter().enumerate() {
            assert!(!ids[..place].contains(id), "{url}: {id} is there twice");
        }
        for control in ["select", "input"].iter().flat_map(|name| tags(page, name)) {
            let id = control.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert!(page.contains(&format!("<label for=\"{id}\">")), "{url}: {id} has a label");
        }
        for id in [values(page, "aria-labelledby"), values(page, "for")].concat() {
            assert!(ids.contains(&id), "{url}: {id} names nothing");
        }
        assert!(
            !page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="),
            "{url}"
        );
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{url}: {policy}");
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{url}: {name}");
        }
    }
}

#[tokio::test]
async fn the_session_api_sends_the_browser_back_with_the_documented_parameters() {
    let sandbox = frozen().await;
    for (form, status, query) in [
        ("act=submit", "SUBMITTED", "status=success"),
        ("act=fail&reason=document_unreadable", "REJECTED", "status=failed&reason=document_unreadable"),
        ("act=fail&reason=session_expired", "EXPIRED", "status=failed&reason=session_expired"),
        ("act=fail&reason=internal_error", "FAILED", "status=failed&reason=internal_error"),
        ("act=leave", "PENDING", "status=abandoned&reason=user_cancelled"),
    ] {
        let (id, page) = session(&sandbox, Some("https://app.example.test/back?a=b"), "case-7").await;
        assert_eq!(open(&page).await.status, 200);
        let back = press(&page, form).await;
        let expected = format!("https://app.example.test/back?a=b&session_id={id}&{query}");
        assert_eq!((back.status, back.header("location")), (303, Some(expected.as_str())), "{form}");
        assert_eq!(sandbox.session_api().status(&id).as_deref(), Some(status), "{form}");
        let again = open(&page).await.status;
        assert_eq!(again, if form == "act=leave" { 200 } else { 410 }, "{form}");
    }
}

#[tokio::test]
async fn opening_the_page_starts_the_applicants_progress_and_leaves_a_script_alone() {
    let sandbox = frozen().await;
    let (id, page) = session(&sandbox, None, "case-approve").await;
    open(&page).await;
    let seen = sandbox.session_api().verification(&id).unwrap();
    assert_eq!((seen.status.as_str(), seen.progress.as_deref()), ("PENDING", Some("STARTED")));
    assert_eq!(seen.history.last().unwrap().what, "opened the hosted page");
    sandbox.advance(MINUTE);
    assert_eq!(sandbox.session_api().status(&id).as_deref(), Some("VERIFIED"));
}

#[tokio::test]
async fn without_a_redirect_the_page_says_that_the_window_may_be_closed() {
    let sandbox = frozen().await;
    let (_, page) = session(&sandbox, None, "case-7").await;
    let back = press(&page, "act=submit").await;
    assert_eq!((back.status, back.header("location")), (303, Some("/done")));
    let done = open(&format!("{}/done", sandbox.session_api().base_url())).await;
    assert!(done.text.contains("You can close this window"), "{}", done.text);
}

#[tokio::test]
async fn nonsense_on_a_page_changes_nothing() {
    let sandbox = frozen().await;
    let (id, page) = session(&sandbox, None, "case-7").await;
    for form in ["act=approve", "act=fail", "act=fail&reason=No+word", "act="] {
        assert_eq!(press(&page, form).await.status, 400, "{form}");
    }
    let plain = ask(unmoved().post(&page).header("content-type", "text/plain").body("act=submit")).await;
    assert_eq!((plain.status, plain.header("content-type")), (400, Some("text/html; charset=utf-8")));
    assert_eq!(sandbox.session_api().status(&id).as_deref(), Some("PENDING"));
    for nothing in ["nothing", "%ff"] {
        let answer = open(&format!("{}/l/{nothing}", sandbox.session_api().base_url())).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/html; charset=utf-8")));
        assert!(answer.text.contains("No such link"), "{nothing}");
    }
}

#[tokio::test]
async fn a_closed_link_says_whether_it_was_used_up_or_has_expired() {
    let sandbox = frozen().await;
    let (used, expired) = ("This link was used up", "This link has expired");
    let says = async |page: &str, text: &str| {
        for answer in [open(page).await, press(page, "act=submit").await, press(page, "nonsense").await] {
            assert!(answer.status == 410 && answer.text.contains(text), "{text}: {}", answer.text);
        }
    };
    let (_, page) = session(&sandbox, None, "case-7").await;
    press(&page, "act=submit").await;
    says(&page, used).await;
    let (_, page) = session(&sandbox, None, "case-8").await;
    press(&page, "act=fail&reason=session_expired").await;
    says(&page, expired).await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let page = baanx_page(&sandbox, &user.token).await;
    press(&page, "act=leave").await;
    says(&page, used).await;
    let page = baanx_page(&sandbox, &user.token).await;
    sandbox.baanx().act(&user.user_id, &Act::Expire).unwrap();
    says(&page, expired).await;
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    let (page, _) = nxos_start(&sandbox, &organization).await;
    sandbox.advance(30 * MINUTE);
    says(&page, expired).await;
}

#[tokio::test]
async fn baanx_offers_every_reason_that_has_a_code() {
    let sandbox = frozen().await;
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let page = open(&baanx_page(&sandbox, &user.token).await).await.text;
    for word in Reason::words() {
        assert!(page.contains(&format!("<option value=\"{word}\">")), "{word}");
    }
}

async fn baanx_page(sandbox: &Sandbox, token: &str) -> String {
    let request = client().get(format!("{}/v1/user/verification", sandbox.baanx().base_url()));
    let request = request.header("x-client-key", sandbox.baanx().client_key()).bearer_auth(token);
    ask(request).await.json()["sessionUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_baanx_user_link_works_once_and_returns_to_the_configured_address() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let user = baanx.add_user("Ada", "Sample");
    baanx.set_return_url(Some("http://127.0.0.1:9/back".parse().unwrap()));
    let page = baanx_page(&sandbox, &user.token).await;
    assert!(open(&page).await.text.contains("This link works once"));
    assert_eq!(baanx.state(&user.user_id).as_deref(), Some("UNVERIFIED"), "opening changes nothing");
    let back = press(&page, "act=leave").await;
    assert_eq!((back.status, back.header("location")), (303, Some("http://127.0.0.1:9/back")));
    assert_eq!(open(&page).await.status, 410);
    let page = baanx_page(&sandbox, &user.token).await;
    press(&page, "act=fail&reason=face_mismatch").await;
    assert_eq!(baanx.state(&user.user_id).as_deref(), Some("REJECTED"));
    let page = baanx_page(&sandbox, &user.token).await;
    sandbox.advance(DAY);
    assert_eq!(open(&page).await.status, 410, "a link lives 24 hours");
}

#[tokio::test]
async fn a_registration_link_can_be_left_and_used_again() {
    let sandbox = frozen().await;
    let baanx = sandbox.baanx();
    let id = baanx.add_onboarding();
    let request = client().post(format!("{}/v1/auth/register/verification", baanx.base_url()));
    let request = request.header("x-client-key", baanx.client_key()).json(&json!({ "onboardingId": id }));
    let page = ask(request).await.json()["sessionUrl"].as_str().unwrap().to_owned();
    assert_eq!(press(&page, "act=leave").await.status, 303);
    assert_eq!(open(&page).await.status, 200);
    press(&page, "act=submit").await;
    assert_eq!((baanx.state(&id).as_deref(), open(&page).await.status), (Some("PENDING"), 410));
}

/// Starts at nxos for an organization: the page and the access token.
async fn nxos_start(sandbox: &Sandbox, organization: &str) -> (String, String) {
    let request = client().post(format!("{}/v1/organizations/verification", sandbox.nxos().base_url()));
    let request = request.bearer_auth(sandbox.nxos().api_key()).header("nxos-on-behalf-of", organization);
    let answer = ask(request.header("content-length", "0")).await.json();
    (answer["url"].as_str().unwrap().to_owned(), answer["accessToken"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_failed_try_at_nxos_asks_for_resubmission_and_the_next_start_resumes() {
    let sandbox = frozen().await;
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    let (page, _) = nxos_start(&sandbox, &organization).await;
    assert!(open(&page).await.text.contains("Try the embedded flow"));
    assert_eq!(press(&page, "act=fail&reason=document_unreadable").await.status, 303);
    assert_eq!(sandbox.nxos().status(&organization).as_deref(), Some("RESUBMISSION_REQUIRED"));
    assert!(open(&page).await.text.contains("Nothing is asked of you"));
    let (page, _) = nxos_start(&sandbox, &organization).await;
    assert_eq!(press(&page, "act=submit").await.status, 303);
    assert_eq!(sandbox.nxos().status(&organization).as_deref(), Some("PENDING"));
    assert!(
        open(&page).await.text.contains("Nothing is asked of you"),
        "what was submitted is being reviewed"
    );
    sandbox.advance(30 * MINUTE);
    assert_eq!(open(&page).await.status, 410);
}

async fn sdk(sandbox: &Sandbox, post: bool, path: &str, token: &str) -> Answer {
    let url = format!("{}/sdk/{path}", sandbox.nxos().base_url());
    let request = if post { client().post(url) } else { client().get(url) };
    ask(request.bearer_auth(token).header("origin", "http://localhost:3000")).await
}

#[tokio::test]
async fn the_embedded_flow_goes_on_where_it_was_with_a_fresh_token() {
    let sandbox = frozen().await;
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    let (_, token) = nxos_start(&sandbox, &organization).await;
    let answer = sdk(&sandbox, true, "steps/document", &token).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("http://localhost:3000"));
    sandbox.advance(30 * MINUTE);
    assert_eq!(sdk(&sandbox, true, "steps/selfie", &token).await.status, 401);
    let url = format!("{}/embed/token", sandbox.nxos().base_url());
    let fresh = ask(client().post(&url).json(&json!({ "token": token }))).await.json();
    let fresh = fresh["token"].as_str().unwrap();
    let steps = sdk(&sandbox, false, "applicant", fresh).await.json();
    let done: Vec<&Value> = steps["steps"].as_array().unwrap().iter().map(|step| &step["done"]).collect();
    assert_eq!(done, [true, false], "what was done stays done");
    sdk(&sandbox, true, "steps/selfie", fresh).await;
    assert_eq!(sdk(&sandbox, true, "submit", fresh).await.json()["open"], false);
    let history = sandbox.nxos().verification(&organization).unwrap().history;
    assert_eq!(history.last().unwrap().what, "submitted");
    assert_eq!(ask(client().post(&url).json(&json!({ "token": "nonsense" }))).await.status, 404);
}

#[tokio::test]
async fn a_correction_reopens_the_last_step_alone() {
    let sandbox = frozen().await;
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    let (_, token) = nxos_start(&sandbox, &organization).await;
    for step in ["steps/document", "steps/selfie", "submit"] {
        assert_eq!(sdk(&sandbox, true, step, &token).await.status, 200, "{step}");
    }
    assert_eq!(sdk(&sandbox, true, "submit", &token).await.status, 409, "once is enough");
    sandbox.nxos().act(&organization, &Act::RequireResubmission).unwrap();
    let (_, token) = nxos_start(&sandbox, &organization).await;
    let applicant = sdk(&sandbox, false, "applicant", &token).await.json();
    let done: Vec<&Value> = applicant["steps"].as_array().unwrap().iter().map(|step| &step["done"]).collect();
    assert_eq!((done, &applicant["open"]), (vec![&json!(true), &json!(false)], &json!(true)));
}

#[tokio::test]
async fn what_expires_by_hand_closes_page_and_token() {
    let sandbox = frozen().await;
    let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
    let (page, token) = nxos_start(&sandbox, &organization).await;
    sandbox.nxos().act(&organization, &Act::Expire).unwrap();
    assert_eq!((open(&page).await.status, sandbox.nxos().access_token_is_live(&token)), (410, false));
    assert_eq!(
        sandbox.nxos().status(&organization).as_deref(),
        Some("PENDING"),
        "the verification itself goes on"
    );
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let page = baanx_page(&sandbox, &user.token).await;
    sandbox.baanx().act(&user.user_id, &Act::Expire).unwrap();
    assert_eq!(open(&page).await.status, 410);
}

#[tokio::test]
async fn the_script_is_shared_with_pages_of_this_machine_only() {
    let sandbox = frozen().await;
    let url = format!("{}/idensic/static/sns-websdk-builder.js", sandbox.nxos().base_url());
    for (origin, allowed) in
        [("http://127.0.0.1:3000", true), ("https://evil.example.test", false), ("null", false)]
    {
        let answer = ask(client().get(&url).header("origin", origin)).await;
        assert_eq!(answer.header("access-control-allow-origin").is_some(), allowed, "{origin}");
        assert!(answer.text.contains("snsWebSdk"));
    }
}

#[tokio::test]
async fn the_operators_page_is_there_and_its_overview_tells_everything() {
    let (sandbox, receiver) = (frozen().await, Receiver::start([500]).await);
    let page = open(&format!("{}/", sandbox.control_url())).await;
    assert!(
        page.text.contains("<h1 id=\"title\">Sandbox</h1>") && page.text.contains("This is a simulation.")
    );
    assert_eq!(open(&format!("{}/assets/operator.js", sandbox.control_url())).await.status, 200);
    sandbox.session_api().add_webhook_endpoint(&receiver.url).unwrap();
    let (id, hosted) = session(&sandbox, None, "case-7").await;
    sandbox.session_api().act(&id, &Act::Open).unwrap();
    sandbox.webhooks_settled().await;
    let overview = open(&format!("{}/overview", sandbox.control_url())).await.json();
    assert_eq!(overview["clock"]["now"], "2026-01-01T00:00:00.000Z");
    let vendor = &overview["vendors"][2];
    let shown = &vendor["verifications"][0];
    assert_eq!(
        (&shown["id"], &shown["status"], &shown["progress"]),
        (&json!(id), &json!("PENDING"), &json!("STARTED"))
    );
    assert_eq!(shown["open_pages"], json!([hosted]));
    assert_eq!(
        shown["acts"],
        json!(["open", "submit", "fail", "leave", "expire", "approve", "reject", "void", "say"])
    );
    let sent = &vendor["webhooks"][0];
    assert_eq!(
        (&sent["event_type"], &sent["attempts"][0]["status"]),
        (&json!("session.created"), &json!(500))
    );
    assert_eq!(sent["next_attempt_at"], "2026-01-01T00:00:10.000Z");
    assert_eq!(vendor["requests"][0]["path"], "/v1/sessions");
}

#[tokio::test]
async fn the_operators_page_hears_of_changes() {
    let sandbox = frozen().await;
    let mut events = client().get(format!("{}/events", sandbox.control_url())).send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let first = events.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: change"), "{first:?}");
    let own = sandbox.nxos().own_organization().to_owned();
    sandbox.nxos().act(&own, &Act::Approve).unwrap();
    let second = events.chunk().await.unwrap().unwrap();
    assert!(second.starts_with(b"event: change") && second != first, "{second:?}");
}
