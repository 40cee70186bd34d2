//! The signature of requests.

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue};
use idv_core::Result;
use idv_core::signature::{HmacAlgorithm, sign_hex};
use idv_http::{Authorize, Outgoing, secret_header};
use secrecy::SecretString;

const TOKEN: HeaderName = HeaderName::from_static("x-app-token");
const TIME: HeaderName = HeaderName::from_static("x-app-access-ts");
const SIGNATURE: HeaderName = HeaderName::from_static("x-app-access-sig");

/// The app token and its secret key.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) token: HeaderValue,
    pub(crate) secret: SecretString,
}

#[async_trait]
impl Authorize for Keys {
    /// The signature is over the seconds since 1970, the method, the target as it is sent and the body, without anything between
    /// them (docs.sumsub.com, "Authentication"). The vendor accepts a time for one minute.
    async fn authorize(&self, request: &Outgoing<'_>) -> Result<HeaderMap> {
        let time = request.now.unix_seconds().to_string();
        let parts =
            [time.as_bytes(), request.method.as_str().as_bytes(), request.target.as_bytes(), request.body];
        let signature = secret_header(&sign_hex(HmacAlgorithm::Sha256, &self.secret, &parts))?;
        let mut headers = HeaderMap::with_capacity(3);
        headers.insert(TOKEN, self.token.clone());
        headers.insert(TIME, secret_header(&time)?);
        headers.insert(SIGNATURE, signature);
        Ok(headers)
    }

    fn refused(&self) {}
}
