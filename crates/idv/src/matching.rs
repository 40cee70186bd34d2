//! Compares the identity that a vendor verified with what the application believes about its applicant (feature `matching`).
//!
//! An approval says that a person was verified, not that it was the expected one. This says how far names and date of birth agree.
//! It decides nothing: a [partial](Likeness::Partial) likeness is for a person to look at.
//!
//! ```
//! use idv::matching::{BelievedIdentity, Likeness};
//! # use idv::{Pii, VerifiedIdentity};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let believed = BelievedIdentity::named("Jürgen", "Müller").born_on("1980-03-09")?;
//! # let mut verified = VerifiedIdentity::default();
//! # verified.full_name = Some(Pii::new("MUELLER JUERGEN"));
//! # verified.date_of_birth = Some(Pii::new("1980-09-03"));
//! let comparison = believed.compare(&verified); // MUELLER JUERGEN, 1980-09-03
//! assert_eq!(comparison.name, Likeness::Match);
//! assert_eq!(comparison.date_of_birth, Likeness::Partial); // day and month may have been confused
//! assert_eq!(comparison.overall(), Likeness::Partial);
//! # Ok(())
//! # }
//! ```

mod dates;
mod letters;
mod likeness;
mod names;

use idv_core::{Pii, StartRequest, VerifiedIdentity, identity};
use serde::Serialize;

pub use likeness::Likeness;

/// An applicant as the application knows them: personal data, which `Debug` does not show.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BelievedIdentity {
    /// The whole name, in any order.
    pub name: Option<Pii>,
    /// The date of birth as ISO 8601 writes it.
    pub date_of_birth: Option<Pii>,
}

/// Why a text is not a date of birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as `1815-12-10`")]
#[non_exhaustive]
pub struct BirthDateError;

impl BelievedIdentity {
    /// An applicant with a first and a last name; either may be empty.
    #[must_use]
    pub fn named(first_name: &str, last_name: &str) -> Self {
        Self::full_name(&format!("{first_name} {last_name}"))
    }

    /// An applicant with a name whose parts are not known apart.
    #[must_use]
    pub fn full_name(name: &str) -> Self {
        Self { name: identity::text(name), date_of_birth: None }
    }

    /// The applicant as the application described them in a start.
    ///
    /// # Errors
    ///
    /// The date of birth is no date.
    pub fn of_start(start: &StartRequest) -> Result<Self, BirthDateError> {
        let text =
            |fact: &Option<Pii>| fact.as_ref().map_or_else(String::new, |fact| fact.expose().to_owned());
        let believed = Self::named(&text(&start.first_name), &text(&start.last_name));
        match &start.date_of_birth {
            Some(day) => believed.born_on(day.expose()),
            None => Ok(believed),
        }
    }

    /// Adds the date of birth, as ISO 8601 writes it: `1815-12-10`.
    ///
    /// # Errors
    ///
    /// The text is no such date.
    pub fn born_on(mut self, day: &str) -> Result<Self, BirthDateError> {
        self.date_of_birth = Some(identity::date(day).ok_or(BirthDateError)?);
        Ok(self)
    }

    /// Compares with what a vendor verified.
    #[must_use]
    pub fn compare(&self, verified: &VerifiedIdentity) -> IdentityComparison {
        let text =
            |fact: &Option<Pii>| fact.as_ref().map_or_else(String::new, |fact| fact.expose().to_owned());
        let parts = format!("{} {}", text(&verified.first_name), text(&verified.last_name));
        let believed = text(&self.name);
        let of = |name: &str| names::compare(&believed, name);
        IdentityComparison {
            name: of(&parts).or(of(&text(&verified.full_name))),
            date_of_birth: dates::compare(&text(&self.date_of_birth), &text(&verified.date_of_birth)),
            is_believed: [self.name.is_some(), self.date_of_birth.is_some()],
        }
    }
}

/// How far the facts of two identities agree. It holds no fact itself, and may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IdentityComparison {
    /// The names, whatever their order, their case, and the spelling of letters such as `ü` or `Ж`. Left out names, initials, usual short
    /// forms and one wrong letter are [partial](Likeness::Partial).
    pub name: Likeness,
    /// The dates of birth. Day and month the other way round, or one of the three parts, are [partial](Likeness::Partial).
    pub date_of_birth: Likeness,
    #[serde(skip)]
    is_believed: [bool; 2],
}

impl IdentityComparison {
    /// The likeness of all that the application believes: a mismatch where one fact is, and a match where all facts match. What the
    /// vendor did not tell leaves a match of the others partial.
    #[must_use]
    pub fn overall(&self) -> Likeness {
        let believed = [self.name, self.date_of_birth].into_iter().zip(self.is_believed);
        let facts: Vec<Likeness> =
            believed.filter_map(|(fact, is_believed)| is_believed.then_some(fact)).collect();
        let all = |wanted: Likeness| facts.iter().all(|fact| *fact == wanted);
        if facts.contains(&Likeness::Mismatch) {
            Likeness::Mismatch
        } else if all(Likeness::Unknown) {
            Likeness::Unknown
        } else if all(Likeness::Match) {
            Likeness::Match
        } else {
            Likeness::Partial
        }
    }
}

#[cfg(test)]
mod tests;
