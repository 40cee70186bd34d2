//! The signatures of answers (Veriff documentation, HMAC authentication).

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response};
use axum::middleware::Next;

use crate::vendors::veriff::Veriff;
use crate::vendors::veriff::signing::{CLIENT, SIGNATURE, signature};

/// The longest answer that is signed; Veriff's own ones are far smaller.
const ANSWER_LIMIT: usize = 64 * 1024 * 1024;

/// Marks the vendor's own answers, in contrast to canned ones.
#[derive(Clone, Copy, Debug)]
struct Own;

/// Signs an answer of the vendor.
pub(super) async fn seal(State(veriff): State<Veriff>, request: Request, next: Next) -> Response<Body> {
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Own);
    sign(&veriff, response).await
}

/// Signs an answer of the vendor again, as a fault may have changed its content. Canned answers stay as they are, and a
/// body that comes slowly, or breaks off, keeps the signature of the whole.
pub(super) async fn seal_again(State(veriff): State<Veriff>, request: Request, next: Next) -> Response<Body> {
    let response = next.run(request).await;
    let is_own = response.extensions().get::<Own>().is_some();
    if is_own && response.body().size_hint().exact().is_some() {
        return sign(&veriff, response).await;
    }
    response
}

async fn sign(veriff: &Veriff, response: Response<Body>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_LIMIT).await.unwrap_or_default();
    let signature = signature(&veriff.shared_secret(), &body);
    for (name, value) in [(CLIENT, veriff.api_key()), (SIGNATURE, &signature)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            head.headers.insert(name, value);
        }
    }
    Response::from_parts(head, Body::from(body))
}
