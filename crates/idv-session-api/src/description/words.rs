//! Meanings of a vendor's words, as a document writes them.

use std::fmt;
use std::marker::PhantomData;

use idv_core::{DocumentKind, RedirectClaim as Claim, VerificationReason, VerificationStatus};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, de};

/// A table of words with their meanings, in the order of the document.
#[derive(Debug, Clone)]
pub(crate) struct WordTable<T>(Vec<(String, T)>);

impl<T> Default for WordTable<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> WordTable<T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(word, meaning)| (word.as_str(), meaning))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for WordTable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Rows<T> {
            type Value = WordTable<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of words")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WordTable<T>, A::Error> {
                let mut rows = Vec::new();
                while let Some(row) = map.next_entry()? {
                    rows.push(row);
                }
                Ok(WordTable(rows))
            }
        }

        deserializer.deserialize_map(Rows(PhantomData))
    }
}

/// One of idv's statuses; `unrecognized` is none that a word can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatusWord(pub(crate) VerificationStatus);

/// One of idv's reasons.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReasonWord(pub(crate) VerificationReason);

/// A claim of a return URL: never a decision.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClaimWord(pub(crate) Claim);

/// The kind of an identity document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DocumentWord(pub(crate) DocumentKind);

const CLAIMS: [(&str, Claim); 5] = [
    ("submitted", Claim::Submitted),
    ("abandoned", Claim::Abandoned),
    ("expired", Claim::Expired),
    ("cancelled", Claim::Cancelled),
    ("failed", Claim::Failed),
];

impl StatusWord {
    /// The words that a document can use.
    pub(crate) fn known() -> impl Iterator<Item = (&'static str, VerificationStatus)> {
        let meant =
            VerificationStatus::ALL.iter().filter(|status| **status != VerificationStatus::Unrecognized);
        meant.map(|status| (status.as_str(), *status))
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::known().find(|(name, _)| *name == word).map(|(_, status)| Self(status))
    }
}

impl ReasonWord {
    /// The words that a document can use.
    pub(crate) fn known() -> impl Iterator<Item = (&'static str, VerificationReason)> {
        VerificationReason::ALL.iter().map(|reason| (reason.as_str(), *reason))
    }
}

impl DocumentWord {
    /// The words that a document can use.
    pub(crate) fn known() -> impl Iterator<Item = (&'static str, DocumentKind)> {
        DocumentKind::ALL.iter().map(|kind| (kind.expose(), *kind))
    }
}

impl ClaimWord {
    /// The words that a document can use.
    pub(crate) fn known() -> impl Iterator<Item = (&'static str, Claim)> {
        CLAIMS.into_iter()
    }
}

fn find<T, E: de::Error>(word: &str, known: impl Iterator<Item = (&'static str, T)> + Clone) -> Result<T, E> {
    let listed = known.clone().map(|(name, _)| name);
    let found = known.into_iter().find(|(name, _)| *name == word);
    found
        .map(|(_, meaning)| meaning)
        .ok_or_else(|| E::custom(format_args!("expected one of {}", listed.collect::<Vec<_>>().join(", "))))
}

macro_rules! read {
    ($($type:ident),+) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                let known: Vec<_> = Self::known().collect();
                find(&word, known.into_iter()).map(Self)
            }
        }
    )+};
}

read!(StatusWord, ReasonWord, ClaimWord, DocumentWord);
