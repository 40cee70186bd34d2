//! The vendor's own ids of a verification.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::VendorWord;

/// The ids that a vendor gave for a verification, by name: `organization_id`, `user_id`, `user_external_id`,
/// `session_id`, `external_id`. They say whom an answer or an event is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correlation(BTreeMap<String, VendorWord>);

impl Correlation {
    /// The organization at nxos.
    pub const ORGANIZATION_ID: &'static str = "organization_id";
    /// The user at Baanx.
    pub const USER_ID: &'static str = "user_id";
    /// The application's own id of a Baanx user.
    pub const USER_EXTERNAL_ID: &'static str = "user_external_id";
    /// The session at a session API.
    pub const SESSION_ID: &'static str = "session_id";
    /// The application's own reference, where a vendor stores it.
    pub const EXTERNAL_ID: &'static str = "external_id";

    /// No ids.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an id; an empty one is left out.
    #[must_use]
    pub fn with(mut self, name: &str, id: Option<&str>) -> Self {
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            self.0.insert(name.to_owned(), VendorWord::new(id));
        }
        self
    }

    /// The id of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(VendorWord::as_str)
    }

    /// Names and ids, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, id)| (name.as_str(), id.as_str()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first name in `expected` whose id is absent here or another one.
    #[must_use]
    pub fn first_mismatch<'a>(&self, expected: &'a Self) -> Option<&'a str> {
        expected.0.iter().find(|(name, id)| self.0.get(*name) != Some(*id)).map(|(name, _)| name.as_str())
    }
}

impl Serialize for Correlation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
