//! The signature scheme of a name in configuration, with the headers that it needs.

use http::HeaderName;
use idv_core::OptionsValidator;
use idv_core::signature::{HmacAlgorithm, SignatureScheme};

use crate::{SessionApiConfig, WebhookScheme};

/// The use that a scheme has for a key that names a header.
#[derive(Clone, Copy)]
enum Need {
    Required,
    Optional,
    Unused,
}

/// The scheme that a configuration names. `None` where there is none, and where it cannot be made; the reasons are noted in
/// the validator.
pub(super) fn scheme(
    config: &SessionApiConfig,
    validator: &mut OptionsValidator<'_>,
) -> Option<SignatureScheme> {
    use WebhookScheme as Name;
    let scheme = config.webhook_scheme;
    let (first, second) = match scheme {
        Name::None | Name::Svix => (Need::Unused, Need::Unused),
        Name::HmacSha1Hex | Name::HmacSha256Hex | Name::HmacSha512Hex => (Need::Required, Need::Optional),
        Name::TimestampedHmacSha256 | Name::SharedSecret => (Need::Required, Need::Unused),
    };
    let named = header(validator, "webhook_header", config.webhook_header.as_deref(), first);
    let timestamp_header =
        header(validator, "webhook_timestamp_header", config.webhook_timestamp_header.as_deref(), second);
    let in_hex = |algorithm| {
        Some(SignatureScheme::HmacHex { algorithm, signature_header: named.clone()?, timestamp_header })
    };
    match scheme {
        Name::None => None,
        Name::Svix => Some(SignatureScheme::Svix),
        Name::HmacSha1Hex => in_hex(HmacAlgorithm::Sha1),
        Name::HmacSha256Hex => in_hex(HmacAlgorithm::Sha256),
        Name::HmacSha512Hex => in_hex(HmacAlgorithm::Sha512),
        Name::TimestampedHmacSha256 => {
            Some(SignatureScheme::TimestampedHmac { algorithm: HmacAlgorithm::Sha256, header: named? })
        }
        Name::SharedSecret => Some(SignatureScheme::SharedSecret { header: named? }),
    }
}

fn header(
    validator: &mut OptionsValidator<'_>,
    key: &str,
    given: Option<&str>,
    need: Need,
) -> Option<HeaderName> {
    match (given, need) {
        (Some(name), Need::Required | Need::Optional) => return validator.header_name(key, name),
        (Some(_), Need::Unused) => validator.add_error(key, "is not used by this `webhook_scheme`"),
        (None, Need::Required) => validator.add_error(key, "is required by this `webhook_scheme`"),
        (None, Need::Optional | Need::Unused) => {}
    }
    None
}
