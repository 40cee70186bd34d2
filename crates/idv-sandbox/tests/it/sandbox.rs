//! The parts that do not belong to one vendor.

use std::collections::HashSet;

use idv_sandbox::{CannedAnswer, Error, OrganizationType, Sandbox, SignedWebhook, Vendor};

use crate::support::{HOUR, ask, client, frozen, get, unix_seconds};

#[tokio::test]
async fn two_sandboxes_share_nothing() {
    let (one, two) = (Sandbox::start().await.unwrap(), Sandbox::start().await.unwrap());
    assert_ne!(one.nxos().base_url(), two.nxos().base_url());
    assert_ne!(one.nxos().api_key(), two.nxos().api_key());
    get(&format!("{}/v1/x", one.nxos().base_url())).await;
    assert_eq!((one.nxos().requests().len(), two.nxos().requests().len()), (1, 0));
}

#[tokio::test]
async fn the_seed_decides_keys_and_ids() {
    let start = || async { Sandbox::builder().seed(7).start().await.unwrap() };
    let (one, two) = (start().await, start().await);
    assert_eq!(one.nxos().api_key(), two.nxos().api_key());
    let add = |sandbox: &Sandbox| sandbox.nxos().add_organization(OrganizationType::Individual);
    assert_eq!(add(&one), add(&two));
    assert_ne!(add(&one), add(&one));
}

#[tokio::test]
async fn a_dropped_sandbox_stops_answering_even_on_open_connections() {
    let sandbox = Sandbox::start().await.unwrap();
    let (client, url) = (client(), format!("{}/v1/x", sandbox.nxos().base_url()));
    assert_eq!(ask(client.get(&url)).await.status, 404);
    drop(sandbox);
    for _ in 0..1000 {
        if client.get(&url).send().await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("still answering");
}

#[tokio::test]
async fn a_taken_port_is_an_error_that_names_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let port: u16 = sandbox.nxos().base_url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Sandbox::builder().vendor_port(Vendor::NXOS, port).start().await.unwrap_err();
    assert!(matches!(error, Error::Listen { port: named, .. } if named == port), "{error:?}");
}

#[tokio::test]
async fn requests_are_recorded_byte_for_byte() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/v1/a%20b?x=%2B&y", sandbox.nxos().base_url());
    let answer = ask(client().put(url).header("X-Thing", "1").body(vec![0, 255, 10])).await;
    let [request] = &sandbox.nxos().requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("PUT", "/v1/a%20b"));
    assert_eq!(request.query.as_deref(), Some("x=%2B&y"));
    assert_eq!(request.body, [0, 255, 10]);
    assert_eq!(request.header("x-THING"), Some("1"));
    assert_eq!(request.status, Some(answer.status));
    sandbox.nxos().clear_requests();
    assert!(sandbox.nxos().requests().is_empty());
}

#[tokio::test]
async fn the_oldest_records_make_room() {
    let sandbox = Sandbox::builder().recorded_requests(2).start().await.unwrap();
    for path in ["/1", "/2", "/3"] {
        get(&format!("{}{path}", sandbox.nxos().base_url())).await;
    }
    let paths: Vec<_> = sandbox.nxos().requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/2", "/3"]);
    assert_eq!(sandbox.nxos().requests()[1].status, Some(404));
}

#[tokio::test]
async fn large_bodies_make_room_sooner() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client();
    for _ in 0..65 {
        ask(client.post(sandbox.nxos().base_url()).body(vec![b'x'; 1024 * 1024])).await;
    }
    assert_eq!(sandbox.nxos().requests().len(), 64);
    assert_eq!(sandbox.nxos().requests()[63].status, Some(404));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_and_not_kept() {
    let sandbox = Sandbox::start().await.unwrap();
    let answer = ask(client().post(sandbox.nxos().base_url()).body(vec![b'x'; 1024 * 1024 + 1])).await;
    assert_eq!(answer.status, 413);
    assert_eq!(sandbox.nxos().requests()[0].body.len(), 0);
}

#[tokio::test]
async fn canned_answers_are_given_once_in_order_and_recorded() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.nxos().answer_next(CannedAnswer::text(503, "down").header("retry-after", "7"));
    sandbox.nxos().answer_next(CannedAnswer::json(200, "{"));
    let url = format!("{}/v1/organizations/verification", sandbox.nxos().base_url());
    let first = ask(client().post(&url)).await;
    assert_eq!((first.status, first.text.as_str()), (503, "down"));
    assert_eq!(first.header("retry-after"), Some("7"));
    assert_eq!(first.header("content-type"), Some("text/plain"));
    assert_eq!(get(&url).await.text, "{");
    assert_eq!(get(&url).await.status, 401);
    let statuses: Vec<_> = sandbox.nxos().requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(503), Some(200), Some(401)]);
}

#[tokio::test]
async fn an_impossible_canned_answer_says_so() {
    let sandbox = Sandbox::start().await.unwrap();
    for impossible in [CannedAnswer::json(200, "{}").header("bad name", "x"), CannedAnswer::json(100, "{}")] {
        sandbox.nxos().answer_next(impossible);
        let answer = get(sandbox.nxos().base_url()).await;
        assert_eq!((answer.status, answer.text.as_str()), (500, "The canned answer is not valid HTTP"));
    }
    sandbox.nxos().answer_next(CannedAnswer::json(499, ""));
    assert_eq!(get(sandbox.nxos().base_url()).await.status, 499);
}

#[tokio::test]
async fn the_clock_moves_without_waiting() {
    let sandbox = frozen().await;
    let before = unix_seconds(sandbox.now());
    sandbox.advance(HOUR);
    assert_eq!(unix_seconds(sandbox.now()), before + 3600);
}

#[tokio::test]
async fn a_webhook_is_delivered_as_signed_and_never_beyond_loopback() {
    let (sender, receiver) = (Sandbox::start().await.unwrap(), Sandbox::start().await.unwrap());
    let webhook =
        SignedWebhook { headers: vec![("x-one".to_owned(), "1".to_owned())], body: b"{ }".to_vec() };
    let url = format!("{}/hook?a=b", receiver.nxos().base_url());
    assert_eq!(sender.deliver(&webhook, &url).await.unwrap(), 404);
    let [request] = &receiver.nxos().requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/hook"));
    assert_eq!((request.query.as_deref(), request.text().as_str()), (Some("a=b"), "{ }"));
    assert_eq!(request.header("x-one"), Some("1"));
    let error = sender.deliver(&webhook, "http://192.0.2.1/").await.unwrap_err();
    assert!(matches!(error, Error::NotLoopback));
    let error = sender.deliver(&webhook, "http://127.0.0.1:1/").await.unwrap_err();
    assert!(matches!(error, Error::Delivery(_)), "{error:?}");
}

#[tokio::test]
async fn a_dropped_sandbox_leaves_no_task_behind_even_when_held() {
    let metrics = tokio::runtime::Handle::current().metrics();
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.nxos().hold();
    let start = client()
        .post(format!("{}/v1/organizations/verification", sandbox.nxos().base_url()))
        .bearer_auth(sandbox.nxos().api_key());
    let waiting = tokio::spawn(start.send());
    while sandbox.nxos().requests().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(sandbox);
    assert!(waiting.await.unwrap().is_err(), "the connection is closed");
    for _ in 0..10_000 {
        if metrics.num_alive_tasks() == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{} tasks are left", metrics.num_alive_tasks());
}

/// Each has six ports and a client's connection: a process may need to be allowed some 8000 open files.
#[tokio::test]
async fn a_thousand_sandboxes_live_side_by_side() {
    let http = client();
    let mut sandboxes = Vec::new();
    for number in 0..1000 {
        let started = Sandbox::builder().seed(number).start().await;
        sandboxes.push(started.expect("raise the limit of open files (ulimit -n 10000)"));
    }
    for sandbox in &sandboxes {
        let own = sandbox.nxos().own_organization();
        let request = http.post(format!("{}/v1/organizations/verification", sandbox.nxos().base_url()));
        let request = request.bearer_auth(sandbox.nxos().api_key()).header("content-length", "0");
        assert_eq!(ask(request).await.status, 200);
        assert_eq!(sandbox.nxos().status(own).as_deref(), Some("PENDING"));
    }
    // Other processes of this machine may ask at a port that was somebody else's a moment ago, though with no key of ours.
    let keys: HashSet<String> =
        sandboxes.iter().map(|sandbox| format!("Bearer {}", sandbox.nxos().api_key())).collect();
    assert_eq!(keys.len(), 1000);
    for sandbox in &sandboxes {
        let own = format!("Bearer {}", sandbox.nxos().api_key());
        let requests = sandbox.nxos().requests();
        let ours = requests.iter().filter_map(|request| request.header("authorization"));
        let ours: Vec<&str> = ours.filter(|key| keys.contains(*key)).collect();
        assert_eq!(ours, [own], "each saw its own request");
    }
}
