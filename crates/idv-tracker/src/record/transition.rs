//! Transitions as they are stored: without their place and time, which are columns.

use idv::{ProviderId, SessionRef, Timestamp, VerificationStatus};
use serde::{Deserialize, Serialize};

use super::json::to_json;
use crate::store::{Row, StoredVerification};
use crate::{Source, State, StoreError, Transition, VerificationId};

/// The facts of a transition that are no columns.
#[derive(Debug, Serialize, Deserialize)]
struct TransitionFacts {
    reference: String,
    purpose: String,
    provider: ProviderId,
    session: Option<SessionRef>,
    from: Option<VerificationStatus>,
    #[serde(flatten)]
    state: State,
    cause: Source,
}

pub(super) fn facts(
    stored: &StoredVerification,
    provider: &ProviderId,
    from: Option<VerificationStatus>,
    state: &State,
    cause: Source,
) -> Result<String, StoreError> {
    to_json(&TransitionFacts {
        reference: stored.tracked.reference.clone(),
        purpose: stored.tracked.purpose.clone(),
        provider: provider.clone(),
        session: stored.tracked.session.clone(),
        from,
        state: state.clone(),
        cause,
    })
}

/// A transition of a row.
pub(crate) fn transition(row: &Row) -> Result<Transition, StoreError> {
    let facts: TransitionFacts = row.json("facts", "transition")?;
    Ok(Transition {
        position: row.int("position")?,
        verification: VerificationId::new(row.int("verification_id")?),
        version: row.int("version")?,
        reference: facts.reference,
        purpose: facts.purpose,
        provider: facts.provider,
        session: facts.session,
        from: facts.from,
        state: facts.state,
        cause: facts.cause,
        at: Timestamp::from_unix_millis(row.int("at")?),
    })
}
