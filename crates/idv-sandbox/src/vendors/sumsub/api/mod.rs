//! The HTTP surface of the simulated Sumsub.

mod access;
mod applicants;
mod body;
mod start;

use axum::Router;
use axum::extract::State as Extract;
use axum::routing::{get, patch, post};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::sumsub::Sumsub;
use crate::vendors::sumsub::api::access::{answer, refusal};

pub(crate) fn router(sumsub: &Sumsub) -> Router {
    Router::new()
        .route("/resources/sdkIntegrations/levels/{level}/websdkLink", post(start::link))
        .route("/resources/accessTokens/sdk", post(start::token))
        .route("/resources/accessTokens", post(start::older_token))
        .route("/resources/applicants", post(start::create))
        .route("/resources/applicants/-/count", get(applicants::count))
        .route("/resources/applicants/-/byExternalUserId/{external}", get(applicants::probe))
        .route("/resources/applicants/{id}/one", get(applicants::one))
        .route("/resources/applicants/{id}/status", get(applicants::status))
        .route("/resources/applicants/{id}/status/testCompleted", post(applicants::test_completed))
        .route("/resources/applicants/{id}/presence/deactivated", patch(applicants::deactivate))
        .route("/resources/applicants/{id}/presence/activated", patch(applicants::activate))
        .route("/resources/applicants/{id}/reset", post(applicants::reset))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(sumsub.clone())
}

async fn unknown(Extract(sumsub): Extract<Sumsub>, call: Call) -> Answer {
    let mut state = sumsub.lock();
    let outcome = sumsub.admit(&mut state, &call).and_then(|()| Err(refusal(404, "HTTP 404 Not Found")));
    answer(&state, outcome)
}
