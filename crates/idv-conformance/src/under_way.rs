//! The call that is under way at the mock vendor, so that its steps can be answered.

use std::collections::BTreeMap;

use idv_core::Operation;

use crate::step::Call;

/// The vendor's id of the session of an applicant.
pub(crate) fn session_id(number: usize) -> String {
    format!("6b1d2f34-90ab-4cde-8f01-{number:012}")
}

/// The caller's reference of an applicant.
pub(crate) fn reference(number: usize) -> String {
    format!("{REFERENCE}{number}")
}

/// The caller's reference of the applicant whose session has this id.
pub(crate) fn reference_of(session: &str) -> String {
    let number = session.rsplit('-').next().and_then(|digits| digits.parse().ok());
    reference(number.unwrap_or_default())
}

/// The first reference in a text.
pub(crate) fn reference_in(text: &str) -> Option<String> {
    let rest = text.get(text.find(REFERENCE)? + REFERENCE.len()..)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("{REFERENCE}{digits}"))
}

const REFERENCE: &str = "conformance-case-";

/// The last call that began, and the sessions behind the keys of references.
#[derive(Debug, Default)]
pub(crate) struct UnderWay {
    operation: Option<Operation>,
    session: String,
    word: String,
    is_cancelled: bool,
    known: BTreeMap<String, String>,
}

impl UnderWay {
    /// Begins a call about the caller's reference.
    pub(crate) fn begin(&mut self, operation: Operation, reference: &str) {
        let number = reference.strip_prefix(REFERENCE).and_then(|number| number.parse().ok());
        (self.operation, self.session) = (Some(operation), session_id(number.unwrap_or(1)));
    }

    /// Begins a call about a session that was started.
    pub(crate) fn go_on(&mut self, operation: Operation, key: &str) {
        let session = self.known.get(key).cloned();
        (self.operation, self.session) = (Some(operation), session.unwrap_or_else(|| session_id(1)));
    }

    /// Keeps the key of a reference to the session of the caller's reference.
    pub(crate) fn learn(&mut self, key: &str, reference: &str) {
        let number = reference.strip_prefix(REFERENCE).and_then(|number| number.parse().ok());
        self.known.insert(key.to_owned(), session_id(number.unwrap_or(1)));
    }

    /// The state that the vendor tells from now on.
    pub(crate) fn set_state(&mut self, word: &str, is_cancelled: bool) {
        word.clone_into(&mut self.word);
        self.is_cancelled = is_cancelled;
    }

    /// The call, about another session where one is named; `None` before the first one.
    pub(crate) fn call<'a>(&'a self, session: Option<&'a str>) -> Option<Call<'a>> {
        Some(Call {
            operation: self.operation?,
            session: session.unwrap_or(&self.session),
            word: &self.word,
            is_cancelled: self.is_cancelled,
        })
    }
}
