//! What a check has found out, case by case.

use std::fmt;

use idv_core::ConfigProblem;

/// The cases of one check. A check that looked at nothing has failed.
#[derive(Debug, Default)]
pub struct Cases {
    seen: Vec<Case>,
    not_applicable: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// What is wrong; `None` where the case passed.
    pub(crate) complaint: Option<String>,
}

impl Cases {
    /// Notes whether a case holds, and what is wrong where it does not. The name must be the same in every run.
    pub fn that(&mut self, name: impl Into<String>, holds: bool, complaint: impl FnOnce() -> String) {
        self.seen.push(Case { name: name.into(), complaint: (!holds).then(complaint) });
    }

    /// Notes whether what was found is what was wanted.
    pub fn equal<T: fmt::Debug + PartialEq>(&mut self, name: impl Into<String>, found: T, wanted: T) {
        let holds = found == wanted;
        self.that(name, holds, || format!("found {found:?}, wanted {wanted:?}"));
    }

    /// Notes that a case has failed, or has a value to look at.
    pub fn some<T, E: fmt::Display>(&mut self, name: impl Into<String>, found: Result<T, E>) -> Option<T> {
        match found {
            Ok(value) => {
                self.that(name, true, String::new);
                Some(value)
            }
            Err(error) => {
                self.that(name, false, || format!("failed: {error}"));
                None
            }
        }
    }

    /// Notes that options which are good have been refused, or has the instance to look at.
    pub(crate) fn built<T>(&mut self, name: &str, found: Result<T, Vec<ConfigProblem>>) -> Option<T> {
        let problems = found.map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ConfigProblem::to_string).collect();
            format!("the options are refused: {}", problems.join("; "))
        });
        match problems {
            Ok(instance) => Some(instance),
            Err(complaint) => {
                self.that(format!("{name} instance"), false, || complaint);
                None
            }
        }
    }

    /// Says why the check has nothing to look at.
    pub fn not_applicable(&mut self, why: &'static str) {
        self.not_applicable = Some(why);
    }

    /// The cases, and why there are none where there may be none.
    pub(crate) fn into_seen(self) -> (Vec<Case>, Option<&'static str>) {
        let mut seen = self.seen;
        if seen.is_empty() && self.not_applicable.is_none() {
            let complaint = Some("the check looked at nothing".to_owned());
            seen.push(Case { name: "cases".to_owned(), complaint });
        }
        (seen, self.not_applicable)
    }
}
