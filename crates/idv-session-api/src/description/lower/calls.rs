//! The calls about a session.

use std::collections::BTreeMap;

use http::Method;
use idv_core::{ErasureState, OptionsValidator};
use idv_http::ReplaySafety;
use serde_json::Value;

use super::common::places;
use super::words;
use crate::description::calls::{
    CancelTable, CheckTable, EraseTable, MethodWord, OutcomeWord, RefreshTable, StartTable,
};
use crate::description::document::Document;
use crate::description::path::Path;
use crate::description::request_places::{Leaf, RequestPlaces, Template};
use crate::description::spec::{Call, Cancel, Erase, LinkPlaces, Refresh, RefreshWay, Revive};
use crate::mapping::Vocabulary;
use crate::places::Places;

pub(super) fn check(table: &CheckTable, validator: &mut OptionsValidator<'_>) -> Option<Call> {
    let method = if table.id_field.is_some() { Method::POST } else { Method::GET };
    about("check", method, &table.path, table.id_field.as_ref(), &BTreeMap::new(), validator)
}

pub(super) fn cancel(
    table: &CancelTable,
    document: &Document,
    vocabulary: &Vocabulary,
    validator: &mut OptionsValidator<'_>,
) -> Option<Cancel> {
    let method = method(table.method.unwrap_or(MethodWord::Post));
    let call = about("cancel", method, &table.path, table.id_field.as_ref(), &table.constants, validator)?;
    let statuses = words::replaced("cancel.status_words", document, &table.status_words, validator);
    Some(Cancel { call, vocabulary: Vocabulary { statuses, ..vocabulary.clone() } })
}

pub(super) fn erase(
    table: &EraseTable,
    document: &Document,
    validator: &mut OptionsValidator<'_>,
) -> Option<Erase> {
    let method = method(table.method.unwrap_or(MethodWord::Delete));
    let call = about("erase", method, &table.path, table.id_field.as_ref(), &table.constants, validator)?;
    for (index, status) in table.already_gone.iter().enumerate() {
        if !(400..500).contains(status) {
            let message = "must be a status from 400 to 499: others do not say that something is gone";
            validator.add_error(&format!("erase.already_gone.{index}"), message);
        }
    }
    if !table.already_gone.is_empty() && document.errors.code.is_none() && document.errors.message.is_none() {
        let message = "needs an `errors.code` or `errors.message`, or an answer of anybody would say that the data is gone";
        validator.add_error("erase.already_gone", message);
    }
    let outcome = match table.outcome {
        OutcomeWord::Accepted => ErasureState::Accepted,
        OutcomeWord::Done => ErasureState::Done,
    };
    let id = places(table.id.as_ref(), &[]);
    Some(Erase { call, id, outcome, already_gone: table.already_gone.clone() })
}

fn method(word: MethodWord) -> Method {
    match word {
        MethodWord::Post => Method::POST,
        MethodWord::Patch => Method::PATCH,
        MethodWord::Put => Method::PUT,
        MethodWord::Delete => Method::DELETE,
    }
}

/// A call about a session, whose id stands in the path or in the body.
pub(super) fn about(
    key: &str,
    method: Method,
    path: &Path,
    id_field: Option<&RequestPlaces>,
    constants: &BTreeMap<String, Value>,
    validator: &mut OptionsValidator<'_>,
) -> Option<Call> {
    if path.has_id() == id_field.is_some() {
        let message = "needs the session id once: as the segment `{id}`, or in the body by `id_field`";
        validator.add_error(&format!("{key}.path"), message);
        return None;
    }
    let mut body = Template::default();
    for steps in id_field.into_iter().flat_map(RequestPlaces::iter) {
        if let Err(message) = body.add(steps, Leaf::Session) {
            validator.add_error(&format!("{key}.id_field"), message);
        }
    }
    for (place, message) in body.add_constants(constants) {
        validator.add_error(&format!("{key}.constants.{place}"), message);
    }
    let body = Some(body).filter(|body| !body.is_empty());
    Some(Call { method, path: path.clone(), body })
}

pub(super) fn refresh(
    table: &RefreshTable,
    start: &StartTable,
    validator: &mut OptionsValidator<'_>,
) -> Option<Refresh> {
    let or_start = |own: &Option<Places>, of_start: &Option<Places>, usual: &[&str]| {
        places(own.as_ref().or(of_start.as_ref()), usual)
    };
    let has_other_way = start.link.is_some() || start.token.is_some() || table.token.is_some();
    let usual: &[&str] = if has_other_way { &[] } else { &["/session_url", "/sessionUrl", "/url"] };
    let link = LinkPlaces {
        url: or_start(&table.url, &start.url, usual),
        token: or_start(&table.token, &start.token, &[]),
        template: start.link.clone(),
        expires_at: or_start(&table.expires_at, &start.expires_at, &[]),
        lifetime: places(start.lifetime.as_ref(), &[]),
        lives: None,
        opens_once: start.opens_once,
    };
    let way = match &table.path {
        None if table.revive.is_some() || table.repeatable => {
            let message =
                "is required by `revive` and `repeatable`: without it a refresh reads the session again";
            validator.add_error("refresh.path", message);
            return None;
        }
        None => RefreshWay::Reread,
        Some(path) => {
            with_id("refresh.path", path, validator);
            let safety = match (table.repeatable, start.stored_errors) {
                (true, false) => ReplaySafety::Idempotent,
                (true, true) => ReplaySafety::UnlessAnswered,
                (false, _) => ReplaySafety::UnlessProcessed,
            };
            let revive = table.revive.as_ref().map(|revive| {
                with_id("refresh.revive.path", &revive.path, validator);
                if revive.when.is_empty() {
                    validator.add_error("refresh.revive.when", "must name a status");
                }
                Revive { path: revive.path.clone(), when: revive.when.iter().map(|word| word.0).collect() }
            });
            RefreshWay::Post { path: path.clone(), safety, revive }
        }
    };
    Some(Refresh { way, id: or_start(&table.id, &start.id, &["/id"]), link })
}

fn with_id(key: &str, path: &Path, validator: &mut OptionsValidator<'_>) {
    if !path.has_id() {
        validator.add_error(key, "is about a session: it needs the segment `{id}`");
    }
}
