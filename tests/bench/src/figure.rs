//! One line of the table.

use serde::Serialize;

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Ours is at most so many times theirs.
    RatioAtMost(f64),
    /// Ours is at least so many times theirs.
    RatioAtLeast(f64),
    /// Ours is at most this.
    AtMost(f64),
}

/// Something measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What was done, such as `call nxos check`.
    pub name: String,
    /// What was measured, such as `processor time`.
    pub measure: &'static str,
    /// In what.
    pub unit: &'static str,
    /// How much it is with idv.
    pub ours: f64,
    /// What it is compared with.
    pub against: Option<&'static str>,
    /// How much it is there.
    pub theirs: Option<f64>,
    /// What it should be.
    pub aim: Option<Aim>,
}

impl Figure {
    /// A figure that is compared with nothing yet.
    pub fn new(name: impl Into<String>, measure: &'static str, unit: &'static str, ours: f64) -> Self {
        Self { name: name.into(), measure, unit, ours, against: None, theirs: None, aim: None }
    }

    /// Compares it.
    #[must_use]
    pub fn against(mut self, who: &'static str, theirs: f64) -> Self {
        (self.against, self.theirs) = (Some(who), Some(theirs));
        self
    }

    /// Says what it should be.
    #[must_use]
    pub fn aim(mut self, aim: impl Into<Option<Aim>>) -> Self {
        self.aim = aim.into();
        self
    }
}
