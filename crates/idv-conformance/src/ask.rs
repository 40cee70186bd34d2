//! One call of an operation, ready to be made.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use idv_core::{
    AccessToken, CancelRequest, CheckRequest, EraseRequest, Erasure, FindRequest, ImportRequest,
    RefreshRequest, Result, SessionUrl, StartRequest, Verification, VerificationProvider,
    VerificationSession,
};

/// One call of an operation, ready to be made.
#[derive(Debug)]
pub(crate) enum Ask {
    Start(StartRequest),
    Refresh(RefreshRequest),
    Check(CheckRequest),
    Find(FindRequest),
    Import(ImportRequest),
    Cancel(CancelRequest),
    Erase(EraseRequest),
}

impl Ask {
    /// Limits the time of the call.
    pub(crate) fn within(mut self, deadline: Option<Duration>) -> Self {
        let context = match &mut self {
            Self::Start(request) => request.context_mut(),
            Self::Refresh(request) => request.context_mut(),
            Self::Check(request) => request.context_mut(),
            Self::Find(request) => request.context_mut(),
            Self::Import(request) => request.context_mut(),
            Self::Cancel(request) => request.context_mut(),
            Self::Erase(request) => request.context_mut(),
        };
        context.set_deadline(deadline.map(Into::into));
        self
    }

    /// Makes the call.
    pub(crate) async fn send(&self, provider: &dyn VerificationProvider) -> Result<Given> {
        Ok(match self {
            Self::Start(request) => Given::Session(provider.start(request).await?),
            Self::Refresh(request) => Given::Session(provider.refresh(request).await?),
            Self::Check(request) => Given::Verifications(vec![provider.check(request).await?]),
            Self::Find(request) => Given::Verifications(provider.find(request).await?),
            Self::Import(request) => Given::Verifications(vec![provider.import(request).await?]),
            Self::Cancel(request) => Given::Verifications(vec![provider.cancel(request).await?]),
            Self::Erase(request) => Given::Erasure(provider.erase(request).await?),
        })
    }
}

/// The result of an operation.
#[derive(Debug)]
pub(crate) enum Given {
    Session(VerificationSession),
    Verifications(Vec<Verification>),
    Erasure(Erasure),
}

impl Given {
    /// A digest of everything that an application can see of the result, except the time. The text itself holds
    /// secrets.
    pub(crate) fn digest(&self) -> u64 {
        let mut digest = DefaultHasher::new();
        match self {
            Self::Session(session) => {
                let token = session.access_token().map(AccessToken::expose);
                let url = session.url().map(SessionUrl::expose);
                let mut timeless = session.clone();
                timeless.expires_at = None;
                (format!("{timeless:?}"), url, token).hash(&mut digest);
            }
            Self::Verifications(verifications) => format!("{verifications:?}").hash(&mut digest),
            Self::Erasure(erasure) => format!("{erasure:?}").hash(&mut digest),
        }
        digest.finish()
    }

    /// Whether the result contains a verdict on an applicant.
    pub(crate) fn decides(&self) -> bool {
        match self {
            Self::Session(session) => session.status.is_decision(),
            Self::Verifications(found) => found.iter().any(|found| found.status.is_decision()),
            Self::Erasure(_) => false,
        }
    }
}
