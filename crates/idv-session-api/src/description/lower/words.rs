//! Tables of words, and the rule that keeps an interim word from passing for a verdict.

use idv_core::{OptionsValidator, VerificationStatus};

use crate::description::document::Document;
use crate::description::words::{StatusWord, WordTable};
use crate::mapping::{Vocabulary, Words};
use crate::record::RecordPlaces;

/// A table of words, of which none is given twice.
pub(super) fn table<T: Copy>(
    validator: &mut OptionsValidator<'_>,
    key: &str,
    rows: impl IntoIterator<Item = (impl AsRef<str>, T)>,
) -> Words<T> {
    let words = Words::new(rows);
    if let Some(word) = words.repeated() {
        validator.add_error(&format!("{key}.{word}"), "is given twice: the case of letters does not count");
    }
    words
}

pub(super) fn vocabulary(
    document: &Document,
    record: &RecordPlaces,
    validator: &mut OptionsValidator<'_>,
) -> Vocabulary {
    const KEY: &str = "status_words";
    if document.status_words.is_empty() {
        validator.add_error(KEY, "is empty: what does each status word mean?");
    }
    let statuses = table(validator, KEY, rows(&document.status_words));
    details(KEY, &statuses, record, document, validator);
    let reasons = document.status_reasons.iter().map(|(word, reason)| (word, reason.0));
    let status_reasons = table(validator, "status_reasons", reasons);
    let reasons = document.reason_words.iter().map(|(word, reason)| (word, reason.0));
    Vocabulary { statuses, status_reasons, reasons: table(validator, "reason_words", reasons) }
}

/// The words of signed webhooks: those of answers, with some rows replaced.
pub(super) fn of_webhooks(
    document: &Document,
    own: &WordTable<StatusWord>,
    vocabulary: &Vocabulary,
    validator: &mut OptionsValidator<'_>,
) -> Vocabulary {
    const KEY: &str = "webhook.status_words";
    let statuses = replaced(KEY, document, own, validator);
    let is_own = |word: &str| own.iter().any(|(other, _)| other.eq_ignore_ascii_case(word));
    let key = |word: &str| if is_own(word) { KEY } else { "status_words" };
    decisions(key, &statuses, validator);
    Vocabulary { statuses, ..vocabulary.clone() }
}

/// The words of answers, with some rows replaced.
pub(super) fn replaced(
    key: &str,
    document: &Document,
    own: &WordTable<StatusWord>,
    validator: &mut OptionsValidator<'_>,
) -> Words<VerificationStatus> {
    table(validator, key, rows(own));
    let is_own = |word: &str| own.iter().any(|(other, _)| other.eq_ignore_ascii_case(word));
    let kept = rows(&document.status_words).filter(|(word, _)| !is_own(word));
    Words::new(rows(own).chain(kept))
}

fn rows(table: &WordTable<StatusWord>) -> impl Iterator<Item = (&str, VerificationStatus)> {
    table.iter().map(|(word, status)| (word, status.0))
}

/// Refuses a bare word that is a decision although a detail makes it another status: a webhook whose detail is missing would pass for
/// the verdict.
fn decisions(
    key: impl Fn(&str) -> &'static str,
    words: &Words<VerificationStatus>,
    validator: &mut OptionsValidator<'_>,
) {
    for row in words.rows().filter(|row| row.detail.is_none() && row.meaning.is_decision()) {
        let mut same = words.rows().filter(|other| other.word.eq_ignore_ascii_case(&row.word));
        if same.any(|other| other.meaning != row.meaning) {
            let message = "is a decision without its detail, which can make it another status, so an interim webhook would pass for \
                           the verdict: name the detail with which it is one, and give the bare word a status that is none (in \
                           `webhook.status_words`, where answers have no detail)";
            validator.add_error(&format!("{}.{}", key(&row.word), row.word), message);
        }
    }
}

/// Refuses details that stand nowhere.
fn details(
    key: &str,
    words: &Words<VerificationStatus>,
    record: &RecordPlaces,
    document: &Document,
    validator: &mut OptionsValidator<'_>,
) {
    let in_webhooks = document.webhook.as_ref().is_some_and(|webhook| webhook.detail.is_some());
    if record.detail.is_nowhere() && !in_webhooks {
        for row in words.rows().filter(|row| row.detail.is_some()) {
            let message = "has a detail, and no `session.detail` says where one stands";
            validator.add_error(&format!("{key}.{}", row.word), message);
        }
    }
}
