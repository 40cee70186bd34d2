//! Decides the state of a verification by all observations of it.

use idv::{NextAction, ProviderId, Timestamp, Verification, VerificationStatus};

use super::observations::History;
use super::transition::facts;
use crate::merge::{Merged, OrderingPolicy, merge};
use crate::store::{Statement, StoredVerification, Transaction, sql, values};
use crate::tracker::Shared;
use crate::{Observation, State, StoreError};

const TRANSITION: Statement = sql!("insert_transition");

/// The effect of an observation.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) state: Option<State>,
    pub(crate) version: i64,
    /// Until when an approval counts, where the configuration limits it.
    pub(crate) valid_until: Option<Timestamp>,
    /// The state changed, so that the application is told.
    pub(crate) is_news: bool,
    /// The vendor should be asked, although the status does not need it.
    pub(crate) in_doubt: bool,
    /// The row of the observation, where it was stored or seen again.
    pub(crate) observation: Option<i64>,
}

impl Recorded {
    /// Nothing changed.
    pub(crate) fn nothing(stored: &StoredVerification) -> Self {
        Self {
            state: stored.tracked.state.clone(),
            version: stored.tracked.version,
            valid_until: None,
            is_news: false,
            in_doubt: false,
            observation: None,
        }
    }

    /// Whether the state is what the vendor answered, and nothing else is to be found out.
    pub(crate) fn is_what(&self, answer: &Verification) -> bool {
        let says_so = |state: &State| {
            state.status == answer.status
                && state.provider_status == answer.provider_status
                && state.reasons == answer.reasons
        };
        !self.in_doubt && self.state.as_ref().is_some_and(says_so)
    }

    /// Whether it can still go on, so that other starts of its reference and purpose share it.
    pub(super) fn is_open(&self) -> bool {
        self.state.as_ref().is_none_or(|state| {
            !state.status.stops_watching() || state.status == VerificationStatus::ResubmissionRequired
        })
    }
}

/// Decides the state, and puts a change of it into the outbox.
pub(super) async fn decide(
    shared: &Shared,
    transaction: &mut Transaction,
    stored: &StoredVerification,
    provider: &ProviderId,
    history: History,
) -> Result<Recorded, StoreError> {
    let history: Vec<Observation> = history.into_iter().map(|(_, seen)| seen).collect();
    let Some(merged) = merge(&ordering(shared, provider), &history) else {
        return Ok(Recorded::nothing(stored));
    };
    let (cause, in_doubt) = (merged.cause, merged.in_doubt);
    let state = state(shared, provider, merged);
    let before = stored.tracked.state.as_ref();
    let is_news = before.is_none_or(|before| before.differs_from(&state));
    let version = stored.tracked.version + i64::from(is_news);
    if is_news {
        let facts = facts(stored, provider, before.map(|before| before.status), &state, cause)?;
        transaction.run(TRANSITION, values![stored.tracked.id, version, shared.now(), facts]).await?;
    }
    let valid_until = valid_until(shared, &state);
    Ok(Recorded { state: Some(state), version, valid_until, is_news, in_doubt, observation: None })
}

fn state(shared: &Shared, provider: &ProviderId, merged: Merged) -> State {
    State {
        next_action: action_told(shared, provider, merged.status, merged.next_action),
        status: merged.status,
        provider_status: merged.provider_status,
        reasons: merged.reasons,
        subject_kind: merged.subject_kind,
        updated_at: merged.since,
    }
}

/// The action that the application is told. An event's advice to ask the vendor is the tracker's business.
pub(crate) fn action_told(
    shared: &Shared,
    provider: &ProviderId,
    status: VerificationStatus,
    action: Option<NextAction>,
) -> NextAction {
    let told = action.filter(|action| *action != NextAction::Check);
    let told = told.or_else(|| {
        let provider = shared.registry.provider(provider).ok()?;
        Some(provider.profile().next_action(status))
    });
    told.unwrap_or(NextAction::Check)
}

fn valid_until(shared: &Shared, state: &State) -> Option<Timestamp> {
    let period = shared.options.approvals_count_for.filter(|_| state.status == VerificationStatus::Approved);
    period.map(|period| state.updated_at.saturating_add(period))
}

fn ordering(shared: &Shared, provider: &ProviderId) -> OrderingPolicy {
    let Ok(provider) = shared.registry.provider(provider) else { return OrderingPolicy::default() };
    let kind = &provider.profile().kind;
    shared.options.ordering.get(kind).cloned().unwrap_or_else(|| OrderingPolicy::of(kind))
}
