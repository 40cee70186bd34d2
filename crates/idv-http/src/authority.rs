//! Files of further certificate authorities: PEM, or one certificate as DER.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error as PemError, PemObject};

const BYTE_ORDER_MARK: char = '\u{feff}';
const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
const CERTIFICATE: &str = "CERTIFICATE";

/// Adds all certificates of a file. A file that has anything else in it is refused: a section that is passed over in silence
/// is mostly one that its author relies on, and a private key has no place among trusted certificates.
pub(crate) fn add(file: &[u8], roots: &mut RootCertStore) -> Result<(), String> {
    if file.trim_ascii().is_empty() {
        return Err("the file of the certificate authority is empty".to_owned());
    }
    if file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff") {
        return Err(
            "the file of the certificate authority is in UTF-16: save it as ASCII or UTF-8".to_owned()
        );
    }
    // Files that were put together have one before each part.
    let text = String::from_utf8_lossy(file).replace(BYTE_ORDER_MARK, "");
    let labels: Vec<&str> = labels(&text).collect();
    if let Some(other) = labels.iter().find(|label| **label != CERTIFICATE) {
        return Err(foreign(other));
    }
    if labels.is_empty() {
        return add_der(file, roots);
    }
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(text.as_bytes()) {
        count += 1;
        let certificate = certificate.map_err(|error| broken(count, &error))?;
        roots.add(certificate).map_err(|_| {
            format!("certificate {count} of this file is not usable as a certificate authority")
        })?;
    }
    if count != labels.len() {
        return Err(format!(
            "the file of the certificate authority is not valid PEM: `{BEGIN}` has to begin a line"
        ));
    }
    Ok(())
}

/// The names of the sections of a PEM file.
fn labels(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split(['\r', '\n']).map(str::trim);
    lines.filter_map(|line| line.strip_prefix(BEGIN)?.strip_suffix(DASHES))
}

/// A file without a section may be the certificate itself, in the binary form that Windows and browsers export.
fn add_der(file: &[u8], roots: &mut RootCertStore) -> Result<(), String> {
    /// How a sequence of ASN.1 begins, as all certificates, keys and containers do.
    const SEQUENCE: u8 = 0x30;
    if file.first() != Some(&SEQUENCE) || file.is_ascii() {
        return Err(format!(
            "the file has no certificate authority in it: expected PEM, which begins with `{BEGIN}{CERTIFICATE}{DASHES}`"
        ));
    }
    roots.add(CertificateDer::from(file)).map_err(|_| {
        "the file is DER (binary) and is no certificate authority: expected one certificate, or PEM. A container such as .p12 \
         or .p7b has to be unpacked, for example with `openssl pkcs12 -cacerts -nokeys` or `openssl pkcs7 -print_certs`"
            .to_owned()
    })
}

/// Says of a section what it is. Its name is repeated only where it is one that a standard defines.
fn foreign(label: &str) -> String {
    let what = match label {
        "TRUSTED CERTIFICATE" => {
            return "the certificate authority is a `TRUSTED CERTIFICATE`, a form of OpenSSL's own with rules that nobody else \
                    reads: write it anew with `openssl x509 -in FILE -out NEW`"
                .to_owned();
        }
        "X509 CERTIFICATE" => {
            return "the certificate authority is labelled `X509 CERTIFICATE`, which is no longer used: write it anew with \
                    `openssl x509 -in FILE -out NEW`"
                .to_owned();
        }
        key if key.ends_with("PRIVATE KEY") => "a private key",
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => "a certificate request (CSR)",
        "PUBLIC KEY" | "RSA PUBLIC KEY" => "a public key",
        "X509 CRL" => "a revocation list (CRL), which would not be looked at",
        "PKCS7" | "CMS" => "a PKCS #7 container: unpack it with `openssl pkcs7 -print_certs`",
        _ => "a section that is no certificate",
    };
    format!("the file of the certificate authority holds {what}: only certificates may stand in it")
}

fn broken(number: usize, error: &PemError) -> String {
    let why = match error {
        PemError::MissingSectionEnd { .. } => "has no end: the file is cut short",
        PemError::Base64Decode(_) => "is no base64",
        _ => "is not valid PEM",
    };
    format!("certificate {number} of this certificate authority's file {why}")
}
