//! Webhooks: their scheme, with the headers that it needs, and the places of their facts.

use http::HeaderName;
use idv_core::signature::{
    HmacAlgorithm, HmacForm, SignatureEncoding, SignatureScheme, SuffixForm, TOLERANCE_SECONDS,
};
use idv_core::{HumanDuration, OptionsValidator};
use std::time::Duration;

use super::common::places;
use super::words;
use crate::description::document::Document;
use crate::description::spec::{EventPattern, EventType, WebhookSpec};
use crate::description::webhook_table::{SchemeWord, WebhookTable};
use crate::mapping::Vocabulary;
use crate::record::RecordPlaces;

pub(super) fn webhook(
    table: &WebhookTable,
    document: &Document,
    record: &RecordPlaces,
    vocabulary: &Vocabulary,
    validator: &mut OptionsValidator<'_>,
) -> Option<WebhookSpec> {
    let scheme = scheme(table, validator);
    let or_record = |own: &Option<crate::places::Places>, of_record: &crate::places::Places| {
        own.clone().unwrap_or_else(|| of_record.clone())
    };
    let own = RecordPlaces {
        record: places(table.session.as_ref(), &["/data", ""]),
        id: or_record(&table.id, &record.id),
        status: or_record(&table.status, &record.status),
        detail: or_record(&table.detail, &record.detail),
        ..record.clone()
    };
    let vocabulary = match table.scheme {
        SchemeWord::SharedSecret | SchemeWord::Unsigned => vocabulary.clone(),
        _ => words::of_webhooks(document, &table.status_words, vocabulary, validator),
    };
    let usual: &[&str] = if table.event_word.is_some() { &[] } else { &["/type"] };
    let event_type =
        EventType { at: places(table.event_type.as_ref(), usual), otherwise: table.event_word.clone() };
    if own.status.overlaps(&own.detail) {
        let message = "has a place of the detail too: a word cannot be its own detail";
        validator.add_error("webhook.status", message);
    }
    for (key, given) in [("event_id", table.event_id.is_some()), ("id_header", table.id_header.is_some())] {
        if table.scheme == SchemeWord::Svix && given {
            let message = "is not used by this `scheme`, which has the id in a header of its own";
            validator.add_error(&format!("webhook.{key}"), message);
        }
    }
    let id_header = match &table.id_header {
        Some(name) => Some(validator.header_name("webhook.id_header", name)?),
        None => None,
    };
    let patterns = |given: &[String]| given.iter().map(EventPattern::new).collect::<Vec<_>>();
    let ours = match table.events.is_empty() {
        true => vec![EventPattern::new("*")],
        false => patterns(&table.events),
    };
    Some(WebhookSpec {
        scheme: scheme?,
        secret_prefix: table.secret_prefix.clone().unwrap_or_default(),
        event_type,
        time: places(table.event_time.as_ref(), &["/timestamp"]),
        id: places(table.event_id.as_ref(), &[]),
        id_header,
        fresh: table.fresh.clone().map(|at| (at, tolerance(table))),
        record: own,
        vocabulary,
        ours,
        notices: patterns(&table.notices),
    })
}

fn tolerance(table: &WebhookTable) -> Duration {
    table.tolerance.map_or(Duration::from_secs(TOLERANCE_SECONDS), HumanDuration::get)
}

/// The scheme. `None` where it cannot be made; the reasons are noted in the validator.
fn scheme(table: &WebhookTable, validator: &mut OptionsValidator<'_>) -> Option<SignatureScheme> {
    use SchemeWord as Word;
    unused(table, validator);
    let needs_header = !matches!(table.scheme, Word::Svix | Word::Unsigned);
    let header = match (&table.header, needs_header) {
        (Some(name), true) => Some(validator.header_name("webhook.header", name)?),
        (None, true) => {
            validator.add_error("webhook.header", "is required by this `scheme`");
            return None;
        }
        (_, false) => None,
    };
    match (table.scheme, header) {
        (Word::Svix, _) => Some(SignatureScheme::Svix),
        (Word::Unsigned, _) => Some(SignatureScheme::Unsigned),
        (Word::Hmac, Some(header)) => hmac(table, header, validator).map(SignatureScheme::Hmac),
        (Word::Sha256Suffix, Some(header)) => {
            let form = table.secret.unwrap_or(SuffixForm::Hashed);
            Some(SignatureScheme::SuffixedDigest { form, header })
        }
        (Word::SharedSecret, Some(header)) => Some(SignatureScheme::SharedSecret { header }),
        (_, None) => None,
    }
}

/// Notes every key that the scheme has no use for: one that looks as if it protected something, and does not.
fn unused(table: &WebhookTable, validator: &mut OptionsValidator<'_>) {
    use SchemeWord as Word;
    let is = |words: &[Word]| words.contains(&table.scheme);
    let (is_hmac, is_signed) = (is(&[Word::Hmac]), !is(&[Word::SharedSecret, Word::Unsigned]));
    for (key, given, used) in [
        ("header", table.header.is_some(), !is(&[Word::Svix, Word::Unsigned])),
        ("header_form", table.header_form.is_some(), is_hmac),
        ("signs", table.signs.is_some(), is_hmac),
        ("time_header", table.time_header.is_some(), is_hmac),
        ("digest", table.digest.is_some(), is_hmac),
        ("encoding", table.encoding.is_some(), is_hmac),
        ("secret", table.secret.is_some(), is(&[Word::Sha256Suffix])),
        ("secret_prefix", table.secret_prefix.is_some(), !is(&[Word::Unsigned])),
        ("tolerance", table.tolerance.is_some(), is_hmac || table.fresh.is_some()),
        ("fresh", table.fresh.is_some(), is_signed),
        ("notices", !table.notices.is_empty(), is_signed),
        ("status_words", !table.status_words.is_empty(), is_signed),
    ] {
        if given && !used {
            validator.add_error(&format!("webhook.{key}"), "is not used by this `scheme`");
        }
    }
}

fn hmac(table: &WebhookTable, header: HeaderName, validator: &mut OptionsValidator<'_>) -> Option<HmacForm> {
    let time_header = match &table.time_header {
        Some(name) => Some(validator.header_name("webhook.time_header", name)?),
        None => None,
    };
    let form = HmacForm::new(table.digest.unwrap_or(HmacAlgorithm::Sha256), header)
        .with_encoding(table.encoding.unwrap_or(SignatureEncoding::Hex))
        .with_tolerance(tolerance(table));
    let written = table.header_form.as_deref().unwrap_or("{signature}");
    let signed = table.signs.as_deref().unwrap_or("{body}");
    form.with_templates(written, signed, time_header)
        .map_err(|(in_header, error)| {
            let key = if in_header { "webhook.header_form" } else { "webhook.signs" };
            validator.add_error(key, error.to_string());
        })
        .ok()
}
