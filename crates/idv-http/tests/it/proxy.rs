//! A proxy is used where it is configured, and only there.

use std::process::Command;

use idv_core::{Error, HttpOptions};
use idv_http::ReplaySafety;
use idv_tests::{BadServer, Step, assert_clean};
use secrecy::SecretString;
use serde_json::Value;

use crate::support::{ROWS, assert_stands_alone, axes, build, client, client_with, failure, printed, start};

const VENDOR: &str = "IDV_TEST_VENDOR";
const PASSWORD: &str = "canary-proxy-password";

fn through(proxy: &str) -> HttpOptions {
    let mut http = HttpOptions::default();
    http.proxy = Some(SecretString::from(proxy));
    http
}

/// Runs itself once more, in a process whose environment names a proxy in every way there is.
#[tokio::test]
async fn the_environment_names_no_proxy() {
    if let Ok(vendor) = std::env::var(VENDOR) {
        client(&vendor).send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap();
        return;
    }
    let vendor = BadServer::always([Step::Read, Step::answer(200, &[], "{}")]).await;
    let proxy = BadServer::always([Step::Read, Step::answer(200, &[], "{}")]).await;
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "proxy::the_environment_names_no_proxy"]).env(VENDOR, vendor.base_url());
    command.env_remove("NO_PROXY").env_remove("no_proxy").env_remove("REQUEST_METHOD");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, proxy.base_url());
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(vendor.connections().len(), 1, "the vendor was asked");
    assert!(proxy.connections().is_empty(), "the proxy was asked");
}

#[tokio::test]
async fn a_configured_proxy_is_used() {
    let proxy = BadServer::always([Step::Read, Step::answer(200, &[], "{}")]).await;
    let address = proxy.base_url().replace("http://", &format!("http://user:{PASSWORD}@"));
    let client = client_with("http://localhost:9/vendor", through(&address));
    client.send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap();
    let seen = proxy.finished(1).await[0].text();
    assert!(seen.starts_with("POST http://localhost:9/vendor/v1/sessions HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains("proxy-authorization: Basic dXNlcjpjYW5hcnktcHJveHktcGFzc3dvcmQ="), "{seen}");
    assert_clean(&format!("{client:?} {client:#?}"), &[PASSWORD, "dXNlcjpjYW5hcnktcHJveHktcGFzc3dvcmQ="]);
}

/// What a client says that asks for the vendor through a proxy that does this.
async fn tunnelled(script: impl IntoIterator<Item = Step>) -> Error {
    let proxy = BadServer::always(script).await;
    let address = proxy.base_url().replace("http://", &format!("http://user:{PASSWORD}@"));
    let error =
        failure(&client_with("https://vendor.example", through(&address)), ReplaySafety::SingleUse).await;
    let seen = proxy.finished(1).await[0].text();
    assert!(seen.starts_with("CONNECT vendor.example:443 HTTP/1.1\r\n"), "{seen}");
    assert_clean(&printed(&error), &[PASSWORD, "canary-proxy-page"]);
    assert_stands_alone(&error, &address);
    error
}

/// A tunnel that was never opened: the vendor cannot have seen anything, and it is not the vendor that is named.
#[tokio::test]
async fn a_proxy_that_opens_no_tunnel_sends_nothing_and_is_named() {
    let page = |status| Step::answer(status, &[], "canary-proxy-page");
    let refused = "the proxy refused to connect to the vendor";
    let ended = "the proxy ended the connection instead of connecting to the vendor";
    for (answer, message) in [
        (page(403), refused),
        (page(502), refused),
        (Step::Send(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()), refused),
        (Step::Close, ended),
        (Step::Reset, ended),
    ] {
        let what = format!("{answer:?}");
        let error = tunnelled([Step::Read, answer, Step::Close]).await;
        assert_eq!(axes(&error), ("connection", "not_sent", "allowed"), "{what}: {error}");
        assert!(error.message().starts_with(message), "{what}: {error}");
    }
}

/// That is our own configuration, and no repetition changes it.
#[tokio::test]
async fn a_proxy_that_asks_for_a_password_is_named_and_not_asked_again() {
    const MESSAGE: &str =
        "the proxy refuses the request: it asks for a name and a password, or for others than it was given";
    let error = tunnelled([Step::Read, Step::answer(407, &[], "canary-proxy-page")]).await;
    assert_eq!(axes(&error), ("connection", "not_sent", "never"), "{error}");
    assert_eq!((error.message(), error.http_status()), (MESSAGE, Some(407)));
    for body in ["", r#"{"code":"some_code"}"#, "<html>canary-proxy-page</html>"] {
        let proxy = BadServer::always([Step::Read, Step::answer(407, &[], body)]).await;
        for (repeat, _) in ROWS {
            let client = client_with("http://localhost:9/vendor", through(proxy.base_url()));
            let error = failure(&client, repeat).await;
            assert_eq!(axes(&error), ("connection", "not_sent", "never"), "{error}");
            assert_eq!((error.message(), error.http_status()), (MESSAGE, Some(407)));
            assert_eq!(error.credential(), None);
            assert_clean(&printed(&error), &["canary-proxy-page"]);
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = format!("http://{}", socket.local_addr().unwrap());
    let error =
        failure(&client_with("https://vendor.example", through(&address)), ReplaySafety::SingleUse).await;
    assert_eq!(axes(&error), ("connection", "not_sent", "allowed"));
    assert_eq!(error.message(), "no connection to the proxy: connection refused");
    assert_stands_alone(&error, &address);
}

#[test]
fn a_client_does_not_say_which_proxy_it_uses() {
    let client =
        client_with("https://vendor.example", through("http://user:canary-password@canary-proxy.example:1"));
    let shown = format!("{client:?} {client:#?}");
    assert!(shown.contains("https://vendor.example"), "{shown}");
    assert_clean(&shown, &["canary-password", "canary-proxy"]);
}

#[test]
fn a_proxy_that_is_no_url_is_refused_without_an_echo() {
    static RULES: idv_http::ErrorRules = idv_http::ErrorRules::new();
    for bad in [
        "",
        "canary proxy",
        "http://",
        "http://[canary",
        "ftp://canary.example:21",
        "socks5://canary.example:1080",
    ] {
        let refused = build("https://vendor.example", through(bad), &RULES).unwrap_err();
        assert!(refused.contains("proxy") && !refused.contains("canary"), "{bad}: {refused}");
    }
}
