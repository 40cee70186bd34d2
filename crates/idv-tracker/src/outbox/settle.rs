//! Settles an attempt: accepted, again later, or dead. Only the holder of the lease can.

use idv::watching::jittered;
use idv::{ErrorKind, Timestamp};
use idv_http::PostAnswer;

use super::claim::Claimed;
use super::delivered::Delivered;
use super::delivery::Delivery;
use super::retry::{Next, next};
use crate::StoreError;
use crate::store::{Statement, sql, values};
use crate::tracker::Shared;

const SETTLE: Statement = sql!("delivery_settle");
const FOLLOWERS: Statement = sql!("delivery_followers");

/// The outcome of an attempt, as it is stored.
struct Settled<'a> {
    outcome: &'static str,
    error: Option<&'a str>,
    /// When it, or the transition after it, is sent.
    due_at: Timestamp,
}

pub(super) async fn settle(
    shared: &Shared,
    delivery: &Delivery,
    claimed: &Claimed,
    answer: Result<PostAnswer, ErrorKind>,
) -> Result<Delivered, StoreError> {
    let now = shared.now();
    let next = next(answer, claimed.attempt, delivery.most_attempts());
    let (settled, delivered) = match &next {
        Next::Accepted => (
            Settled { outcome: "done", error: None, due_at: now },
            Delivered { accepted: 1, ..Delivered::default() },
        ),
        Next::Again { pause, error } => {
            let due_at = now.saturating_add(jittered(*pause, &*shared.random));
            let settled = Settled { outcome: "pending", error: Some(error), due_at };
            (settled, Delivered { postponed: 1, ..Delivered::default() })
        }
        Next::Dead { error } => (
            Settled { outcome: "dead", error: Some(error), due_at: now },
            Delivered { dead: 1, ..Delivered::default() },
        ),
    };
    if !write(shared, delivery, claimed, &settled).await? {
        return Ok(Delivered { lost: 1, ..Delivered::default() });
    }
    if let Next::Dead { error } = &next {
        tracing::warn!(
            idv.verification = claimed.verification.get(), idv.position = claimed.position,
            idv.attempts = claimed.attempt, idv.outcome = %error,
            "the application did not accept a transition: it is a dead letter now"
        );
    }
    Ok(delivered)
}

/// Settles a transition that was erased.
pub(super) async fn erased(
    shared: &Shared,
    delivery: &Delivery,
    claimed: &Claimed,
) -> Result<Delivered, StoreError> {
    let settled = Settled { outcome: "done", error: Some("erased"), due_at: shared.now() };
    write(shared, delivery, claimed, &settled).await?;
    Ok(Delivered::default())
}

/// Writes it, and lets the later transitions of the verification wait for as long. `false` where the lease was lost.
async fn write(
    shared: &Shared,
    delivery: &Delivery,
    claimed: &Claimed,
    settled: &Settled<'_>,
) -> Result<bool, StoreError> {
    let (target, position) = (delivery.name(), claimed.position);
    let mut transaction = shared.store.begin().await?;
    let values = values![target, position, claimed.fence, settled.outcome, settled.due_at, settled.error];
    if transaction.run(SETTLE, values).await? == 0 {
        return Ok(false);
    }
    // Those that wait are kept out of the way of the search for due ones.
    transaction.run(FOLLOWERS, values![target, claimed.verification, position, settled.due_at]).await?;
    transaction.commit().await?;
    Ok(true)
}
