//! Access tokens, which the key is exchanged for, beside the signature of each request.

use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;
use idv_core::{CredentialOwner, Error, ErrorKind, Operation, Result};
use idv_http::{AccessGrant, Authorize, CachedToken, Call, JsonClient, Outgoing, ReplaySafety, TokenSource};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use crate::flaw::Flaw;

/// Authorizes requests by a token and by a signature.
#[derive(Debug)]
pub(super) struct TokenAndSignature {
    token: CachedToken<Tokens>,
    signer: Arc<dyn Authorize>,
}

impl TokenAndSignature {
    /// `client` signs the exchange of the key.
    pub(super) fn new(client: JsonClient, signer: Arc<dyn Authorize>, flaw: Option<Flaw>) -> Self {
        Self { token: CachedToken::new(Tokens { client, flaw }), signer }
    }
}

#[async_trait]
impl Authorize for TokenAndSignature {
    async fn authorize(&self, request: &Outgoing<'_>) -> Result<HeaderMap> {
        let mut headers = self.signer.authorize(request).await?;
        headers.extend(self.token.authorize(request).await?);
        Ok(headers)
    }

    fn refused(&self) {
        self.token.refused();
    }
}

#[derive(Debug)]
struct Tokens {
    client: JsonClient,
    flaw: Option<Flaw>,
}

#[derive(Deserialize)]
struct Token {
    token: SecretString,
}

#[async_trait]
impl TokenSource for Tokens {
    async fn fetch(&self) -> Result<AccessGrant> {
        let call = Call::post(Operation::Check, ReplaySafety::Idempotent, ["tokens"]).endpoint("tokens");
        let answer = self.client.send::<Token>(call.json(&json!({}))?).await;
        let token = answer.map_err(|error| match (self.flaw, error.kind()) {
            (Some(Flaw::BlamesTheKeyForAMissingToken), ErrorKind::Unavailable) => {
                Error::unauthenticated(CredentialOwner::Application)
            }
            _ => error,
        })?;
        Ok(AccessGrant::new(token.body.token, None))
    }
}
