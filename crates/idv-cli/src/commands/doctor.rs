//! `idv doctor`.

use idv::health::{Finding, HealthCheck, HealthOutcome};
use idv::{CredentialOwner, Error, ErrorKind, Result};

use super::arguments;
use crate::args::Args;
use crate::failure::Failure;
use crate::output::Document;

pub(super) async fn run(args: &Args) -> Result<(), Failure> {
    let findings = arguments::registry(args)?.health().await;
    match args.output().show(&Document::Health(&findings)) {
        // The exit code tells of what is broken, however little of the report is read.
        Ok(()) | Err(Failure::ReaderGone) => Ok(verdict(&findings)?),
        Err(failure) => Err(failure),
    }
}

/// The error for broken findings. Problems of this machine come first: the reader can fix them.
fn verdict(findings: &[Finding]) -> Result<()> {
    let broken: Vec<&Finding> =
        findings.iter().filter(|finding| finding.outcome == HealthOutcome::Broken).collect();
    let is_of = |checks: &[HealthCheck]| broken.iter().any(|finding| checks.contains(&finding.check));
    let error = if broken.is_empty() {
        return Ok(());
    } else if is_of(&[HealthCheck::Credentials]) && !is_of(AT_HOME) {
        Error::unauthenticated(CredentialOwner::Application)
    } else if is_of(&IN_THE_WAY) && !is_of(AT_HOME) {
        Error::new(ErrorKind::Connection, "a vendor cannot be reached, or does not work")
    } else {
        Error::new(ErrorKind::Config, "the configuration or this machine needs fixing")
    };
    // The report has said which; one provider is named where it is the only one.
    let first = broken.first().map(|finding| finding.provider.clone());
    let only = first.filter(|first| broken.iter().all(|finding| finding.provider == *first));
    Err(match only {
        Some(provider) => error.with_provider(provider),
        None => error,
    })
}

/// Checks whose failure keeps calls from the vendor, or the vendor from answering.
const IN_THE_WAY: [HealthCheck; 4] =
    [HealthCheck::Connection, HealthCheck::Breaker, HealthCheck::Concurrency, HealthCheck::RateLimits];

/// Checks of this machine, which no vendor can fix.
const AT_HOME: &[HealthCheck] =
    &[HealthCheck::Configuration, HealthCheck::Secrets, HealthCheck::Webhooks, HealthCheck::Clock];
