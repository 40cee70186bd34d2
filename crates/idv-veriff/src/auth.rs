//! Signatures: of requests, and of the vendor's answers.

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use idv_core::Result;
use idv_core::signature::{HmacAlgorithm, sign_hex};
use idv_http::{Authorize, Outgoing, SignedAnswer, VerifyAnswer, invalid_response, secret_header};
use secrecy::SecretString;

/// The key of the integration: in requests, answers and webhooks (devdocs.veriff.com, "HMAC authentication").
pub(crate) const CLIENT: HeaderName = HeaderName::from_static("x-auth-client");
/// The signature, in the same places.
pub(crate) const SIGNATURE: HeaderName = HeaderName::from_static("x-hmac-signature");

/// The keys of an integration.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    /// The API key.
    pub(crate) client: HeaderValue,
    /// The shared secrets; the first signs.
    pub(crate) secrets: Vec<SecretString>,
}

#[async_trait]
impl Authorize for Keys {
    /// A body is signed as it is sent. A request without one is signed by the id that it is about, and not by its path.
    async fn authorize(&self, request: &Outgoing<'_>) -> Result<HeaderMap> {
        let signed = request.signed_text.map_or(request.body, str::as_bytes);
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(CLIENT, self.client.clone());
        if let Some(secret) = self.secrets.first() {
            headers.insert(SIGNATURE, secret_header(&sign_hex(HmacAlgorithm::Sha256, secret, &[signed]))?);
        }
        Ok(headers)
    }

    fn refused(&self) {}
}

impl VerifyAnswer for Keys {
    /// Veriff signs the bodies of its answers. It documents this for what is read and deleted, so an answer to a POST may be
    /// without a signature.
    fn verify(&self, answer: &SignedAnswer<'_>) -> Result<()> {
        let Some(given) = answer.headers.get(&SIGNATURE) else {
            return match *answer.method == Method::POST {
                true => Ok(()),
                false => Err(invalid_response("the vendor's answer is not signed")),
            };
        };
        let is_right = |secret: &SecretString| {
            sign_hex(HmacAlgorithm::Sha256, secret, &[answer.body])
                .as_bytes()
                .eq_ignore_ascii_case(given.as_bytes())
        };
        match self.secrets.iter().any(is_right) {
            true => Ok(()),
            false => Err(invalid_response("the signature of the vendor's answer matches no shared secret")),
        }
    }
}
