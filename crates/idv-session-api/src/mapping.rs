//! The vendor's words in ours, and the shape of its ids.

use idv_core::{VendorWord, VerificationReason as Reason, VerificationStatus as Status, VerifiedReason};

use crate::wire::Record;

/// What words mean. A row is a word, or `word + detail` for a word beside another one, which goes first.
#[derive(Debug, Clone)]
pub(crate) struct Words<T>(Vec<Row<T>>);

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
        Self(rows.into_iter().map(row).collect())
    }

    /// The meaning of a word; the case of ASCII letters does not count.
    pub(crate) fn meaning(&self, word: &str, detail: Option<&str>) -> Option<T> {
        let find = |detail: Option<&str>| self.0.iter().find(|row| row.is(word, detail));
        let exact = detail.and_then(|detail| find(Some(detail)));
        exact.or_else(|| find(None)).map(|row| row.meaning)
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row<T>> {
        self.0.iter()
    }

    /// A word whose meaning is said twice.
    pub(crate) fn repeated(&self) -> Option<&str> {
        let earlier = |index: usize, row: &Row<T>| {
            self.0.iter().take(index).any(|other| other.is(&row.word, row.detail.as_deref()))
        };
        let mut rows = self.0.iter().enumerate();
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

/// What the words of a session record mean.
#[derive(Debug, Clone)]
pub(crate) struct Vocabulary {
    pub(crate) statuses: Words<Status>,
    /// Statuses that say by themselves why.
    pub(crate) status_reasons: Words<Reason>,
    pub(crate) reasons: Words<Reason>,
}

impl Vocabulary {
    /// The status of a record that has one, the vendor's own word, and why.
    pub(crate) fn read(&self, record: &Record<'_>) -> Option<(Status, VendorWord, Vec<VerifiedReason>)> {
        let word = record.status?;
        let status = self.statuses.meaning(word, record.detail).unwrap_or(Status::Unrecognized);
        let implied = self.status_reasons.meaning(word, record.detail);
        let implied = implied.map(|reason| VerifiedReason { reason, provider_code: None });
        let told = record.reasons.iter().map(|word| VerifiedReason {
            reason: reason(&self.reasons, word),
            provider_code: Some(VendorWord::new(word)),
        });
        Some((status, VendorWord::new(word), implied.into_iter().chain(told).collect()))
    }
}

/// Reads a reason word.
pub(crate) fn reason(reasons: &Words<Reason>, word: &str) -> Reason {
    reasons.meaning(word, None).unwrap_or(Reason::Other)
}

/// Whether a text can be a session id, and so a segment of a path: 1 to 128 of `A-Z a-z 0-9 . _ ~ : = @ + , -`, and
/// neither `.` nor `..`. deepidv shows UUIDs, but promises no form.
pub(crate) fn is_session(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._~:=@+,-".contains(&byte);
    !id.is_empty() && id.len() <= 128 && id != "." && id != ".." && id.bytes().all(plain)
}
