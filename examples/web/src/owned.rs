//! The verification that a path names, for the user whom it belongs to.

use axum::RequestPartsExt;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use idv::SessionRef;
use idv_tracker::{Tracked, VerificationId};

use crate::app::App;
use crate::failure::Failure;
use crate::signed_in::SignedIn;
use crate::user::User;

/// A verification of the signed-in user. Another user's is not found, exactly as one that does not exist.
pub(crate) struct Owned {
    pub(crate) user: User,
    pub(crate) verification: Tracked,
}

impl Owned {
    /// The session at the vendor, without which there is nothing to hand over.
    pub(crate) fn session(&self) -> Result<&SessionRef, Failure> {
        self.verification.session.as_ref().ok_or(Failure::NotFound)
    }

    /// The verification, if it is this user's.
    pub(crate) async fn find(app: &App, user: User, id: VerificationId) -> Result<Self, Failure> {
        let verification = app.tracker.get(id).await?.filter(|found| found.reference == user.reference());
        verification.map(|verification| Self { user, verification }).ok_or(Failure::NotFound)
    }
}

impl FromRequestParts<App> for Owned {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let SignedIn(user) = SignedIn::from_request_parts(parts, app).await?;
        let id = parts.extract::<Path<String>>().await.ok().and_then(|Path(id)| id.parse().ok());
        let id = id.ok_or_else(|| Failure::NotFound.into_response())?;
        Self::find(app, user, id).await.map_err(IntoResponse::into_response)
    }
}
