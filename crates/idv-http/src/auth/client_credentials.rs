//! The client-credentials grant of OAuth 2 (RFC 6749, section 4.4).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idv_core::{Operation, Result};
use secrecy::{ExposeSecret, SecretString};

use super::{AccessGrant, FixedHeader, TokenSource};
use crate::json::{Node, Pointer};
use crate::{Call, JsonClient, ReplaySafety, invalid_response};

/// The token endpoint of a vendor that gives an access token for the credentials of the application. A
/// [`CachedToken`](super::CachedToken) keeps the token.
pub struct ClientCredentials {
    client: JsonClient,
    scope: Option<String>,
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials").field("endpoint", self.client.base()).finish_non_exhaustive()
    }
}

impl ClientCredentials {
    /// The endpoint at the base of a client. Id and secret go there as HTTP Basic, encoded as RFC 6749, section 2.3.1, says.
    ///
    /// # Errors
    /// When the credentials cannot stand in a header.
    pub fn new(
        client: JsonClient,
        id: &SecretString,
        secret: &SecretString,
        scope: Option<String>,
    ) -> Result<Self> {
        let basic = FixedHeader::basic(&encoded(id), &encoded(secret).into())?;
        Ok(Self { client: client.with_authorization(Arc::new(basic)), scope })
    }
}

fn encoded(secret: &SecretString) -> String {
    url::form_urlencoded::byte_serialize(secret.expose_secret().as_bytes()).collect()
}

#[async_trait]
impl TokenSource for ClientCredentials {
    async fn fetch(&self) -> Result<AccessGrant> {
        let mut fields = vec![("grant_type", "client_credentials")];
        fields.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        // The call that needs the token names its own operation.
        let call = Call::post(Operation::Check, ReplaySafety::Idempotent, []).endpoint("access token");
        Ok(self.client.send_and_read(call.form(&fields), read).await?.body)
    }
}

/// Reads an answer of the endpoint (RFC 6749, section 5.1).
fn read(text: &str) -> Result<AccessGrant> {
    let answer = Node::parse(text)?;
    let at = |place: &str| Pointer::new(place);
    let (token, kind, lifetime) = (at("/access_token"), at("/token_type"), at("/expires_in"));
    let kind = kind.find(&answer).and_then(|kind| kind.text("/token_type")).optional()?;
    if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")) {
        return Err(invalid_response("the vendor's access token is none that a bearer may use"));
    }
    let found = token.find(&answer).and_then(|token| token.text("/access_token")).optional()?;
    let token = found.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| invalid_response("the vendor's answer has no access token"))?;
    let seconds = lifetime.find(&answer).and_then(|seconds| seconds.word("/expires_in")).optional()?;
    let seconds = seconds.map(|seconds| seconds.parse::<u64>());
    let lifetime = match seconds {
        Some(Err(_)) => return Err(invalid_response("the vendor's access token has no lifetime in seconds")),
        Some(Ok(seconds)) => Some(Duration::from_secs(seconds)),
        None => None,
    };
    Ok(AccessGrant::new(SecretString::from(&*token), lifetime))
}
