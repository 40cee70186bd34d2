//! Authorization: signatures over what is sent, tokens that are kept, and answers that are signed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use idv_core::{CredentialOwner, Error, ErrorKind, Operation, Result};
use idv_http::{
    AccessGrant, Authorize, CachedToken, Call, ClientCredentials, FixedHeader, JsonClient, Outgoing,
    ReplaySafety, SignedAnswer, TokenSource, VerifyAnswer, invalid_response,
};
use idv_tests::{BadServer, Step, assert_clean};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::time::advance;

use crate::support::{NOW, axes, client, start};

const SEEN: HeaderName = HeaderName::from_static("x-seen");
const SIGNATURE: HeaderName = HeaderName::from_static("x-signature");

/// Puts everything that it sees into a header.
#[derive(Debug)]
struct Seen;

#[async_trait]
impl Authorize for Seen {
    async fn authorize(&self, request: &Outgoing<'_>) -> Result<HeaderMap> {
        let body = String::from_utf8_lossy(request.body);
        let text = request.signed_text.unwrap_or("-");
        let seen =
            format!("{} {} [{body}] {text} {}", request.method, request.target, request.now.unix_seconds());
        Ok([(SEEN, HeaderValue::try_from(seen).unwrap())].into_iter().collect())
    }

    fn refused(&self) {}
}

/// The first line, the body and a header of what a server got.
async fn sent(
    client: JsonClient,
    server: &BadServer,
    call: Call<'_>,
    header: &str,
) -> (String, String, String) {
    client.send::<Value>(call).await.unwrap();
    let text = server.finished(1).await[0].text();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let start = format!("{header}: ");
    let value = head.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default();
    (head.lines().next().unwrap().to_owned(), body.to_owned(), value.to_owned())
}

async fn server() -> BadServer {
    BadServer::always([Step::Read, Step::answer(200, &[], "{}")]).await
}

#[tokio::test]
async fn a_signer_sees_what_goes_on_the_wire() {
    let vendor = server().await;
    let call = Call::new(Method::PATCH, Operation::Start, ReplaySafety::Idempotent, ["v1", "a b/é"])
        .matrix("-", "id", "user 7/é")
        .segment("one")
        .query("level", "kyc + aml")
        .json(&json!({"name": "Zoe"}))
        .unwrap()
        .sign("the-id");
    let signed = client(&format!("{}/base", vendor.base_url())).with_authorization(Arc::new(Seen));
    let (line, body, seen) = sent(signed, &vendor, call, "x-seen").await;
    let target = "/base/v1/a%20b%2F%C3%A9/-;id=user%207%2F%C3%A9/one?level=kyc%20%2B%20aml";
    assert_eq!(line, format!("PATCH {target} HTTP/1.1"));
    assert_eq!(body, r#"{"name":"Zoe"}"#);
    assert_eq!(seen, format!("PATCH {target} [{body}] the-id {NOW}"));
}

#[tokio::test]
async fn a_request_without_body_is_signed_without_one() {
    let vendor = server().await;
    let signed = client(vendor.base_url()).with_authorization(Arc::new(Seen));
    let (_, _, seen) = sent(signed, &vendor, start(ReplaySafety::Idempotent), "x-seen").await;
    assert_eq!(seen, format!("POST /v1/sessions [] - {NOW}"));
}

#[tokio::test]
async fn fixed_credentials_are_sent_and_never_shown() {
    let password = SecretString::from("canary-password");
    for (header, sent_as) in [
        (FixedHeader::bearer(&password).unwrap(), "Bearer canary-password"),
        // RFC 7617, section 2.1, has the same form for another password.
        (FixedHeader::basic("user", &password).unwrap(), "Basic dXNlcjpjYW5hcnktcGFzc3dvcmQ="),
    ] {
        assert_clean(&format!("{header:?}"), &["canary-password", "dXNlcjpjYW5h"]);
        let vendor = server().await;
        let client = client(vendor.base_url()).with_authorization(Arc::new(header));
        let (_, _, value) = sent(client, &vendor, start(ReplaySafety::Idempotent), "authorization").await;
        assert_eq!(value, sent_as);
    }
    assert!(FixedHeader::bearer(&SecretString::from("a\nb")).is_err());
}

/// RFC 6749, sections 2.3.1 and 4.4: id and secret are encoded as in a form before they are joined.
#[tokio::test]
async fn client_credentials_are_exchanged_for_a_token() {
    let granted = r#"{"access_token":"canary-token","token_type":"Bearer","expires_in":60}"#;
    let endpoint = BadServer::always([Step::Read, Step::answer(200, &[], granted)]).await;
    let client = client(&format!("{}/oauth2/token", endpoint.base_url()));
    let [id, secret] = ["a client", "canary:secret"].map(SecretString::from);
    let source = ClientCredentials::new(client, &id, &secret, Some("one two".to_owned())).unwrap();
    assert_clean(&format!("{source:?}"), &["canary:secret", "canary%3Asecret"]);
    let grant = source.fetch().await.unwrap();
    let told = (grant.token.expose_secret(), grant.lifetime);
    assert_eq!(told, ("canary-token", Some(Duration::from_secs(60))));
    let sent = endpoint.finished(1).await[0].text();
    assert!(sent.starts_with("POST /oauth2/token HTTP/1.1\r\n"), "{sent}");
    // `a+client:canary%3Asecret`
    assert!(sent.contains("authorization: Basic YStjbGllbnQ6Y2FuYXJ5JTNBc2VjcmV0\r\n"), "{sent}");
    assert!(sent.ends_with("\r\n\r\ngrant_type=client_credentials&scope=one+two"), "{sent}");
}

/// Gives `token-1`, `token-2` and so on, each good for a minute.
#[derive(Debug, Default)]
struct Numbered(Arc<AtomicUsize>);

#[async_trait]
impl TokenSource for Numbered {
    async fn fetch(&self) -> Result<AccessGrant> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::task::yield_now().await;
        Ok(AccessGrant::new(format!("token-{number}").into(), Some(Duration::from_secs(60))))
    }
}

async fn bearer(token: &CachedToken<Numbered>) -> String {
    let request = Outgoing::new(&Method::GET, "/", idv_core::Timestamp::UNIX_EPOCH);
    let headers = token.authorize(&request).await.unwrap();
    headers["authorization"].to_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_token_is_fetched_once_until_it_expires_or_is_refused() {
    let token = CachedToken::new(Numbered::default());
    let (one, two, three) = tokio::join!(bearer(&token), bearer(&token), bearer(&token));
    assert_eq!([one, two, three], ["Bearer token-1"; 3], "calls at one time share a fetch");
    advance(Duration::from_secs(29)).await;
    assert_eq!(bearer(&token).await, "Bearer token-1");
    advance(Duration::from_secs(1)).await;
    assert_eq!(bearer(&token).await, "Bearer token-2", "thirty seconds before its end");
    token.refused();
    assert_eq!(bearer(&token).await, "Bearer token-3");
}

#[tokio::test]
async fn a_token_that_the_vendor_refuses_is_not_used_again() {
    let vendor = BadServer::always([Step::Read, Step::answer(401, &[], "{}")]).await;
    let fetched = Arc::new(AtomicUsize::new(0));
    let token = CachedToken::new(Numbered(Arc::clone(&fetched)));
    let client = client(vendor.base_url()).with_authorization(Arc::new(token));
    for times in [1, 2] {
        let error = client.send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap_err();
        assert_eq!(error.credential(), Some(CredentialOwner::Application));
        assert_eq!(fetched.load(Ordering::SeqCst), times);
    }
}

/// A source that is down, after it may have been asked.
#[derive(Debug)]
struct Down;

#[async_trait]
impl TokenSource for Down {
    async fn fetch(&self) -> Result<AccessGrant> {
        Err(Error::new(ErrorKind::Timeout, "no answer").with_delivery(idv_core::Delivery::Unknown))
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let vendor = server().await;
    let client = client(vendor.base_url()).with_authorization(Arc::new(CachedToken::new(Down)));
    let error = client.send::<Value>(start(ReplaySafety::SingleUse)).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery().as_str()), (ErrorKind::Timeout, "not_sent"));
    assert!(vendor.connections().is_empty());
}

/// Accepts the answer `{}` under the signature `good`.
#[derive(Debug)]
struct Good;

impl VerifyAnswer for Good {
    fn verify(&self, answer: &SignedAnswer<'_>) -> Result<()> {
        let is_good = answer.headers.get(&SIGNATURE).is_some_and(|value| value == "good");
        match is_good && answer.body == b"{}" && answer.method == Method::POST {
            true => Ok(()),
            false => Err(invalid_response("the vendor's answer is not signed by the vendor")),
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_vendors_own_is_none() {
    for (headers, body, is_good) in [
        (&["x-signature: good"][..], "{}", true),
        (&["x-signature: bad"], "{}", false),
        (&[], "{}", false),
        (&["x-signature: good"], r#"{"status":"approved"}"#, false),
    ] {
        let vendor = BadServer::always([Step::Read, Step::answer(200, headers, body)]).await;
        let client = client(vendor.base_url()).with_answer_verifier(Arc::new(Good));
        match client.send::<Value>(start(ReplaySafety::UnlessUnknown)).await {
            Ok(_) => assert!(is_good, "{headers:?} {body}"),
            Err(error) => {
                assert!(!is_good, "{error}");
                assert_eq!(axes(&error), ("invalid_response", "answered", "after_check"));
            }
        }
    }
}
