//! Joins a session to the intent that asked for it.

use idv::{Correlation, SessionRef, Timestamp, VendorWord, VerificationStatus};

use crate::record::{Schedule, correlate_session, decide_anew, locked, record, write};
use crate::store::{Statement, StoredVerification, Transaction, sql, values};
use crate::tracker::Shared;
use crate::{Observation, Source, StoreError, StoreErrorKind, Tracked, VerificationId};

const BY_SESSION: Statement = sql!("by_session");
const OPENED: Statement = sql!("opened");
const SIBLING: Statement = sql!("sibling");
const JOIN_TO: Statement = sql!("join_to");
const REOPEN: Statement = sql!("reopen");

/// How a session came to be known.
#[derive(Clone)]
pub(crate) enum Joining {
    /// The vendor answered the start; the application knows these ids.
    Started(VerificationStatus, Correlation),
    /// It was found, and this was seen of it.
    Seen(Box<Observation>),
}

impl Joining {
    fn observation(self, shared: &Shared) -> Observation {
        match self {
            Self::Started(status, known_as) => {
                let mut seen = Observation::new(Source::Start, shared.now());
                seen.correlation = known_as;
                seen.with_status(status, VendorWord::new("started"))
            }
            Self::Seen(observation) => *observation,
        }
    }
}

/// Stores the session of an intent. Where it is the session of an older verification, that one goes on.
pub(crate) async fn opened(
    shared: &Shared,
    id: VerificationId,
    session: &SessionRef,
    joining: Joining,
) -> Result<Tracked, StoreError> {
    let observation = joining.observation(shared);
    let attempt = async || {
        let mut transaction = shared.store.begin().await?;
        let joined = adopt(shared, &mut transaction, id, session, Some(observation.clone())).await?;
        transaction.commit().await?;
        Ok::<_, StoreError>(joined)
    };
    let joined = match attempt().await {
        // Another transaction stored the same session meanwhile: this time it is seen.
        Err(error) if error.kind() == StoreErrorKind::Refused => attempt().await,
        outcome => outcome,
    };
    shared.announce();
    joined
}

/// The same in a transaction of the caller, which stores what was seen itself where there is no observation.
pub(crate) async fn adopt(
    shared: &Shared,
    transaction: &mut Transaction,
    id: VerificationId,
    session: &SessionRef,
    observation: Option<Observation>,
) -> Result<Tracked, StoreError> {
    let now = shared.now();
    let intent = locked(transaction, id).await?.ok_or_else(|| StoreError::content("intent of a start"))?;
    let holder = transaction.row(BY_SESSION, values![session.to_string()]).await?;
    let holder = holder.as_ref().map(StoredVerification::read).transpose()?;
    let target = match holder {
        Some(holder) if holder.tracked.id != id => {
            let joins = transaction.run(JOIN_TO, values![id, holder.tracked.id]).await? > 0;
            let is_exclusive = holder.is_exclusive || (joins && is_same_subject(&holder, &intent));
            transaction.run(REOPEN, values![holder.tracked.id, is_exclusive]).await?;
            holder.tracked.id
        }
        Some(_) => id,
        None => give(transaction, id, session, now).await?,
    };
    correlate_session(transaction, target, session).await?;
    let Some(stored) = locked(transaction, target).await? else {
        return Err(StoreError::content("verification of a session"));
    };
    let recorded = match observation {
        Some(observation) => record(shared, transaction, &stored, observation).await?,
        None => decide_anew(shared, transaction, &stored).await?,
    };
    let rests = recorded.state.as_ref().is_some_and(|state| state.status.stops_watching());
    let pace = idv::watching::Pace::new(std::time::Duration::ZERO);
    let schedule = match rests && target != id {
        // An older verification with a decision: the start may have changed it, so the vendor is asked.
        true => Schedule::soon(shared, session.provider(), now),
        false => Schedule::after(shared, session.provider(), &recorded, pace, now, now),
    };
    write(transaction, &stored, recorded, schedule, now).await
}

/// Gives a session that no verification has to its intent, or to a new verification beside it where the intent got another one
/// meanwhile: an event of an earlier start of the same reference can reveal its session just then.
async fn give(
    transaction: &mut Transaction,
    id: VerificationId,
    session: &SessionRef,
    now: Timestamp,
) -> Result<VerificationId, StoreError> {
    let values = values![id, session.to_string(), session.provider().as_str(), now];
    if transaction.run(OPENED, values.clone()).await? > 0 {
        return Ok(id);
    }
    let sibling = transaction.row(SIBLING, values).await?;
    let sibling = sibling.ok_or_else(|| StoreError::content("intent of a start"))?;
    Ok(VerificationId::new(sibling.int("id")?))
}

/// Whether the older verification is the one that starts of this reference and purpose share from now on.
fn is_same_subject(holder: &StoredVerification, intent: &StoredVerification) -> bool {
    intent.is_exclusive
        && holder.tracked.reference == intent.tracked.reference
        && holder.tracked.purpose == intent.tracked.purpose
}
