//! The provider with which workers ask the vendor of a fleet.

use std::sync::Arc;
use std::time::Duration;

use idv::config::ConfigDocument;
use idv::profile::Cadence;
use idv::testing::{CheckFn, FactoryFn, profile};
use idv::{
    CheckRequest, Error, ErrorKind, NextAction, ProviderId, ProviderKind, Registry, VendorWord, Verification,
    VerificationProvider, VerificationStatus,
};

use super::line::Line;

/// The id of the provider.
pub(super) const ID: &str = "fleet";

/// Nothing is due again within a test.
pub(super) const PAUSE: Duration = Duration::from_secs(3600);

/// A registry whose provider asks the vendor at a port, as a worker of this number.
pub(super) fn registry(port: u16, worker: usize) -> Registry {
    let document = ConfigDocument::from_toml_str("active = \"fleet\"\n[providers.fleet]\nkind = \"fleet\"\n");
    let line = Arc::new(Line::new(port, worker));
    let kind = ProviderKind::from_static("fleet");
    let factory = FactoryFn::new(kind, move |id| Arc::new(provider(id, Arc::clone(&line))));
    Registry::builder().factory(factory).build(&document.unwrap()).unwrap()
}

fn provider(id: &ProviderId, line: Arc<Line>) -> impl VerificationProvider + use<> {
    let mut profile = profile();
    profile.actions.cadence = Cadence::every(PAUSE);
    CheckFn::new(id.clone(), profile, move |request: &CheckRequest| {
        let (line, session) = (Arc::clone(&line), request.session.clone());
        async move {
            let answer = line.ask(session.key()).await;
            answer.map_err(|error| Error::new(ErrorKind::Unavailable, error.to_string()))?;
            let (word, action) = (VendorWord::new("PENDING"), NextAction::Wait { poll_after: PAUSE });
            Ok(Verification::new(session, VerificationStatus::InReview, word, action))
        }
    })
}
