//! The cases of a check, and their results.

use std::fmt;

use idv_core::ConfigProblem;

/// The cases of one check. A check without cases has failed.
#[derive(Debug, Default)]
pub struct Cases {
    seen: Vec<Case>,
    not_applicable: Option<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The failure; `None` where the case passed.
    pub(crate) complaint: Option<String>,
}

impl Cases {
    /// Records whether a case holds, and the failure where it does not. The name must be the same in every run.
    pub fn that(&mut self, name: impl Into<String>, holds: bool, complaint: impl FnOnce() -> String) {
        self.seen.push(Case { name: name.into(), complaint: (!holds).then(complaint) });
    }

    /// Records whether the actual value equals the expected one.
    pub fn equal<T: fmt::Debug + PartialEq>(&mut self, name: impl Into<String>, found: T, wanted: T) {
        let holds = found == wanted;
        self.that(name, holds, || format!("found {found:?}, wanted {wanted:?}"));
    }

    /// Records whether the case has a value, and returns it.
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

    /// Records a failure if valid options were refused; else returns the instance.
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

    /// Records the reason why the check is not applicable.
    pub fn not_applicable(&mut self, why: &'static str) {
        self.not_applicable = Some(why);
    }

    /// The cases, and the reason why there are none.
    pub(crate) fn into_seen(self) -> (Vec<Case>, Option<&'static str>) {
        let mut seen = self.seen;
        if seen.is_empty() && self.not_applicable.is_none() {
            let complaint = Some("the check looked at nothing".to_owned());
            seen.push(Case { name: "cases".to_owned(), complaint });
        }
        (seen, self.not_applicable)
    }
}
