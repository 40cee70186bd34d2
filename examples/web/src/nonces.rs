//! The nonces of return URLs, in the user's own browser session: a link that was made for somebody else counts nowhere else.

use idv::ReturnState;
use idv_tracker::VerificationId;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use url::Url;

use crate::failure::Failure;

/// Their key in a session.
const KEY: &str = "returns";

/// How many returns of one browser are expected at a time; the oldest is forgotten.
const LIMIT: usize = 20;

/// A return that is expected in this browser.
#[derive(Debug, Serialize, Deserialize)]
struct Expected {
    verification: VerificationId,
    nonce: ReturnState,
}

/// Expects a return, when a session was opened.
pub(crate) async fn expect(
    session: &Session,
    verification: VerificationId,
    nonce: ReturnState,
) -> Result<(), Failure> {
    let mut all: Vec<Expected> = session.get(KEY).await?.unwrap_or_default();
    if all.len() == LIMIT {
        all.remove(0);
    }
    all.push(Expected { verification, nonce });
    Ok(session.insert(KEY, all).await?)
}

/// The verification whose nonce a URL carries. The nonce stays, so that a reload shows the same page.
pub(crate) async fn verification(session: &Session, url: &Url) -> Result<Option<VerificationId>, Failure> {
    let all: Vec<Expected> = session.get(KEY).await?.unwrap_or_default();
    Ok(all.iter().find(|expected| expected.nonce.verify(url).is_ok()).map(|expected| expected.verification))
}
