//! Stores observations, and reads them.

use idv::{ProviderId, SessionRef, Timestamp};

use super::json::to_json;
use crate::store::{Row, Statement, StoredVerification, Transaction, sql, values};
use crate::{Observation, Source, StoreError, VerificationId};

/// The name under which the key of a session stands among the ids of a verification.
pub(crate) const SESSION: &str = "session";

const OBSERVE: Statement = sql!("observe");
const OBSERVATIONS: Statement = sql!("observations");
const SEEN_AGAIN: Statement = sql!("seen_again");
const CORRELATE: Statement = sql!("correlate");

/// The observations of a verification, with the numbers of their rows.
pub(super) type History = Vec<(i64, Observation)>;

/// Stores an observation; `None` where it is stored already.
pub(crate) async fn store(
    transaction: &mut Transaction,
    verification: Option<VerificationId>,
    provider: &ProviderId,
    observation: &Observation,
) -> Result<Option<i64>, StoreError> {
    let values = values![
        verification,
        provider.as_str(),
        observation.source.as_str(),
        observation.event_id.as_ref().map(|id| id.as_str()),
        observation.observed_at,
        to_json(observation)?
    ];
    let row = transaction.row(OBSERVE, values).await?;
    row.map(|row| row.int("id")).transpose()
}

/// Adds an observation to a history, or lets it stand as a repetition of the last poll. Says which row it is, where it is new.
pub(super) async fn add(
    transaction: &mut Transaction,
    id: VerificationId,
    provider: &ProviderId,
    history: &mut History,
    observation: Observation,
) -> Result<Option<i64>, StoreError> {
    if let Some(index) = repeated(history, &observation) {
        let (row, known) = &mut history[index];
        transaction.run(SEEN_AGAIN, values![*row, observation.observed_at]).await?;
        known.seen_until = Some(observation.observed_at);
        return Ok(Some(*row));
    }
    let Some(row) = store(transaction, Some(id), provider, &observation).await? else { return Ok(None) };
    correlate(transaction, id, provider, history, &observation).await?;
    history.push((row, observation));
    Ok(Some(row))
}

/// Notes in the observation of the last poll until when polls repeated it, before another takes its place.
pub(crate) async fn note_repetitions(
    transaction: &mut Transaction,
    stored: &StoredVerification,
) -> Result<(), StoreError> {
    if let Some((row, seen_at)) = stored.repeated_poll {
        transaction.run(SEEN_AGAIN, values![row, seen_at]).await?;
    }
    Ok(())
}

/// Keeps the ids of an observation, as far as no earlier one has them.
async fn correlate(
    transaction: &mut Transaction,
    id: VerificationId,
    provider: &ProviderId,
    earlier: &History,
    observation: &Observation,
) -> Result<(), StoreError> {
    for (name, value) in observation.correlation.iter() {
        let is_kept = earlier.iter().any(|(_, seen)| seen.correlation.get(name) == Some(value));
        if !is_kept {
            transaction.run(CORRELATE, values![provider.as_str(), name, value, id]).await?;
        }
    }
    Ok(())
}

/// Keeps the ids of an event that was joined later than it was stored.
pub(crate) async fn correlate_event(
    transaction: &mut Transaction,
    id: VerificationId,
    provider: &ProviderId,
    observation: &Observation,
) -> Result<(), StoreError> {
    correlate(transaction, id, provider, &History::new(), observation).await
}

/// The poll that says the same as a new one, where no poll after it says something else.
fn repeated(history: &History, observation: &Observation) -> Option<usize> {
    if observation.source != Source::Poll {
        return None;
    }
    let last = history.iter().rposition(|(_, seen)| seen.source == Source::Poll)?;
    history[last].1.says_the_same_as(observation).then_some(last)
}

/// All observations of a verification.
pub(super) async fn history(
    transaction: &mut Transaction,
    id: VerificationId,
) -> Result<History, StoreError> {
    let rows = transaction.rows(OBSERVATIONS, values![id]).await?;
    rows.iter().map(|row| Ok((row.int("id")?, read(row)?))).collect()
}

/// An observation as it is stored.
pub(crate) fn read(row: &Row) -> Result<Observation, StoreError> {
    let mut observation: Observation = row.json("facts", "observation")?;
    let seen_until = Timestamp::from_unix_millis(row.int("seen_until")?);
    observation.seen_until = (seen_until > observation.observed_at).then_some(seen_until);
    Ok(observation)
}

/// Keeps the key of a session among the ids of its verification.
pub(crate) async fn correlate_session(
    transaction: &mut Transaction,
    id: VerificationId,
    session: &SessionRef,
) -> Result<(), StoreError> {
    let values = values![session.provider().as_str(), SESSION, session.key(), id];
    transaction.run(CORRELATE, values).await.map(|_| ())
}
