//! Signatures: of requests, and of the vendor's answers.

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use idv_core::signature::{HmacAlgorithm, HmacHex, sign_hex};
use idv_core::{Result, Timestamp, WebhookRequest};
use idv_http::{Authorize, Outgoing, SignedAnswer, VerifyAnswer, invalid_response, secret_header};
use secrecy::SecretString;

/// The key of the integration: in requests, answers and webhooks (devdocs.veriff.com, "HMAC authentication").
pub(crate) const CLIENT: HeaderName = HeaderName::from_static("x-auth-client");
/// The signature, in the same places.
pub(crate) const SIGNATURE: HeaderName = HeaderName::from_static("x-hmac-signature");

/// The keys of an integration.
#[derive(Debug)]
pub(crate) struct Keys {
    /// The API key.
    pub(crate) client: HeaderValue,
    /// The shared secret that signs requests.
    pub(crate) secret: SecretString,
    /// The verifier under all shared secrets, for webhooks and answers.
    pub(crate) signatures: HmacHex,
}

#[async_trait]
impl Authorize for Keys {
    /// A body is signed as it is sent. A request without one is signed by the id that it is about, and not by its path.
    async fn authorize(&self, request: &Outgoing<'_>) -> Result<HeaderMap> {
        let signed = request.signed_text.map_or(request.body, str::as_bytes);
        let mut headers = HeaderMap::with_capacity(2);
        headers.insert(CLIENT, self.client.clone());
        let signature = sign_hex(HmacAlgorithm::Sha256, &self.secret, &[signed]);
        headers.insert(SIGNATURE, secret_header(&signature)?);
        Ok(headers)
    }

    fn refused(&self) {}
}

impl VerifyAnswer for Keys {
    /// Veriff signs the bodies of its answers. It documents this for what is read and deleted, so an answer to a POST may be
    /// without a signature.
    fn verify(&self, answer: &SignedAnswer<'_>) -> Result<()> {
        if !answer.headers.contains_key(&SIGNATURE) {
            return match *answer.method == Method::POST {
                true => Ok(()),
                false => Err(invalid_response("the vendor's answer is not signed")),
            };
        }
        // The scheme is that of webhooks, and has no time in it.
        let signed = WebhookRequest::new(answer.headers, answer.body, Timestamp::UNIX_EPOCH);
        self.signatures
            .verify(&signed)
            .map_err(|_| invalid_response("the signature of the vendor's answer matches no shared secret"))
    }
}
