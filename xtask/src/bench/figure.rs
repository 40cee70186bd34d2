//! One line of the table, as `tests/bench` prints it.

use crate::process::{Failure, Result, Run};
use serde_json::{Value, json};

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aim {
    RatioAtMost(f64),
    RatioAtLeast(f64),
    AtMost(f64),
    AtLeast(f64),
    /// Ours is at most this much more than theirs.
    MoreAtMost(f64),
}

/// Something measured.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) measure: String,
    pub(super) unit: String,
    pub(super) ours: f64,
    pub(super) against: Option<(String, f64)>,
    pub(super) aim: Option<Aim>,
}

impl Figure {
    pub(super) fn new(name: &str, measure: &str, unit: &str, ours: f64) -> Self {
        let (name, measure, unit) = (name.to_owned(), measure.to_owned(), unit.to_owned());
        Self { name, measure, unit, ours, against: None, aim: None }
    }

    pub(super) fn against(mut self, who: &str, theirs: f64) -> Self {
        self.against = Some((who.to_owned(), theirs));
        self
    }

    pub(super) fn aim(mut self, aim: impl Into<Option<Aim>>) -> Self {
        self.aim = aim.into();
        self
    }

    pub(super) fn ratio(&self) -> Option<f64> {
        self.against.as_ref().filter(|(_, theirs)| *theirs != 0.0).map(|(_, theirs)| self.ours / theirs)
    }

    /// Whether the aim is reached, where there is one.
    pub(super) fn is_met(&self) -> Option<bool> {
        match self.aim? {
            Aim::RatioAtMost(most) => self.ratio().map(|ratio| ratio <= most),
            Aim::RatioAtLeast(least) => self.ratio().map(|ratio| ratio >= least),
            Aim::AtMost(most) => Some(self.ours <= most),
            Aim::AtLeast(least) => Some(self.ours >= least),
            Aim::MoreAtMost(more) => self.against.as_ref().map(|(_, theirs)| self.ours - theirs <= more),
        }
    }

    fn of(value: &Value) -> Option<Self> {
        let text = |key: &str| value[key].as_str().map(str::to_owned);
        Some(Self {
            name: text("name")?,
            measure: text("measure")?,
            unit: text("unit")?,
            ours: value["ours"].as_f64()?,
            against: text("against").zip(value["theirs"].as_f64()),
            aim: Aim::of(&value["aim"]),
        })
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "name": self.name, "measure": self.measure, "unit": self.unit, "ours": self.ours,
            "against": self.against.as_ref().map(|(who, _)| who), "theirs": self.against.as_ref().map(|(_, theirs)| theirs),
            "ratio": self.ratio(), "aim": self.aim.map(Aim::words), "met": self.is_met(),
        })
    }
}

impl Aim {
    fn of(value: &Value) -> Option<Self> {
        let (name, number) = value.as_object()?.iter().next()?;
        let number = number.as_f64()?;
        match name.as_str() {
            "ratio_at_most" => Some(Self::RatioAtMost(number)),
            "ratio_at_least" => Some(Self::RatioAtLeast(number)),
            "at_most" => Some(Self::AtMost(number)),
            _ => None,
        }
    }

    pub(super) fn words(self) -> String {
        match self {
            Self::RatioAtMost(most) => format!("≤ {most} ×"),
            Self::RatioAtLeast(least) => format!("≥ {least} ×"),
            Self::AtMost(most) => format!("≤ {most}"),
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::MoreAtMost(more) => format!("≤ {more} more"),
        }
    }
}

/// The figures that a program prints, one JSON document on each line.
pub(super) fn read(run: Run) -> Result<Vec<Figure>> {
    documents(run)?
        .iter()
        .map(|value| Figure::of(value).ok_or_else(|| Failure(format!("this is no figure: {value}"))))
        .collect()
}

pub(super) fn documents(run: Run) -> Result<Vec<Value>> {
    let document =
        |line: &str| serde_json::from_str(line).map_err(|error| Failure(format!("{line}: {error}")));
    run.captured()?.lines().map(document).collect()
}

#[cfg(test)]
mod tests {
    use super::{Aim, Figure};
    use serde_json::json;

    #[test]
    fn a_figure_is_read_and_judged() {
        let mut value = json!({"name": "a", "measure": "b", "unit": "ns", "ours": 11.0, "against": "c", "theirs": 10.0,
            "aim": {"ratio_at_most": 1.05}});
        let met = |value: &serde_json::Value| Figure::of(value).unwrap().is_met();
        assert_eq!(met(&value), Some(false));
        value["aim"] = json!({"ratio_at_least": 1.05});
        assert_eq!(met(&value), Some(true));
        value["aim"] = json!({"at_most": 11.0});
        assert_eq!(met(&value), Some(true));
        value["aim"] = json!(null);
        assert_eq!(met(&value), None);
        value["ours"] = json!(null);
        assert_eq!(Figure::of(&value), None);
    }

    #[test]
    fn a_difference_is_judged() {
        let figure = |ours| Figure::new("a", "b", "", ours).against("c", 10.0).aim(Aim::MoreAtMost(25.0));
        assert_eq!(figure(35.0).is_met(), Some(true));
        assert_eq!(figure(36.0).is_met(), Some(false));
    }
}
