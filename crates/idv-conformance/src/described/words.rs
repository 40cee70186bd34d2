//! The words of a document, as rows and in answers.

use idv_core::{MappingRow, Surface, VerificationReason, VerificationStatus};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::document::Document;

/// A row of a table of words: the word, and the second one beside which it means this.
struct Row<'a> {
    word: &'a str,
    detail: Option<&'a str>,
    meaning: &'a Value,
}

fn rows_of<'a>(document: &'a Document, table: &str) -> Vec<Row<'a>> {
    let row = |(key, meaning): (&'a str, &'a Value)| match key.split_once(" + ") {
        Some((word, detail)) => Row { word: word.trim(), detail: Some(detail.trim()), meaning },
        None => Row { word: key.trim(), detail: None, meaning },
    };
    document.table(table).map(row).collect()
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

/// The name of the member at a place, by which the rows of a profile name a second word.
fn name(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or_default()
}

fn with_detail(row: &Row<'_>, name: &str) -> String {
    match row.detail {
        Some(detail) => format!("{} with {name} {detail}", row.word),
        None => row.word.to_owned(),
    }
}

/// All rows of the document, as its adapter's profile has to have them.
pub(super) fn rows(document: &Document) -> Vec<MappingRow> {
    let mut rows = statuses(document, Surface::CheckStatus, &[], &detail(document, "/session/detail"));
    let scheme = document.text("/webhook/scheme");
    if scheme.is_some_and(|scheme| !["shared-secret", "unsigned"].contains(&scheme)) {
        let own = rows_of(document, "/webhook/status_words");
        let place = document.known_place("/webhook/detail");
        let place = place.unwrap_or_else(|| detail(document, "/session/detail"));
        rows.extend(statuses(document, Surface::WebhookStatus, &own, &place));
    }
    rows.extend(reasons(document, Surface::CheckReason, "/reason_words"));
    if !document.at("/return_url").is_null() {
        let reason = document.text("/return_url/reason").unwrap_or("reason");
        for row in rows_of(document, "/return_url/words") {
            let word = with_detail(&row, reason);
            rows.extend(
                claim(row.meaning).map(|status| MappingRow::status(Surface::RedirectStatus, word, status)),
            );
        }
        let own = if document.at("/return_url/reasons").is_null() {
            "/reason_words"
        } else {
            "/return_url/reasons"
        };
        rows.extend(reasons(document, Surface::RedirectReason, own));
    }
    rows
}

fn detail(document: &Document, key: &str) -> String {
    document.place(key, "")
}

/// The status words, of which some are replaced; open ones first, because the kit opens sessions with the first word.
fn statuses(document: &Document, surface: Surface, own: &[Row<'_>], detail: &str) -> Vec<MappingRow> {
    let all = rows_of(document, "/status_words");
    let is_own = |row: &&Row<'_>| {
        let same = |other: &Row<'_>| {
            other.word.eq_ignore_ascii_case(row.word)
                && match (other.detail, row.detail) {
                    (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                    (one, other) => one == other,
                }
        };
        own.iter().any(same)
    };
    let kept = all.iter().filter(|row| !is_own(row));
    let mut rows: Vec<MappingRow> = own
        .iter()
        .chain(kept)
        .filter_map(|row| {
            let mut mapped = MappingRow::status(surface, with_detail(row, name(detail)), read(row.meaning)?);
            mapped.reason = why(document, row);
            Some(mapped)
        })
        .collect();
    rows.sort_by_key(|row| row.status.is_some_and(VerificationStatus::stops_watching));
    rows
}

/// The reason that a status word says by itself.
fn why(document: &Document, row: &Row<'_>) -> Option<VerificationReason> {
    let reasons = rows_of(document, "/status_reasons");
    let is = |one: &&Row<'_>, detail: Option<&str>| {
        one.word.eq_ignore_ascii_case(row.word)
            && one.detail.map(str::to_ascii_lowercase) == detail.map(str::to_ascii_lowercase)
    };
    let exact = reasons.iter().find(|one| row.detail.is_some() && is(one, row.detail));
    exact.or_else(|| reasons.iter().find(|one| is(one, None))).and_then(|one| read(one.meaning))
}

fn reasons(document: &Document, surface: Surface, table: &str) -> Vec<MappingRow> {
    let row = |row: &Row<'_>| Some(MappingRow::reason(surface, row.word.to_owned(), read(row.meaning)?));
    rows_of(document, table).iter().filter_map(row).collect()
}

fn claim(meaning: &Value) -> Option<VerificationStatus> {
    match meaning.as_str()? {
        "submitted" => Some(VerificationStatus::InReview),
        other => read(&other.into()),
    }
}

/// The word of a session that is open.
pub(super) fn of_open(document: &Document) -> Option<String> {
    let rows = statuses(document, Surface::CheckStatus, &[], &detail(document, "/session/detail"));
    let first = rows.into_iter().find(|row| row.status.is_some_and(|status| !status.stops_watching()))?;
    Some(first.word.into_owned())
}

/// A word of a status in the answer to a check.
pub(super) fn of_status(document: &Document, wanted: VerificationStatus) -> Option<String> {
    let rows = statuses(document, Surface::CheckStatus, &[], &detail(document, "/session/detail"));
    let row = rows.into_iter().find(|row| row.status == Some(wanted))?;
    Some(row.word.into_owned())
}

/// The word in the answer to a cancellation that says that the session is cancelled.
pub(super) fn of_cancelled(document: &Document) -> Option<String> {
    let place = detail(document, "/session/detail");
    let own = rows_of(document, "/cancel/status_words");
    let rows = statuses(document, Surface::CheckStatus, &own, &place);
    let row = rows.into_iter().find(|row| row.status == Some(VerificationStatus::Cancelled))?;
    Some(row.word.into_owned())
}

/// A word with its condition, taken apart into the values of both places.
pub(super) fn apart(document: &Document, word: &str, detail: &str) -> (Value, Option<Value>) {
    let middle = format!(" with {} ", name(detail).to_ascii_lowercase());
    let start = (!detail.is_empty()).then(|| word.to_ascii_lowercase().find(&middle)).flatten();
    match start {
        Some(start) => {
            let (first, second) = (&word[..start], &word[start + middle.len()..]);
            (status_value(document, first), Some(scalar(second)))
        }
        None => (status_value(document, word), None),
    }
}

/// A status as the vendor writes it: a number or a flag where one of its words is one.
fn status_value(document: &Document, word: &str) -> Value {
    let has =
        |is: fn(&Value) -> bool| rows_of(document, "/status_words").iter().any(|row| is(&scalar(row.word)));
    match scalar(word) {
        value if value.is_number() && has(Value::is_number) => value,
        value if value.is_boolean() && has(Value::is_boolean) => value,
        _ => word.into(),
    }
}

/// Whether the words of statuses are numbers.
pub(super) fn are_numbers(document: &Document) -> bool {
    rows_of(document, "/status_words").iter().any(|row| scalar(row.word).is_number())
}

/// A number or a flag where the text reads as one.
fn scalar(text: &str) -> Value {
    if text.trim() != text {
        return text.into();
    }
    match serde_json::from_str(&text.to_ascii_lowercase()) {
        Ok(value @ (Value::Number(_) | Value::Bool(_))) => value,
        _ => text.into(),
    }
}
