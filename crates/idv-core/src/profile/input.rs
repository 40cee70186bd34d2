//! The inputs of an operation: their names, and which operation needs which.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::Operation;
use crate::string_enum::string_enum;

string_enum! {
    /// The need of an operation for an input.
    pub enum InputNeed {
        /// The operation fails without it, before anything is sent.
        Required = "required",
        /// Used where it is given.
        Optional = "optional",
        /// The vendor takes no such input.
        Unused = "unused",
    }
}

/// The name of an input: snake_case, as in JSON and on the command line.
///
/// A string and not an enum: attributes of vendors to come are inputs by their own name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Input(Cow<'static, str>);

impl Input {
    /// The caller's own reference for the case.
    pub const REFERENCE: Self = Self::from_static("reference");
    /// The applicant's first name.
    pub const FIRST_NAME: Self = Self::from_static("first_name");
    /// The applicant's last name.
    pub const LAST_NAME: Self = Self::from_static("last_name");
    /// The applicant's e-mail address.
    pub const EMAIL: Self = Self::from_static("email");
    /// The applicant's phone number, in E.164 form.
    pub const PHONE: Self = Self::from_static("phone");
    /// The organization to verify.
    pub const ORGANIZATION: Self = Self::from_static("organization");
    /// The id of a registration under way.
    pub const ONBOARDING_ID: Self = Self::from_static("onboarding_id");
    /// The applicant's own token at the vendor.
    pub const USER_TOKEN: Self = Self::from_static("user_token");
    /// Where the browser goes when the applicant has finished.
    pub const REDIRECT_URL: Self = Self::from_static("redirect_url");
    /// Which of the vendor's workflows to run.
    pub const WORKFLOW: Self = Self::from_static("workflow");
    /// Whether the vendor writes to the applicant.
    pub const INVITES: Self = Self::from_static("invites");
    /// The key under which the vendor recognises a repeated call.
    pub const IDEMPOTENCY_KEY: Self = Self::from_static("idempotency_key");
    /// The applicant's date of birth, as ISO 8601 writes it.
    pub const DATE_OF_BIRTH: Self = Self::from_static("date_of_birth");
    /// The country that the verification is about, as ISO 3166-1 alpha-2 writes it.
    pub const COUNTRY: Self = Self::from_static("country");
    /// The language in which the applicant is spoken to, as BCP 47 writes it.
    pub const LANGUAGE: Self = Self::from_static("language");
    /// The token of an import.
    pub const SHARE_TOKEN: Self = Self::from_static("share_token");
    /// The [`SessionRef`](crate::SessionRef) given to refresh, check or redirect.
    pub const SESSION: Self = Self::from_static("session");

    /// A name known when the adapter is compiled.
    #[must_use]
    pub const fn from_static(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// A name made while running, such as that of an attribute.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(Cow::Owned(name.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for Input {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The need of each operation for each input. Inputs that are not declared are unused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputTable(BTreeMap<Operation, BTreeMap<Input, InputNeed>>);

impl InputTable {
    /// A table in which start needs the caller's reference, as it does everywhere.
    #[must_use]
    pub fn new() -> Self {
        let mut table = Self::default();
        table.declare(Operation::Start, InputNeed::Required, [Input::REFERENCE]);
        table
    }

    /// Declares inputs of an operation.
    pub fn declare(
        &mut self,
        operation: Operation,
        need: InputNeed,
        inputs: impl IntoIterator<Item = Input>,
    ) {
        let row = self.0.entry(operation).or_default();
        row.extend(inputs.into_iter().map(|input| (input, need)));
    }

    /// Declares inputs of an operation, as part of a chain.
    #[must_use]
    pub fn with(
        mut self,
        operation: Operation,
        need: InputNeed,
        inputs: impl IntoIterator<Item = Input>,
    ) -> Self {
        self.declare(operation, need, inputs);
        self
    }

    /// The need of an operation for an input.
    #[must_use]
    pub fn need(&self, operation: Operation, input: &Input) -> InputNeed {
        self.0.get(&operation).and_then(|row| row.get(input)).copied().unwrap_or(InputNeed::Unused)
    }

    /// The inputs without which an operation fails.
    pub fn required(&self, operation: Operation) -> impl Iterator<Item = &Input> {
        self.declared(operation).filter(|(_, need)| *need == InputNeed::Required).map(|(input, _)| input)
    }

    /// The inputs that an operation knows.
    pub fn declared(&self, operation: Operation) -> impl Iterator<Item = (&Input, InputNeed)> {
        self.0.get(&operation).into_iter().flatten().map(|(input, need)| (input, *need))
    }
}

impl Serialize for InputTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
