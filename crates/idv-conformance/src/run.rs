//! Runs checks.

use std::fmt;
use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::canary;
use crate::cases::{Case, Cases};
use crate::checks::all;
use crate::condition::Facts;
use crate::deviations::{Deviation, judge};
use crate::instance;
use crate::registration::Check;
use crate::subject::Subject;
use crate::trial::Trial;

/// All checks, family by family.
#[must_use]
pub fn checks() -> Vec<&'static Check> {
    all().collect()
}

/// The result of an adapter that passes a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Passed {
    /// The number of cases.
    pub cases: usize,
    /// The reason why the check is not applicable, where the vendor lacks its feature.
    pub not_applicable: Option<&'static str>,
}

/// The failed cases of an adapter. `Debug` is written for people, since a failing test prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Failed {
    scenario: String,
    complaints: Vec<String>,
}

impl Failed {
    fn of(scenario: impl Into<String>, complaint: impl Into<String>) -> Self {
        Self { scenario: scenario.into(), complaints: vec![complaint.into()] }
    }

    fn unless_empty(scenario: impl Into<String>, complaints: Vec<String>) -> Result<(), Self> {
        if complaints.is_empty() { Ok(()) } else { Err(Self { scenario: scenario.into(), complaints }) }
    }

    /// `family::check`.
    #[must_use]
    pub fn scenario(&self) -> &str {
        &self.scenario
    }

    /// A line for each case that failed.
    #[must_use]
    pub fn complaints(&self) -> &[String] {
        &self.complaints
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of its cases failed", self.scenario, self.complaints.len())?;
        self.complaints.iter().try_for_each(|complaint| write!(f, "\n  {complaint}"))
    }
}

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failed {}

/// Runs one check, on a runtime of its own.
///
/// # Errors
/// [`Failed`] with every case that failed and that no deviation excuses.
pub fn check(subject: &Arc<dyn Subject>, family: &str, name: &str) -> Result<Passed, Failed> {
    let scenario = format!("{family}::{name}");
    let Some(check) = all().find(|check| check.family == family && check.name == name) else {
        return Err(Failed::of(scenario, "there is no such check"));
    };
    let deviations = match Deviation::parse(subject.deviations()) {
        Ok(deviations) => deviations,
        Err(complaint) => return Err(Failed::of(scenario, complaint)),
    };
    let (seen, not_applicable) =
        cases_of(subject, check).map_err(|complaint| Failed::of(&scenario, complaint))?;
    Failed::unless_empty(&scenario, judge(&scenario, &seen, &deviations))?;
    Ok(Passed { cases: seen.len(), not_applicable })
}

/// The cases of a check, and the reason if it is not applicable.
type Seen = (Vec<Case>, Option<&'static str>);

fn cases_of(subject: &Arc<dyn Subject>, check: &Check) -> Result<Seen, String> {
    runtime()?.block_on(async {
        let known: Vec<String> = subject.secrets().into_iter().map(|(_, value)| value.to_owned()).collect();
        let trial = Trial::set_up(subject).await.map_err(|complaint| withheld(complaint, &known))?;
        if let Some(reason) = check.inapplicable(&trial.facts()) {
            return Ok((Vec::new(), Some(reason)));
        }
        let mut cases = Cases::default();
        (check.run)(&trial, &mut cases).await;
        let (mut seen, not_applicable) = cases.into_seen();
        let secrets = trial.unprintable();
        for case in &mut seen {
            case.complaint = case.complaint.take().map(|complaint| withheld(complaint, &secrets));
        }
        Ok((seen, not_applicable))
    })
}

fn runtime() -> Result<Runtime, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| format!("no runtime: {error}"))
}

/// Every check, with the reason where it does not apply to the subject. If the adapter cannot be built, each check applies, and
/// fails with the problems.
pub(crate) fn applicability(subject: &dyn Subject) -> Vec<(&'static Check, Option<&'static str>)> {
    let runtime = runtime();
    let _entered = runtime.as_ref().ok().map(Runtime::enter);
    let provider = instance::alone(subject).ok();
    let facts = provider.as_ref().map(|provider| Facts { subject, profile: provider.profile() });
    let reason = |check: &Check| facts.as_ref().and_then(|facts| check.inapplicable(facts));
    all().map(|check| (check, reason(check))).collect()
}

/// Withholds a complaint that holds a secret, because it ends up in the log of a build.
fn withheld(complaint: String, secrets: &[String]) -> String {
    match canary::find(&complaint, secrets) {
        Some(number) => format!("what was found holds a secret, and is withheld: number {number}"),
        None => complaint,
    }
}

/// Checks the deviations file of a subject: it can be read, and every entry names a check that exists and applies.
///
/// # Errors
/// [`Failed`] with all its problems.
pub fn check_deviations(subject: &dyn Subject) -> Result<(), Failed> {
    let complaints = match Deviation::parse(subject.deviations()) {
        Err(complaint) => vec![complaint],
        Ok(deviations) => {
            let known = applicability(subject);
            deviations.iter().filter_map(|deviation| useless(deviation, &known)).collect()
        }
    };
    Failed::unless_empty("deviations", complaints)
}

/// The complaint about a deviation that can excuse nothing.
fn useless(deviation: &Deviation, known: &[(&Check, Option<&'static str>)]) -> Option<String> {
    let named = known.iter().find(|(check, _)| check.scenario() == deviation.check());
    let problem = match named {
        None => "a check that does not exist".to_owned(),
        Some((_, Some(reason))) => format!("a check that does not apply: {reason}"),
        Some((_, None)) => return None,
    };
    Some(format!("the deviation `{}` names {problem}", deviation.scenario))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_with_a_secret_is_withheld() {
        let secrets = ["key-canary-1".to_owned(), "https://vendor.example/s/1".to_owned()];
        let told = withheld("found Some(\"https://vendor.example/s/1\"), wanted None".to_owned(), &secrets);
        assert_eq!(told, "what was found holds a secret, and is withheld: number 1");
        assert_eq!(withheld("found 1, wanted 2".to_owned(), &secrets), "found 1, wanted 2");
    }
}
