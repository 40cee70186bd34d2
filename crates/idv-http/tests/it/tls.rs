//! TLS: whom it trusts, and that it installs nothing for the whole process.

use std::sync::Arc;

use idv_core::HttpOptions;
use idv_http::Repeat;
use idv_tests::{BadServer, Step};
use rcgen::{Certificate, CertifiedKey, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::support::{ROWS, assert_stands_alone, axes, build, client, client_with, failure, start};

/// A vendor over TLS, whose certificate nobody vouches for.
pub(crate) struct Vendor {
    pub(crate) base: String,
    pem: Vec<u8>,
    task: JoinHandle<()>,
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Vendor {
    pub(crate) async fn start(name: &str) -> Self {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        Self::with(&cert, &signing_key).await
    }

    pub(crate) async fn with(certificate: &Certificate, key: &KeyPair) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://{}", listener.local_addr().unwrap());
        let acceptor = acceptor(certificate.der().clone(), key, &[]);
        Self { base, pem: certificate.pem().into_bytes(), task: tokio::spawn(serve(listener, acceptor)) }
    }
}

/// Shows a certificate, and offers these protocols.
pub(crate) fn acceptor(
    certificate: CertificateDer<'static>,
    key: &KeyPair,
    protocols: &[&[u8]],
) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        // Whoever does not trust us breaks the handshake off.
        let Ok(mut stream) = acceptor.accept(stream).await else { continue };
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") && stream.read_buf(&mut request).await.unwrap() > 0 {}
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        stream.write_all(answer).await.unwrap();
        let _ = stream.shutdown().await;
    }
}

pub(crate) fn trusting(pem: &[u8]) -> HttpOptions {
    let mut http = HttpOptions::default();
    http.extra_ca = vec![pem.to_vec()];
    http
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_by_name() {
    let vendor = Vendor::start("127.0.0.1").await;
    for (repeat, _) in ROWS {
        let error = failure(&client(&vendor.base), repeat).await;
        assert_eq!(axes(&error), ("connection", "not_sent", "never"));
        assert!(error.to_string().contains("signed by an authority that is not trusted"), "{error}");
        assert_stands_alone(&error, &vendor.base);
    }
}

#[tokio::test]
async fn an_extra_authority_is_trusted() {
    let vendor = Vendor::start("127.0.0.1").await;
    let trusted = client_with(&vendor.base, trusting(&vendor.pem));
    trusted.send::<Value>(start(Repeat::Harmless)).await.unwrap();
    let other = Vendor::start("127.0.0.1").await;
    let error = failure(&client_with(&vendor.base, trusting(&other.pem)), Repeat::Harmless).await;
    assert!(error.to_string().contains("the vendor's certificate is not signed by the authority"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let vendor = Vendor::start("vendor.example").await;
    let error = failure(&client_with(&vendor.base, trusting(&vendor.pem)), Repeat::Harmless).await;
    assert_eq!(axes(&error), ("connection", "not_sent", "never"));
    assert!(error.to_string().contains("is for another host"), "{error}");
}

#[tokio::test]
async fn a_vendor_that_speaks_no_tls_gets_no_request() {
    let server =
        BadServer::always([Step::Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), Step::Close]).await;
    let base = server.base_url().replace("http:", "https:");
    let error = failure(&client(&base), Repeat::SingleUse).await;
    assert_eq!(axes(&error), ("connection", "not_sent", "allowed"), "{error}");
    assert!(!server.finished(1).await[0].text().contains("POST"), "the request was sent in clear");
}

#[test]
fn authorities_that_cannot_be_used_are_refused() {
    static RULES: idv_http::ErrorRules = idv_http::ErrorRules { codes: &[], overrides: &[] };
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in [&b""[..], b"canary", broken, b"-----BEGIN CERTIFICATE-----\ncanary\n"] {
        let refused = build("https://vendor.example", trusting(pem), &RULES).unwrap_err();
        assert!(refused.contains("authority") && !refused.contains("canary"), "{refused}");
    }
}

#[tokio::test]
async fn no_provider_is_installed_for_the_whole_process() {
    let vendor = Vendor::start("127.0.0.1").await;
    for _ in 0..3 {
        let client = client_with(&vendor.base, trusting(&vendor.pem));
        client.send::<Value>(start(Repeat::Harmless)).await.unwrap();
    }
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
