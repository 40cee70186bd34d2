//! Signed webhooks as the vendors send them, and their delivery.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use url::{Host, Url};

use crate::call::BODY_LIMIT;
use crate::error::{Error, Result};

/// The longest time that a vendor waits for a receiver.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most bytes of an answer that are kept.
const KEPT_ANSWER: usize = 1024;

/// The answer of a receiver.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) status: u16,
    /// The beginning of the body; bytes that are not UTF-8 are replaced.
    pub(crate) text: String,
}

/// A webhook, signed and ready to be posted. Clone it to deliver it twice; change it to tamper with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedWebhook {
    /// The headers, content type included.
    pub headers: Vec<(String, String)>,
    /// The exact bytes that were signed.
    pub body: Vec<u8>,
}

impl SignedWebhook {
    pub(crate) fn new(headers: Vec<(&str, String)>, body: Vec<u8>) -> Self {
        let mut all = vec![(CONTENT_TYPE.to_string(), "application/json".to_owned())];
        all.extend(headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Self { headers: all, body }
    }

    /// The value of the first header of this name; the name is compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Posts the webhook once and returns the status answered.
    ///
    /// # Errors
    /// [`Error::NotLoopback`] unless `url` is plain `http` to 127.0.0.0/8, `[::1]` or `localhost`;
    /// [`Error::InvalidWebhook`] where a header cannot be sent; [`Error::Delivery`] where the exchange broke or
    /// took more than 30 seconds.
    pub async fn deliver(&self, url: &str) -> Result<u16> {
        self.exchange(url, PATIENCE).await.map(|delivered| delivered.status)
    }

    /// The same, with the answer of the receiver.
    pub(crate) async fn exchange(&self, url: &str, patience: Duration) -> Result<Delivered> {
        let (url, address) = loopback_target(url)?;
        let request = self.request(&url).map_err(Error::InvalidWebhook)?;
        let answer = tokio::time::timeout(patience, exchange(&address, request)).await;
        answer.unwrap_or_else(|late| Err(late.into())).map_err(Error::Delivery)
    }

    fn request(&self, url: &Url) -> Result<Request<Full<Bytes>>, axum::http::Error> {
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let mut request = Request::builder().method(Method::POST).uri(target).header(HOST, host);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Full::from(self.body.clone()))
    }
}

/// Whether an `Origin` is a page of this machine; the opaque origin `null` is not.
pub(crate) fn is_local_origin(origin: &HeaderValue) -> bool {
    origin.to_str().ok().and_then(|text| Url::parse(text).ok()).is_some_and(|url| is_loopback(&url))
}

/// Whether the host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// The URL and the `host:port` to connect to. A `localhost` that resolves elsewhere is not followed there.
pub(crate) fn loopback_target(url: &str) -> Result<(Url, String)> {
    let url = Url::parse(url).map_err(|_| Error::NotLoopback)?;
    if !is_loopback(&url) || url.scheme() != "http" {
        return Err(Error::NotLoopback);
    }
    let host = match url.host() {
        Some(Host::Ipv6(address)) => format!("[{address}]"),
        Some(Host::Ipv4(address)) => address.to_string(),
        _ => "127.0.0.1".to_owned(),
    };
    let port = url.port_or_known_default().unwrap_or(80);
    Ok((url, format!("{host}:{port}")))
}

async fn exchange(
    address: &str,
    request: Request<Full<Bytes>>,
) -> Result<Delivered, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // The set ends the connection together with this future.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    let body = Limited::new(Body::new(response.into_body()), BODY_LIMIT).collect().await?.to_bytes();
    let text = String::from_utf8_lossy(body.get(..KEPT_ANSWER).unwrap_or(&body)).into_owned();
    Ok(Delivered { status, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_on_loopback_is_a_target() {
        for good in
            ["http://127.0.0.1:8080/hook?a=b", "http://127.9.9.9/", "http://[::1]:1/x", "http://localhost:9/"]
        {
            assert!(loopback_target(good).is_ok(), "{good}");
        }
        for bad in
            ["https://127.0.0.1/", "http://example.test/", "http://10.0.0.1/", "http://localhost.test/", "x"]
        {
            assert!(matches!(loopback_target(bad), Err(Error::NotLoopback)), "{bad}");
        }
    }
}
