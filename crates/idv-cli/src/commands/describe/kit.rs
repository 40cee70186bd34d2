//! The conformance kit on a description, at a mock vendor that behaves as the document says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use idv::Error;
use idv::adapter::{Catalogue, Description};
use idv_conformance::{Described, Failed, Passed, Subject, check, checks};

use crate::failure::usage;

/// The results of the checks, in the order of the kit.
pub(super) struct Findings {
    pub(super) passed: usize,
    /// The checks that do not apply, each with the reason.
    pub(super) not_applicable: Vec<(String, &'static str)>,
    pub(super) failed: Vec<Failed>,
}

type Outcome = Result<Passed, Failed>;

/// Runs every check, on as many threads as the machine has processors.
pub(super) fn run(description: &Description) -> Result<Findings, Error> {
    let catalogue = Catalogue::compiled_in();
    let factory =
        catalogue.get("session-api").ok_or_else(|| usage("this command is built without session-api"))?;
    let subject = Described::new(description.text(), Arc::clone(factory)).map_err(usage)?;
    let subject: Arc<dyn Subject> = Arc::new(subject);
    let all = checks();
    let next = AtomicUsize::new(0);
    let outcomes: Mutex<Vec<(usize, Outcome)>> = Mutex::default();
    let work = || {
        while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            let index = all.iter().position(|other| other.scenario() == one.scenario());
            let outcome = check(&subject, one.family(), one.name());
            outcomes
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((index.unwrap_or_default(), outcome));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
    outcomes.sort_by_key(|(index, _)| *index);
    Ok(sorted(outcomes.into_iter().map(|(index, outcome)| (all[index].scenario(), outcome))))
}

fn sorted(outcomes: impl Iterator<Item = (String, Outcome)>) -> Findings {
    let mut findings = Findings { passed: 0, not_applicable: Vec::new(), failed: Vec::new() };
    for (scenario, outcome) in outcomes {
        match outcome {
            Ok(Passed { not_applicable: Some(reason), .. }) => {
                findings.not_applicable.push((scenario, reason))
            }
            Ok(_) => findings.passed += 1,
            Err(failed) => findings.failed.push(failed),
        }
    }
    findings
}
