//! Causes of a failed TLS connection, in words that say what to do and hold no value.

use std::borrow::Cow;

use rustls::{CertificateError, Error, InvalidMessage};

/// The text of rustls for the certificate of an authority that a server shows as its own: the type of the cause is another
/// crate's.
const CA_AS_SERVER: &str = "CaUsedAsEndEntity";

/// Why a certificate was refused, said of its owner ("vendor" or "proxy").
pub(crate) fn of_certificate(fault: &CertificateError, owner: &str) -> String {
    let what = match fault {
        CertificateError::UnknownIssuer => {
            "is signed by an authority that is not trusted: name it in `http.extra_ca` (or the server leaves out an \
             intermediate certificate)"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "has expired, or the clock of this machine is fast"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet, or the clock of this machine is slow"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another host than the one that is configured"
        }
        CertificateError::BadSignature => {
            "is not signed by the authority that it names: is the one in `http.extra_ca` another of the same name?"
        }
        CertificateError::Other(cause) if cause.0.to_string() == CA_AS_SERVER => {
            "is that of an authority, which is not accepted: the server needs one of its own, signed by the authority \
             in `http.extra_ca`"
        }
        _ => "is not valid for a server, or cannot be read or verified",
    };
    format!("the {owner}'s certificate {what}")
}

/// Every other fault of TLS.
pub(crate) fn other(fault: &Error) -> Cow<'static, str> {
    match fault {
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "what answers at this port does not speak TLS: is it a port for plain `http`?".into()
        }
        other => other.to_string().into(),
    }
}
