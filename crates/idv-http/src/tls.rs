//! TLS without a process-wide provider: the configuration is handed to the client.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// A client configuration on ring that trusts the usual authorities and some more.
///
/// The usual authorities are compiled in, so that a container without a certificate store behaves like any other
/// machine; a private authority is configured as an extra one.
pub(crate) fn config(extra_ca: &[Vec<u8>]) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for pem in extra_ca {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| "an extra certificate authority is not valid PEM".to_owned())?;
        if certificates.is_empty() {
            return Err("an extra certificate authority file holds no certificate".to_owned());
        }
        for certificate in certificates {
            roots.add(certificate).map_err(|_| "an extra certificate authority is not usable".to_owned())?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| "TLS cannot be set up".to_owned())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
