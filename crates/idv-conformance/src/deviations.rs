//! Deviations of an adapter from the others: declared in a file, with a reason and a source, and no longer than needed.

use serde::Deserialize;

use crate::cases::Case;

/// A declared difference: one entry of the deviations file.
///
/// ```toml
/// [[deviation]]
/// scenario = "time::waits_are_read/start 503 date"   # a check, or one case of it
/// reason = "the vendor's dates are in its local time"
/// source = "vendor.example/docs/limits"
/// ```
///
/// An unknown scenario, a missing reason or source, and a deviation that is not needed are failures.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Deviation {
    /// `family::check`, or `family::check/case` for one case of it.
    pub scenario: String,
    /// The reason why the adapter cannot do as the others do.
    pub reason: String,
    /// The page of the vendor that says so.
    pub source: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    deviation: Vec<Deviation>,
}

impl Deviation {
    /// Reads a deviations file.
    ///
    /// # Errors
    /// A sentence about what is wrong with the file, or with an entry by itself.
    pub fn parse(file: &str) -> Result<Vec<Self>, String> {
        let file: File = toml::from_str(file).map_err(|error| format!("the deviations file: {error}"))?;
        for deviation in &file.deviation {
            for (what, text) in [("reason", &deviation.reason), ("source", &deviation.source)] {
                if text.trim().is_empty() {
                    return Err(format!("the deviation `{}` has no {what}", deviation.scenario));
                }
            }
        }
        Ok(file.deviation)
    }

    /// `family::check`.
    pub(crate) fn check(&self) -> &str {
        self.scenario.split_once('/').map_or(self.scenario.as_str(), |(check, _)| check)
    }

    fn covers(&self, case: &Case) -> bool {
        self.scenario.split_once('/').is_none_or(|(_, name)| name == case.name)
    }
}

/// The complaints that no deviation of the check excuses, and those about the deviations themselves.
pub(crate) fn judge(check: &str, seen: &[Case], deviations: &[Deviation]) -> Vec<String> {
    let ours: Vec<&Deviation> = deviations.iter().filter(|deviation| deviation.check() == check).collect();
    let excused = |case: &Case| ours.iter().any(|deviation| deviation.covers(case));
    let mut complaints: Vec<String> = seen
        .iter()
        .filter(|case| !excused(case))
        .filter_map(|case| case.complaint.as_ref().map(|complaint| format!("{}: {complaint}", case.name)))
        .collect();
    for deviation in ours {
        let mut covered = seen.iter().filter(|case| deviation.covers(case)).peekable();
        if covered.peek().is_none() {
            complaints
                .push(format!("the deviation `{}` names a case that does not exist", deviation.scenario));
        } else if covered.all(|case| case.complaint.is_none()) {
            complaints.push(format!("the deviation `{}` is stale: everything passes", deviation.scenario));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, complaint: Option<&str>) -> Case {
        Case { name: name.to_owned(), complaint: complaint.map(str::to_owned) }
    }

    fn deviations(scenarios: &[&str]) -> Vec<Deviation> {
        let entries = scenarios.iter().map(|scenario| {
            format!("[[deviation]]\nscenario = \"{scenario}\"\nreason = \"r\"\nsource = \"s\"\n")
        });
        Deviation::parse(&entries.collect::<String>()).expect("a good file")
    }

    #[test]
    fn what_is_declared_is_excused_and_nothing_else() {
        let seen = [case("one", Some("bad")), case("two", Some("worse")), case("three", None)];
        let judge = |scenarios: &[&str]| judge("time::waits", &seen, &deviations(scenarios));
        assert_eq!(judge(&[]), ["one: bad", "two: worse"]);
        assert_eq!(judge(&["time::waits/one"]), ["two: worse"]);
        assert!(judge(&["time::waits"]).is_empty());
        assert_eq!(judge(&["time::other"]), ["one: bad", "two: worse"]);
    }

    #[test]
    fn deviations_that_excuse_nothing_are_complaints() {
        let seen = [case("one", None)];
        let stale = judge("time::waits", &seen, &deviations(&["time::waits/one"]));
        assert_eq!(stale, ["the deviation `time::waits/one` is stale: everything passes"]);
        let unknown = judge("time::waits", &seen, &deviations(&["time::waits/two"]));
        assert_eq!(unknown, ["the deviation `time::waits/two` names a case that does not exist"]);
    }

    #[test]
    fn an_entry_without_reason_or_source_is_refused() {
        for entry in [
            "scenario = \"a::b\"\nsource = \"s\"",
            "scenario = \"a::b\"\nreason = \" \"\nsource = \"s\"",
            "scenario = \"a::b\"\nreason = \"r\"\nsource = \"\"",
            "scenario = \"a::b\"\nreason = \"r\"\nsource = \"s\"\nuntil = \"2030\"",
        ] {
            assert!(Deviation::parse(&format!("[[deviation]]\n{entry}\n")).is_err(), "{entry}");
        }
    }
}
