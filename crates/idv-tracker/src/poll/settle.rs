//! Settles a poll: what was seen, the new state, and when to ask again, in one transaction that only the holder of the lease can make.

use std::time::Duration;

use idv::watching::{Pace, is_transient, jittered};
use idv::{CredentialOwner, Error, ErrorKind, ProviderId, Timestamp, Verification};

use super::claimed::Claimed;
use super::polled::Polled;
use super::quota;
use crate::record::{Schedule, locked, milliseconds, note_repetitions, record, settle as settle_row};
use crate::store::{Statement, sql, values};
use crate::tracker::Shared;
use crate::{Observation, Source, StoreError, Waiting};

const RELEASE: Statement = sql!("release");

/// Nothing that was woken by an event is asked about again earlier than this.
pub(super) const FLOOR: Duration = Duration::from_secs(1);

/// The outcome of a check.
pub(super) enum Answer {
    /// The vendor's answer, and when it was asked.
    Given(Box<Verification>, Timestamp),
    /// None.
    Failed(Error),
    /// It needs a credential that the application did not give.
    Unasked,
    /// The lease was over before the vendor was asked.
    Late,
}

pub(super) async fn settle(
    shared: &Shared,
    provider: &ProviderId,
    claimed: &Claimed,
    answer: Answer,
) -> Result<Polled, StoreError> {
    match answer {
        Answer::Given(verification, asked_at) => {
            answered(shared, provider, claimed, &verification, asked_at).await
        }
        Answer::Failed(error) => {
            if let (ErrorKind::RateLimited, Some(wait)) = (error.kind(), error.retry_after()) {
                quota::pause(shared, provider, shared.now().saturating_add(wait)).await?;
            }
            failed(shared, claimed, &error).await
        }
        Answer::Unasked => unasked(shared, claimed).await,
        Answer::Late => Ok(Polled { checks: 0, ..lost() }),
    }
}

async fn answered(
    shared: &Shared,
    provider: &ProviderId,
    claimed: &Claimed,
    verification: &Verification,
    asked_at: Timestamp,
) -> Result<Polled, StoreError> {
    let mut transaction = shared.store.begin().await?;
    // An event may have changed it since it was claimed.
    let Some(current) = locked(&mut transaction, claimed.id).await? else { return Ok(lost()) };
    if current.fence != claimed.fence {
        return Ok(lost());
    }
    note_repetitions(&mut transaction, &current).await?;
    let observation = Observation::of_check(Source::Poll, verification, asked_at);
    let digest = observation.clone().facts_digest();
    let recorded = record(shared, &mut transaction, &current, observation).await?;
    let digest = digest.filter(|_| recorded.is_what(verification));
    let now = shared.now();
    let fresh_since = if recorded.is_news { now } else { current.fresh_since };
    let schedule = Schedule::after(shared, provider, &recorded, claimed.pace(), fresh_since, now);
    let floor = now.saturating_add(FLOOR);
    if !settle_row(&mut transaction, &current, &recorded, &schedule, fresh_since, floor, digest).await? {
        return Ok(lost());
    }
    transaction.commit().await?;
    Ok(Polled { checks: 1, news: usize::from(recorded.is_news), lost: 0 })
}

async fn failed(shared: &Shared, claimed: &Claimed, error: &Error) -> Result<Polled, StoreError> {
    let now = shared.now();
    let mut pace = claimed.pace();
    let (due_at, waiting) = if is_transient(error) {
        let pause = pace.after_error(error.retry_after(), &shared.options.cadence);
        (Some(now.saturating_add(jittered(pause, &*shared.random))), None)
    } else if error.credential() == Some(CredentialOwner::User) {
        (None, Some(Waiting::Credential))
    } else {
        tracing::warn!(
            idv.verification = claimed.id.get(), idv.outcome = %error.kind(),
            "a verification is not polled any more: an operator has to look"
        );
        (None, Some(Waiting::Operator))
    };
    release(shared, claimed, due_at, pace, waiting).await
}

/// Gives a verification back that cannot be asked about.
async fn unasked(shared: &Shared, claimed: &Claimed) -> Result<Polled, StoreError> {
    let polled = release(shared, claimed, None, claimed.pace(), Some(Waiting::Credential)).await?;
    Ok(Polled { checks: 0, ..polled })
}

async fn release(
    shared: &Shared,
    claimed: &Claimed,
    due_at: Option<Timestamp>,
    pace: Pace,
    waiting: Option<Waiting>,
) -> Result<Polled, StoreError> {
    let mut transaction = shared.store.begin().await?;
    let values = values![
        claimed.id,
        claimed.fence,
        due_at,
        due_at.unwrap_or_else(|| shared.now()).max(shared.now().saturating_add(FLOOR)),
        milliseconds(pace.interval()),
        i64::from(pace.errors()),
        waiting.map(|waiting| waiting.as_str())
    ];
    let settled = transaction.run(RELEASE, values).await? > 0;
    transaction.commit().await?;
    Ok(if settled { Polled { checks: 1, ..Polled::default() } } else { lost() })
}

fn lost() -> Polled {
    Polled { checks: 1, news: 0, lost: 1 }
}
