//! The vendor's answers, with every fact at the first place that the document names.

use idv_core::{ErasureState, Timestamp};
use serde_json::{Value, json};

use super::document::{Document, set};
use super::{failures, words};
use crate::reply::Reply;
use crate::under_way;

/// A time within every session.
const CHANGED: &str = "2026-11-20T11:59:00Z";

/// The id that the vendor has of a session: its own, or the caller's reference.
pub(super) fn id(document: &Document, session: &str) -> String {
    match document.flag("/start/reference_is_id") {
        true => under_way::reference_of(session),
        false => session.to_owned(),
    }
}

/// A session as it stands in answers and lists.
fn record(document: &Document, session: &str, reference: &str, word: Option<&str>) -> Value {
    let mut record = json!({});
    set(&mut record, &document.place("/session/reference", "/external_id"), reference.into());
    set(&mut record, &document.place("/session/created_at", "/created_at"), CHANGED.into());
    set(&mut record, &document.place("/session/updated_at", "/updated_at"), CHANGED.into());
    set(&mut record, &document.place("/session/id", "/id"), id(document, session).into());
    if let Some(word) = word {
        let place = document.place("/session/detail", "");
        let (status, detail) = words::apart(document, word, &place);
        set(&mut record, &document.place("/session/status", "/status"), status);
        if let Some(detail) = detail {
            set(&mut record, &place, detail);
        }
    }
    record
}

fn place_of_record(document: &Document) -> String {
    document.place("/session/at", "")
}

/// The answer to a check.
pub(super) fn state(document: &Document, session: &str, word: &str) -> Value {
    let mut answer = json!({});
    set(&mut answer, &place_of_record(document), record(document, session, "case-of-the-caller", Some(word)));
    answer
}

/// The places of facts beside the state, in the answer to a check.
pub(super) fn detail_places(document: &Document) -> Vec<String> {
    let place = document.place("/session/updated_at", "/updated_at");
    vec![format!("{}{place}", place_of_record(document))]
}

/// The answer to a start.
pub(super) fn started(document: &Document, session: &str) -> Value {
    let mut answer = json!({});
    let open = words::of_open(document);
    set(
        &mut answer,
        &place_of_record(document),
        record(document, session, "case-of-the-caller", open.as_deref()),
    );
    hand_off(document, &mut answer, session, "/start", "/start");
    answer
}

/// The answer to a refresh.
pub(super) fn refreshed(document: &Document, session: &str) -> Value {
    let mut answer = started(document, session);
    hand_off(document, &mut answer, session, "/refresh", "/start");
    answer
}

/// Adds the id, the link and the token of a table, or those of another one where it names none.
fn hand_off(document: &Document, answer: &mut Value, session: &str, table: &str, otherwise: &str) {
    let known = |key: &str| {
        document
            .known_place(&format!("{table}/{key}"))
            .or_else(|| document.known_place(&format!("{otherwise}/{key}")))
    };
    let has_other_way = !document.at("/start/link").is_null() || known("token").is_some();
    let usual = (!has_other_way).then(|| "/session_url".to_owned());
    let link = format!("https://applicant.example.com/s/{session}");
    for (place, value) in [
        (known("id").or_else(|| Some("/id".to_owned())), id(document, session)),
        (known("url").or(usual), link),
        (known("token"), format!("token-{session}")),
    ] {
        if let Some(place) = place {
            set(answer, &place, value.into());
        }
    }
}

/// The answer to a start that says when the session ends.
pub(super) fn expiring(document: &Document, session: &str, now: Timestamp, at: Timestamp) -> Option<Value> {
    let mut answer = started(document, session);
    if let Some(place) = document.known_place("/start/expires_at") {
        set(&mut answer, &place, at.to_string().into());
        return Some(answer);
    }
    let place = document.known_place("/start/lifetime")?;
    set(&mut answer, &place, (at.unix_seconds() - now.unix_seconds()).into());
    Some(answer)
}

/// The answer to a find.
pub(super) fn found(document: &Document, reference: &str, sessions: &[&str]) -> Value {
    if document.flag("/start/reference_is_id") {
        let open = words::of_open(document).unwrap_or_default();
        return sessions.first().map_or(Value::Null, |session| state(document, session, &open));
    }
    let open = words::of_open(document);
    let places = document.texts("/session/at");
    let is_bare = places.is_empty() || places.contains(&"");
    let element = |session: &&str| {
        let record = record(document, session, reference, open.as_deref());
        let mut element = json!({});
        set(&mut element, if is_bare { "" } else { places[0] }, record);
        element
    };
    let list: Vec<Value> = sessions.iter().map(element).collect();
    let mut answer = json!({});
    set(&mut answer, &document.place("/find/list", "/sessions"), list.into());
    for key in ["/find/next_token/at", "/find/next_url", "/find/more"] {
        if let Some(place) = document.known_place(key) {
            set(&mut answer, &place, Value::Null);
        }
    }
    answer
}

/// The answer to a find that says that the list goes on. Lists by numbered pages say it by not being empty.
pub(super) fn continued(document: &Document, reference: &str, sessions: &[&str]) -> Option<Value> {
    let path = document.text("/find/path")?;
    let on = [
        ("/find/next_token/at", json!("page-2")),
        ("/find/next_url", format!("{path}?page=2").into()),
        ("/find/more", json!(true)),
    ];
    let mut answer = found(document, reference, sessions);
    let mut goes_on = false;
    for (key, value) in on {
        if let Some(place) = document.known_place(key) {
            set(&mut answer, &place, value);
            goes_on = true;
        }
    }
    goes_on.then_some(answer)
}

/// The answers to an erasure.
pub(super) fn erased(document: &Document, session: &str) -> Vec<(Reply, ErasureState)> {
    let state = match document.text("/erase/outcome") {
        Some("accepted") => ErasureState::Accepted,
        Some(_) => ErasureState::Done,
        None => return Vec::new(),
    };
    let success = match document.known_place("/erase/id") {
        Some(place) => {
            let mut answer = json!({});
            set(&mut answer, &place, id(document, session).into());
            Reply::json(200, &answer)
        }
        None => Reply::bytes(200, "application/json", ""),
    };
    let gone = document.at("/erase/already_gone").as_array().into_iter().flatten();
    let gone = gone.filter_map(Value::as_u64).filter_map(|status| u16::try_from(status).ok());
    let gone = gone
        .map(|status| (Reply::json(status, &failures::body(document, "unknown")), ErasureState::AlreadyGone));
    [(success, state)].into_iter().chain(gone).collect()
}

/// The URL of the browser that comes back.
pub(super) fn redirect(
    document: &Document,
    session: &str,
    status: &str,
    reason: Option<&str>,
) -> Option<String> {
    if document.at("/return_url").is_null() {
        return None;
    }
    let name = |key: &str, usual: &str| document.place(&format!("/return_url/{key}"), usual);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair(&name("session", "session_id"), session);
    query.append_pair(&name("status", "status"), status);
    query.extend_pairs(reason.map(|reason| (name("reason", "reason"), reason)));
    Some(format!("https://app.example.com/back?{}", query.finish()))
}
