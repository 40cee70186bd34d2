//! Drift: where the store and the vendor disagree.

use idv::{CheckRequest, VerificationStatus};
use serde::Serialize;

use super::observe::observe;
use crate::credentials::needs_credential;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::{Observation, Source, Tracked, Tracker, TrackerError};

const PAGE: Statement = sql!("page");

/// How many verifications are read at once.
const SIZE: i64 = 256;

/// A verification whose state at the vendor is another one.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Drift {
    /// The verification as it was stored.
    pub verification: Tracked,
    /// The status at the vendor now.
    pub at_vendor: Option<VerificationStatus>,
    /// Why the vendor could not be asked, as the kind of the error.
    pub error: Option<String>,
}

impl Tracker {
    /// Asks the vendors about every verification whose session is known, and tells where they disagree with the store. With
    /// `repair`, what they say is stored too.
    ///
    /// Those that need an applicant's credential are left out, unless the application supplies it.
    ///
    /// # Errors
    /// [`TrackerError::Store`]. An error of a vendor is part of the result.
    pub async fn reconcile(&self, repair: bool) -> Result<Vec<Drift>, TrackerError> {
        let shared = self.shared();
        let (mut drifts, mut after) = (Vec::new(), 0);
        loop {
            let rows = shared.store.rows(PAGE, values![after, SIZE]).await?;
            let Some(last) = rows.last() else { return Ok(drifts) };
            after = last.int("id")?;
            for row in &rows {
                let stored = StoredVerification::read(row)?;
                drifts.extend(self.drift(stored, repair).await?);
            }
        }
    }

    async fn drift(&self, stored: StoredVerification, repair: bool) -> Result<Option<Drift>, TrackerError> {
        let shared = self.shared();
        let Some(session) = stored.tracked.session.clone() else { return Ok(None) };
        let mut request = CheckRequest::new(session);
        if needs_credential(&shared.registry, request.session.provider()) {
            let Some(source) = &shared.credentials else { return Ok(None) };
            let Some(completed) = source.complete(&stored.tracked, request).await else { return Ok(None) };
            request = completed;
        }
        let asked_at = shared.now();
        let found = match shared.registry.check(&request).await {
            Ok(found) => found,
            Err(error) => {
                let error = Some(error.kind().as_str().to_owned());
                return Ok(Some(Drift { verification: stored.tracked, at_vendor: None, error }));
            }
        };
        let is_same = stored.tracked.state.as_ref().is_some_and(|state| state.status == found.status);
        if is_same {
            return Ok(None);
        }
        if repair {
            let seen = Observation::of_check(Source::Poll, &found, asked_at);
            if observe(shared, &stored, seen).await? {
                shared.announce();
            }
        }
        Ok(Some(Drift { verification: stored.tracked, at_vendor: Some(found.status), error: None }))
    }
}
