//! TLS: whom it trusts, and that it installs nothing for the whole process.

use std::sync::Arc;

use idv_core::HttpOptions;
use idv_http::ReplaySafety;
use idv_tests::{BadServer, Step};
use proptest::prelude::*;
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
    der: Vec<u8>,
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
        let (pem, der) = (certificate.pem().into_bytes(), certificate.der().to_vec());
        Self { base, pem, der, task: tokio::spawn(serve(listener, acceptor)) }
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
    trusted.send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap();
    let other = Vendor::start("127.0.0.1").await;
    let error = failure(&client_with(&vendor.base, trusting(&other.pem)), ReplaySafety::Idempotent).await;
    assert!(error.to_string().contains("the vendor's certificate is not signed by the authority"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let vendor = Vendor::start("vendor.example").await;
    let error = failure(&client_with(&vendor.base, trusting(&vendor.pem)), ReplaySafety::Idempotent).await;
    assert_eq!(axes(&error), ("connection", "not_sent", "never"));
    assert!(error.to_string().contains("is for another host"), "{error}");
}

#[tokio::test]
async fn a_vendor_that_speaks_no_tls_gets_no_request() {
    let server =
        BadServer::always([Step::Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), Step::Close]).await;
    let base = server.base_url().replace("http:", "https:");
    let error = failure(&client(&base), ReplaySafety::SingleUse).await;
    assert_eq!(axes(&error), ("connection", "not_sent", "allowed"), "{error}");
    assert!(!server.finished(1).await[0].text().contains("POST"), "the request was sent in clear");
}

#[test]
fn authorities_that_cannot_be_used_are_refused() {
    static RULES: idv_http::ErrorRules = idv_http::ErrorRules::new();
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in [&b""[..], b"canary", broken, b"-----BEGIN CERTIFICATE-----\ncanary\n"] {
        let refused = build("https://vendor.example", trusting(pem), &RULES).unwrap_err();
        assert!(refused.contains("authority") && !refused.contains("canary"), "{refused}");
    }
}

/// What keeps files of authorities from being used, with the keys that name them.
fn refused(files: &[&[u8]]) -> String {
    static RULES: idv_http::ErrorRules = idv_http::ErrorRules::new();
    let mut http = HttpOptions::default();
    http.extra_ca = files.iter().map(|file| file.to_vec()).collect();
    build("https://vendor.example", http, &RULES).unwrap_err()
}

#[tokio::test]
async fn an_authority_is_read_in_every_form_that_tools_write() {
    let vendor = Vendor::start("127.0.0.1").await;
    let pem = String::from_utf8(vendor.pem.clone()).unwrap();
    let other = Vendor::start("127.0.0.1").await;
    let two = [b"\xef\xbb\xbf", &other.pem[..], b"\xef\xbb\xbf", &vendor.pem[..]].concat();
    for file in [
        format!("\u{feff}{pem}").into_bytes(),
        pem.replace('\n', "\r\n").into_bytes(),
        format!("subject=CN = é\n{pem}\ntrailing words\n").into_bytes(),
        vendor.der.clone(),
        two,
    ] {
        let trusted = client_with(&vendor.base, trusting(&file));
        trusted.send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap();
    }
}

#[test]
fn what_is_no_authority_is_named_at_its_key() {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap();
    let (pem, key) = (cert.pem(), signing_key.serialize_pem());
    let relabelled = |label: &str| pem.replace("CERTIFICATE", label).into_bytes();
    let utf_16: Vec<u8> = "\u{feff}x".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (file, named) in [
        (Vec::new(), "is empty"),
        (b"\n \n".to_vec(), "is empty"),
        (utf_16, "is in UTF-16"),
        (b"canary".to_vec(), "expected PEM"),
        (key.clone().into_bytes(), "holds a private key"),
        (key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY").into_bytes(), "holds a private key"),
        (format!("{pem}{key}").into_bytes(), "holds a private key"),
        (signing_key.serialize_der(), "is DER (binary) and is no certificate authority"),
        (relabelled("CERTIFICATE REQUEST"), "holds a certificate request (CSR)"),
        (relabelled("NEW CERTIFICATE REQUEST"), "holds a certificate request (CSR)"),
        (relabelled("TRUSTED CERTIFICATE"), "is a `TRUSTED CERTIFICATE`"),
        (relabelled("X509 CERTIFICATE"), "is labelled `X509 CERTIFICATE`"),
        (relabelled("PUBLIC KEY"), "holds a public key"),
        (relabelled("X509 CRL"), "holds a revocation list"),
        (relabelled("PKCS7"), "holds a PKCS #7 container"),
        (relabelled("CANARY"), "holds a section that is no certificate"),
        (
            pem.replace("\n-----END", "").into_bytes(),
            "certificate 1 of this certificate authority's file has no end",
        ),
        (
            format!("{pem}{}", pem.replace("MII", "!!!")).into_bytes(),
            "certificate 2 of this certificate authority's file is no",
        ),
        (pem.replace("-----BEGIN", "  -----BEGIN").into_bytes(), "has to begin a line"),
    ] {
        let said = refused(&[&pem.clone().into_bytes(), &file]);
        assert!(said.starts_with("extra_ca.1: ") && said.contains(named), "{named}: {said}");
        assert!(said.contains("authority") && !said.to_lowercase().contains("canary"), "{said}");
    }
}

#[test]
fn all_that_is_wrong_with_the_options_is_told_at_once() {
    static RULES: idv_http::ErrorRules = idv_http::ErrorRules::new();
    let mut http = HttpOptions::default();
    http.extra_ca = vec![b"canary".to_vec(), b"-----BEGIN PRIVATE KEY-----".to_vec()];
    http.proxy = Some("ftp://canary".into());
    let said = build("https://vendor.example", http, &RULES).unwrap_err();
    let keys: Vec<&str> =
        ["extra_ca.0: ", "extra_ca.1: ", "proxy: "].into_iter().filter(|key| said.contains(key)).collect();
    assert_eq!(keys.len(), 3, "{said}");
    assert!(!said.contains("canary"), "{said}");
}

proptest! {
    #[test]
    fn no_file_makes_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), der: bool) {
        let start: &[u8] = if der { b"\x30\x82" } else { b"-----BEGIN CERTIFICATE-----\n" };
        prop_assert!(refused(&[&[start, &bytes].concat()]).starts_with("extra_ca.0: "));
    }
}

#[tokio::test]
async fn no_provider_is_installed_for_the_whole_process() {
    let vendor = Vendor::start("127.0.0.1").await;
    for _ in 0..3 {
        let client = client_with(&vendor.base, trusting(&vendor.pem));
        client.send::<Value>(start(ReplaySafety::Idempotent)).await.unwrap();
    }
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
