//! The user.

use serde::{Deserialize, Serialize};

/// The name that may see all verifications.
const OPERATOR: &str = "operator";

/// A user of the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) name: String,
}

impl User {
    /// The reference under which vendors know this user: an id that says nothing of the person, in yours.
    pub(crate) fn reference(&self) -> String {
        format!("user-{}", self.name)
    }

    pub(crate) fn is_operator(&self) -> bool {
        self.name == OPERATOR
    }
}
