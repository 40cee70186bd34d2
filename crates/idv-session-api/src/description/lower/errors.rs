//! Where errors stand, and what they mean.

use idv_core::{ErrorKind, OptionsValidator};
use idv_http::{ErrorMeaning, ErrorPlaces};

use crate::description::document::ErrorsTable;
use crate::description::spec::Errors;
use crate::places::Places;

/// The kinds that a vendor's answer can have. The others are about this side.
const KINDS: [ErrorKind; 8] = [
    ErrorKind::InvalidRequest,
    ErrorKind::Unauthenticated,
    ErrorKind::Forbidden,
    ErrorKind::NotFound,
    ErrorKind::Conflict,
    ErrorKind::PaymentRequired,
    ErrorKind::RateLimited,
    ErrorKind::Unavailable,
];

pub(super) fn errors(table: &ErrorsTable, validator: &mut OptionsValidator<'_>) -> Option<Errors> {
    let pointers =
        |places: &Option<Places>| places.as_ref().map_or_else(Vec::new, |places| places.pointers().to_vec());
    let mut places = ErrorPlaces::default();
    places.codes = pointers(&table.code);
    places.messages = pointers(&table.message);
    places.request_ids = pointers(&table.request_id);
    if let Some(name) = &table.wait_header {
        places.wait_headers.push(validator.header_name("errors.wait_header", name)?);
    }
    for (word, kind) in &table.kinds {
        let key = format!("errors.kinds.{word}");
        is_of_a_vendor(&key, *kind, validator);
        let (status, code) = match word.split_once(" + ") {
            Some((status, code)) => (status, Some(code.trim().to_owned())),
            None => (word.as_str(), None),
        };
        let status = status_of(&key, status, validator);
        places.kinds.extend(status.map(|status| ErrorMeaning::new(status, code, *kind)));
    }
    // Rows with a code go before those of every code.
    places.kinds.sort_by_key(|meaning| meaning.code.is_none());
    for (word, hint) in &table.hints {
        let key = format!("errors.hints.{word}");
        if hint.trim().is_empty() || hint.chars().any(char::is_control) {
            validator.add_error(&key, "must be one line of text");
        }
        let status = status_of(&key, word, validator);
        places.hints.extend(status.map(|status| (status, hint.clone())));
    }
    for (word, kind) in &table.words {
        is_of_a_vendor(&format!("errors.words.{word}"), *kind, validator);
    }
    let words = table.words.iter().map(|(word, kind)| (word.clone(), *kind)).collect();
    Some(Errors { places, words })
}

fn status_of(key: &str, text: &str, validator: &mut OptionsValidator<'_>) -> Option<u16> {
    let status = text.trim().parse().ok().filter(|status| (400..600).contains(status));
    if status.is_none() {
        validator.add_error(key, "must begin with an HTTP status from 400 to 599");
    }
    status
}

fn is_of_a_vendor(key: &str, kind: ErrorKind, validator: &mut OptionsValidator<'_>) {
    if !KINDS.contains(&kind) {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.as_str()).collect();
        validator
            .add_error(key, format!("is no kind of a vendor's answer: expected one of {}", known.join(", ")));
    }
}
