//! Adds an observation to a verification, and writes all that follows from it in the same transaction.

use idv::watching::{Pace, wanted_pause};
use idv::{NextAction, ProviderId, SessionRef, Timestamp, VerificationStatus};
use serde::{Deserialize, Serialize};

use crate::credentials::needs_credential;
use crate::merge::{Merged, OrderingPolicy, merge};
use crate::store::{Row, Statement, StoredVerification, Transaction, sql, values};
use crate::tracker::Shared;
use crate::{Observation, Source, State, StoreError, Transition, VerificationId, Waiting};

/// The name under which the key of a session stands among the ids of a verification.
pub(crate) const SESSION: &str = "session";

const VERIFICATION: Statement = sql!("verification", by engine);
const OBSERVE: Statement = sql!("observe");
const OBSERVATIONS: Statement = sql!("observations");
const SEEN_AGAIN: Statement = sql!("seen_again");
const CORRELATE: Statement = sql!("correlate");
const DECIDE: Statement = sql!("decide");
const TRANSITION: Statement = sql!("insert_transition", by engine);

/// The effect of an observation.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) state: Option<State>,
    /// The state changed, so that the application is told.
    pub(crate) is_news: bool,
    /// The vendor should be asked, although the status does not need it.
    pub(crate) in_doubt: bool,
    /// The row of the observation, where it was stored or seen again.
    pub(crate) observation: Option<i64>,
}

/// A verification, locked until the transaction ends.
pub(crate) async fn locked(
    transaction: &mut Transaction,
    id: VerificationId,
) -> Result<Option<StoredVerification>, StoreError> {
    let row = transaction.row(VERIFICATION, values![id]).await?;
    row.as_ref().map(StoredVerification::read).transpose()
}

/// Stores an observation; `None` where it is stored already.
pub(crate) async fn store(
    transaction: &mut Transaction,
    verification: Option<VerificationId>,
    provider: &ProviderId,
    observation: &Observation,
) -> Result<Option<i64>, StoreError> {
    let facts = to_json(observation)?;
    let event = observation.event_id.as_ref().map(|id| id.as_str());
    let row = transaction
        .row(
            OBSERVE,
            values![
                verification,
                provider.as_str(),
                observation.source.as_str(),
                event,
                observation.observed_at,
                facts
            ],
        )
        .await?;
    row.map(|row| row.int("id")).transpose()
}

/// Adds an observation to a verification that is locked, and writes its state.
pub(crate) async fn record(
    shared: &Shared,
    transaction: &mut Transaction,
    stored: &StoredVerification,
    observation: Observation,
) -> Result<Recorded, StoreError> {
    let Some(provider) = stored.tracked.provider.clone() else {
        return Err(StoreError::content("verification without a provider"));
    };
    let id = stored.tracked.id;
    let mut history = history(transaction, id).await?;
    let row = match repeated(&history, &observation) {
        Some(index) => {
            let (row, known) = &mut history[index];
            transaction.run(SEEN_AGAIN, values![*row, observation.observed_at]).await?;
            known.seen_until = Some(observation.observed_at);
            Some(*row)
        }
        None => {
            let row = store(transaction, Some(id), &provider, &observation).await?;
            correlate(transaction, id, &provider, &observation).await?;
            history.extend(row.map(|row| (row, observation)));
            row
        }
    };
    let history: Vec<Observation> = history.into_iter().map(|(_, seen)| seen).collect();
    let recorded = decide(shared, transaction, stored, &provider, &history).await?;
    Ok(Recorded { observation: row, ..recorded })
}

/// Writes the state that follows from observations that are stored already.
pub(crate) async fn decide_anew(
    shared: &Shared,
    transaction: &mut Transaction,
    stored: &StoredVerification,
) -> Result<Recorded, StoreError> {
    let Some(provider) = stored.tracked.provider.clone() else {
        return Err(StoreError::content("verification without a provider"));
    };
    let history = history(transaction, stored.tracked.id).await?;
    let history: Vec<Observation> = history.into_iter().map(|(_, seen)| seen).collect();
    decide(shared, transaction, stored, &provider, &history).await
}

async fn decide(
    shared: &Shared,
    transaction: &mut Transaction,
    stored: &StoredVerification,
    provider: &ProviderId,
    history: &[Observation],
) -> Result<Recorded, StoreError> {
    let before = stored.tracked.state.clone();
    let Some(merged) = merge(&ordering(shared, provider), history) else {
        return Ok(Recorded { state: before, is_news: false, in_doubt: false, observation: None });
    };
    let (cause, in_doubt) = (merged.cause, merged.in_doubt);
    let state = state(shared, provider, merged);
    let is_news = before.as_ref().is_none_or(|before| before.differs_from(&state));
    let version = stored.tracked.version + i64::from(is_news);
    let is_open = !is_closed(state.status);
    let valid_until = (state.status == VerificationStatus::Approved)
        .then_some(shared.options.approvals_count_for)
        .flatten()
        .map(|period| state.updated_at.saturating_add(period));
    if is_news || before.as_ref() != Some(&state) {
        transaction
            .run(
                DECIDE,
                values![
                    stored.tracked.id,
                    to_json(&state)?,
                    state.status.as_str(),
                    version,
                    is_open,
                    valid_until
                ],
            )
            .await?;
    }
    if is_news {
        let told = Told { from: before.map(|before| before.status), state: state.clone(), cause };
        let (at, id) = (shared.now(), stored.tracked.id);
        transaction.run(TRANSITION, values![id, version, at, told.with_names(stored, provider)?]).await?;
    }
    Ok(Recorded { state: Some(state), is_news, in_doubt, observation: None })
}

/// All observations of a verification, with the numbers of their rows.
async fn history(
    transaction: &mut Transaction,
    id: VerificationId,
) -> Result<Vec<(i64, Observation)>, StoreError> {
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

/// The poll that says the same as a new one, where no poll after it says something else: it is seen once more.
fn repeated(history: &[(i64, Observation)], observation: &Observation) -> Option<usize> {
    if observation.source != Source::Poll {
        return None;
    }
    let last = history.iter().rposition(|(_, seen)| seen.source == Source::Poll)?;
    history[last].1.says_the_same_as(observation).then_some(last)
}

/// Keeps the vendor's ids, by which later events are joined.
pub(crate) async fn correlate(
    transaction: &mut Transaction,
    id: VerificationId,
    provider: &ProviderId,
    observation: &Observation,
) -> Result<(), StoreError> {
    for (name, value) in observation.correlation.iter() {
        transaction.run(CORRELATE, values![provider.as_str(), name, value, id]).await?;
    }
    Ok(())
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

fn state(shared: &Shared, provider: &ProviderId, merged: Merged) -> State {
    let profile = shared.registry.provider(provider).ok();
    let next_action = merged.next_action.or_else(|| {
        let provider = profile.as_ref()?;
        Some(provider.profile().next_action(merged.status))
    });
    State {
        status: merged.status,
        provider_status: merged.provider_status,
        reasons: merged.reasons,
        next_action: next_action.unwrap_or(NextAction::Check),
        subject_kind: merged.subject_kind,
        updated_at: merged.since,
    }
}

fn ordering(shared: &Shared, provider: &ProviderId) -> OrderingPolicy {
    let Ok(provider) = shared.registry.provider(provider) else { return OrderingPolicy::default() };
    shared.options.ordering.get(&provider.profile().kind).cloned().unwrap_or_default()
}

/// Whether a status ends a verification, so that the next start of its reference and purpose is another one.
fn is_closed(status: VerificationStatus) -> bool {
    status.stops_watching() && status != VerificationStatus::ResubmissionRequired
}

/// When a verification is asked about next.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) pace: Option<Pace>,
    pub(crate) waiting_for: Option<Waiting>,
}

impl Schedule {
    /// The schedule after something was seen, given how long there was no news.
    pub(crate) fn after(
        shared: &Shared,
        provider: &ProviderId,
        recorded: &Recorded,
        pace: Pace,
        fresh_since: Timestamp,
        now: Timestamp,
    ) -> Self {
        let Some(state) = &recorded.state else { return Self::soon(shared, provider, now) };
        let recheck = match &state.next_action {
            NextAction::Done { recheck_after: Some(after) } => {
                Some(state.updated_at.saturating_add(*after).max(now))
            }
            _ => None,
        };
        let rests = state.status.stops_watching() && !recorded.in_doubt;
        if rests && recheck.is_none() {
            return Self::default();
        }
        if needs_credential(&shared.registry, provider) && shared.credentials.is_none() {
            return Self { waiting_for: Some(Waiting::Credential), ..Self::default() };
        }
        if rests {
            return Self { due_at: recheck, ..Self::default() };
        }
        let cadence = shared.registry.provider(provider).ok().map(|found| found.profile().actions.cadence);
        let mut pace = pace;
        let wanted = wanted_pause(&state.next_action, cadence);
        let pause = pace.after_answer(now.saturating_since(fresh_since), wanted, &shared.options.cadence);
        let pause = idv::watching::jittered(pause, &*shared.random);
        Self { due_at: Some(now.saturating_add(pause)), pace: Some(pace), waiting_for: None }
    }

    /// Due at once.
    pub(crate) fn soon(shared: &Shared, provider: &ProviderId, now: Timestamp) -> Self {
        if needs_credential(&shared.registry, provider) && shared.credentials.is_none() {
            return Self { waiting_for: Some(Waiting::Credential), ..Self::default() };
        }
        Self { due_at: Some(now), ..Self::default() }
    }
}

/// A transition as it is stored: without its place and time, which are columns.
#[derive(Debug)]
struct Told {
    from: Option<VerificationStatus>,
    state: State,
    cause: Source,
}

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

impl Told {
    fn with_names(self, stored: &StoredVerification, provider: &ProviderId) -> Result<String, StoreError> {
        to_json(&TransitionFacts {
            reference: stored.tracked.reference.clone(),
            purpose: stored.tracked.purpose.clone(),
            provider: provider.clone(),
            session: stored.tracked.session.clone(),
            from: self.from,
            state: self.state,
            cause: self.cause,
        })
    }
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

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::content("value that was about to be stored"))
}

pub(crate) fn milliseconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
