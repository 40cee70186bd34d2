//! Taking over a verification that was made elsewhere.

use std::sync::Arc;

use super::context::CallContext;
use super::shared::request_of;
use crate::ShareToken;

/// Takes over a verification that was made elsewhere.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    input: Arc<ImportInput>,
    context: CallContext,
}

/// Input of an import.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ImportInput {
    /// The organization that the verification belongs to.
    pub organization: Option<String>,
    /// The single-use token that carries it.
    pub share_token: ShareToken,
}

impl ImportRequest {
    /// A request with a share token. A token is good for one call.
    #[must_use]
    pub fn new(share_token: impl Into<ShareToken>) -> Self {
        ImportInput { organization: None, share_token: share_token.into() }.into()
    }

    /// Sets the organization that the verification belongs to.
    #[must_use]
    pub fn organization(mut self, id: impl Into<String>) -> Self {
        self.organization = Some(id.into());
        self
    }
}

request_of!(ImportRequest(ImportInput));
