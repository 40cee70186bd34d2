//! The vendor's words mapped to ours, and the spec of its ids.

use std::borrow::Cow;

use idv_core::{ReportedReason, VendorWord, VerificationReason as Reason, VerificationStatus as Status};

use idv_http::json::{Found, Kind};

use crate::places::Place;
use crate::record::Record;

/// The meanings of words. A row is a word, or `word + detail` for a word beside another one, which goes first. Where a row is
/// a number or a boolean, all numbers or booleans are words, known or not.
#[derive(Debug, Clone)]
pub(crate) struct Words<T> {
    rows: Vec<Row<T>>,
    numbers: bool,
    booleans: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Row<T> {
    pub(crate) word: String,
    pub(crate) detail: Option<String>,
    pub(crate) meaning: T,
}

impl<T: Copy> Words<T> {
    pub(crate) fn new<W: AsRef<str>>(rows: impl IntoIterator<Item = (W, T)>) -> Self {
        let row = |(text, meaning): (W, T)| match text.as_ref().split_once(" + ") {
            Some((word, detail)) => {
                Row { word: word.trim().to_owned(), detail: Some(detail.trim().to_owned()), meaning }
            }
            None => Row { word: text.as_ref().trim().to_owned(), detail: None, meaning },
        };
        let rows: Vec<Row<T>> = rows.into_iter().map(row).collect();
        let any = |is: fn(&str) -> bool| rows.iter().any(|row| is(&row.word));
        let numbers = any(|word| word.parse::<f64>().is_ok_and(f64::is_finite));
        let booleans = any(|word| matches!(word, "true" | "false"));
        Self { rows, numbers, booleans }
    }

    /// The word that a value is.
    pub(crate) fn word<'a>(&self, place: Place<'a>) -> Found<Cow<'a, str>> {
        let Place { name, value } = place;
        match value.kind() {
            Kind::Number if self.numbers => value.word(name),
            Kind::Boolean if self.booleans => value.word(name),
            _ => value.text(name),
        }
    }

    /// The meaning of a word; the case of ASCII letters does not count.
    pub(crate) fn meaning(&self, word: &str, detail: Option<&str>) -> Option<T> {
        let find = |detail: Option<&str>| self.rows.iter().find(|row| row.is(word, detail));
        let exact = detail.and_then(|detail| find(Some(detail)));
        exact.or_else(|| find(None)).map(|row| row.meaning)
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row<T>> {
        self.rows.iter()
    }

    /// A word whose meaning is said twice.
    pub(crate) fn repeated(&self) -> Option<&str> {
        let earlier = |index: usize, row: &Row<T>| {
            self.rows.iter().take(index).any(|other| other.is(&row.word, row.detail.as_deref()))
        };
        let mut rows = self.rows.iter().enumerate();
        rows.find(|(index, row)| earlier(*index, row)).map(|(_, row)| row.word.as_str())
    }
}

impl<T> Row<T> {
    fn is(&self, word: &str, detail: Option<&str>) -> bool {
        let same_detail = match (&self.detail, detail) {
            (Some(own), Some(other)) => own.eq_ignore_ascii_case(other),
            (None, None) => true,
            _ => false,
        };
        same_detail && self.word.eq_ignore_ascii_case(word)
    }
}

/// A status, the vendor's own word for it, and why.
pub(crate) type Said = (Status, VendorWord, Vec<ReportedReason>);

/// The meanings of the words of a session record.
#[derive(Debug, Clone)]
pub(crate) struct Vocabulary {
    pub(crate) statuses: Words<Status>,
    /// Statuses that say by themselves why.
    pub(crate) status_reasons: Words<Reason>,
    pub(crate) reasons: Words<Reason>,
}

impl Vocabulary {
    /// The status of a record that has one, the vendor's own word, and why. A word whose detail cannot be read could mean
    /// anything.
    pub(crate) fn read(&self, record: &Record<'_>) -> Found<Said> {
        record
            .status
            .clone()
            .and_then(|place| self.statuses.word(place))
            .and_then(|word| self.said(&word, record))
    }

    fn said(&self, word: &str, record: &Record<'_>) -> Found<Said> {
        let (status, implied) = match &record.detail {
            Found::Unreadable(_) => (Status::Unrecognized, None),
            detail => {
                let detail = if let Found::Given(detail) = detail { Some(&**detail) } else { None };
                let status = self.statuses.meaning(word, detail).unwrap_or(Status::Unrecognized);
                (status, self.status_reasons.meaning(word, detail))
            }
        };
        let implied = implied.map(|reason| ReportedReason::new(reason, None));
        let told = record
            .reasons
            .iter()
            .map(|word| ReportedReason::new(reason(&self.reasons, word), Some(VendorWord::new(word))));
        Found::Given((status, VendorWord::new(word), implied.into_iter().chain(told).collect()))
    }
}

/// Whether the name of an event ends in a word that is a decision, such as `session.status.verified`, and another one than
/// the status that the event carries.
pub(crate) fn contradicts(statuses: &Words<Status>, event_type: &str, status: Status) -> bool {
    let last = event_type.rsplit(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    let mut named =
        statuses.rows().filter(|row| row.word.eq_ignore_ascii_case(last) && row.meaning.is_decision());
    match named.next() {
        Some(first) => first.meaning != status && named.all(|row| row.meaning != status),
        None => false,
    }
}

/// Reads a reason word.
pub(crate) fn reason(reasons: &Words<Reason>, word: &str) -> Reason {
    reasons.meaning(word, None).unwrap_or(Reason::Other)
}

/// The problem of a reference that has to be a session id and cannot be one.
pub(crate) const NO_SESSION: &str = "is the id of the session at this vendor: it must be 1 to 128 of A-Z, a-z, 0-9 and ._~:=@+,-, \
                                     and neither . nor ..";

/// Whether a text can be a session id, and so a segment of a path: 1 to 128 of `A-Z a-z 0-9 . _ ~ : = @ + , -`, and
/// neither `.` nor `..`. deepidv shows UUIDs, but promises no form.
pub(crate) fn is_session(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._~:=@+,-".contains(&byte);
    !id.is_empty() && id.len() <= 128 && id != "." && id != ".." && id.bytes().all(plain)
}
