//! TLS without a process-wide provider: the configuration is handed to the client.

use std::sync::Arc;

use idv_core::HttpProblems;
use rustls::{ClientConfig, RootCertStore};

use crate::authority;

/// A client configuration on ring that trusts the usual authorities and some more.
///
/// The usual authorities are compiled in, so that a container without a certificate store behaves like any other
/// machine; a private authority is configured as an extra one. `None` after a problem was noted.
pub(crate) fn config(extra_ca: &[Vec<u8>], problems: &mut HttpProblems) -> Option<ClientConfig> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for (index, file) in extra_ca.iter().enumerate() {
        if let Err(message) = authority::add(file, &mut roots) {
            problems.note(format!("extra_ca.{index}"), message);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|_| problems.note("", "TLS cannot be set up")).ok()?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Some(config)
}
