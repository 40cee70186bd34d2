//! Certificates that are refused: each in words that say what to do, and none is asked for again.

use idv_core::{Error, HttpOptions};
use idv_http::ReplaySafety;
use idv_tests::{BadServer, Step};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use secrecy::SecretString;

use crate::support::{ROWS, assert_stands_alone, axes, client, client_with, failure};
use crate::tls::{Vendor, trusting};

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// What is said of a certificate, which an authority that is trusted signed.
async fn told(change: impl FnOnce(&mut CertificateParams)) -> String {
    let authority = authority();
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let vendor = Vendor::with(&certificate, &key).await;
    refused(&vendor.base, trusting(authority.pem().as_bytes())).await
}

/// The message of a call that a certificate ends, which is the same for every row.
async fn refused(base: &str, http: HttpOptions) -> String {
    let client = client_with(base, http);
    let mut messages = Vec::new();
    for (repeat, _) in ROWS {
        let error = failure(&client, repeat).await;
        assert_eq!(axes(&error), ("connection", "not_sent", "never"), "{error}");
        assert_stands_alone(&error, base);
        messages.push(error.message().to_owned());
    }
    messages.dedup();
    assert_eq!(messages.len(), 1);
    messages.remove(0)
}

#[tokio::test]
async fn an_authority_that_is_not_trusted_is_to_be_named() {
    let vendor = Vendor::start("127.0.0.1").await;
    assert_eq!(
        refused(&vendor.base, HttpOptions::default()).await,
        "no connection to the vendor: the vendor's certificate is signed by an authority that is not trusted: name it in \
         `http.extra_ca` (or the server leaves out an intermediate certificate)"
    );
}

#[tokio::test]
async fn an_intermediate_certificate_that_is_left_out_is_thought_of() {
    let root = authority();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "between");
    let between = CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &root).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &between).unwrap();
    let vendor = Vendor::with(&leaf, &key).await;
    let message = refused(&vendor.base, trusting(root.pem().as_bytes())).await;
    assert!(message.contains("leaves out an intermediate certificate"), "{message}");
}

#[tokio::test]
async fn validity_makes_one_think_of_the_clock() {
    assert_eq!(
        told(|params| params.not_after = date_time_ymd(2001, 1, 1)).await,
        "no connection to the vendor: the vendor's certificate has expired, or the clock of this machine is fast"
    );
    assert_eq!(
        told(|params| params.not_before = date_time_ymd(4000, 1, 1)).await,
        "no connection to the vendor: the vendor's certificate is not valid yet, or the clock of this machine is slow"
    );
}

#[tokio::test]
async fn a_certificate_for_another_host_is_told_apart() {
    for names in [vec!["vendor.example".to_owned()], vec![]] {
        let names = CertificateParams::new(names).unwrap().subject_alt_names;
        assert_eq!(
            told(|params| params.subject_alt_names = names).await,
            "no connection to the vendor: the vendor's certificate is for another host than the one that is configured"
        );
    }
}

#[tokio::test]
async fn the_certificate_of_an_authority_is_no_servers() {
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let vendor = Vendor::with(&certificate, &key).await;
    assert_eq!(
        refused(&vendor.base, trusting(certificate.pem().as_bytes())).await,
        "no connection to the vendor: the vendor's certificate is that of an authority, which is not accepted: the server \
         needs one of its own, signed by the authority in `http.extra_ca`"
    );
}

#[tokio::test]
async fn other_faults_have_a_sentence_too() {
    let client_only = |params: &mut CertificateParams| {
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    };
    assert_eq!(
        told(client_only).await,
        "no connection to the vendor: the vendor's certificate is not valid for a server, or cannot be read or verified"
    );
}

/// A proxy has a certificate as well.
#[tokio::test]
async fn the_certificate_of_a_proxy_is_the_proxys() {
    let proxy = Vendor::start("127.0.0.1").await;
    let mut http = HttpOptions::default();
    http.proxy = Some(SecretString::from(proxy.base.clone()));
    let error: Error = failure(&client_with("https://vendor.invalid", http), ReplaySafety::SingleUse).await;
    assert_eq!(axes(&error), ("connection", "not_sent", "never"), "{error}");
    let told =
        "no connection to the proxy: the proxy's certificate is signed by an authority that is not trusted";
    assert!(error.message().starts_with(told), "{error}");
}

#[tokio::test]
async fn a_port_without_tls_is_named() {
    let plain = Step::Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    let server = BadServer::always([plain, Step::Close]).await;
    let base = server.base_url().replace("http:", "https:");
    for (repeat, _) in ROWS {
        let error = failure(&client(&base), repeat).await;
        assert_eq!(axes(&error), ("connection", "not_sent", "allowed"), "{error}");
        assert_eq!(
            error.message(),
            "no connection to the vendor: what answers at this port does not speak TLS: is it a port for plain `http`?"
        );
        assert_stands_alone(&error, &base);
    }
}
