//! Sessions as iDenfy prints them (iDenfy documentation, data retrieval and webhooks).

use serde_json::{Map, Value, json};

use crate::reason::Reason;
use crate::vendors::hosted::Session;
use crate::vendors::idenfy::session::Facts;

/// The result of one check, or a tag, that stands for a reason (iDenfy documentation, vocabulary).
const FACES: &[(&str, &str)] = &[("face_mismatch", "FACE_MISMATCH"), ("liveness_failed", "FAKE_FACE")];
const DOCUMENTS: &[(&str, &str)] = &[
    ("document_unreadable", "DOC_TOO_BLURRY"),
    ("document_expired", "DOC_EXPIRED"),
    ("document_unsupported", "DOC_NOT_SUPPORTED"),
    ("document_tampered", "DOC_FAKE"),
    ("document_missing", "DOC_NOT_FULLY_VISIBLE"),
    ("data_mismatch", "DOC_INFO_MISMATCH"),
];
const FRAUD: &[(&str, &str)] = &[("fraud_suspected", "FACE_SUSPECTED"), ("watchlist", "AML_SUSPECTION")];

/// The results of the checks, beside the word of the session.
#[derive(Clone, Debug, Default)]
pub(super) struct Results {
    auto: Option<(&'static str, &'static str)>,
    manual: Option<(String, String)>,
    fraud: Vec<String>,
    mismatch: Vec<&'static str>,
}

impl Results {
    /// The automatic checks pass in this simulation, unless the applicant's try failed; people look at the rest.
    pub(super) fn of(session: &Session<Facts>) -> Self {
        let passed = ("DOC_VALIDATED", "FACE_MATCH");
        let is_decided = matches!(session.status.as_str(), "APPROVED" | "DENIED" | "SUSPECTED");
        let mut results = Self { auto: (session.status != "ACTIVE").then_some(passed), ..Self::default() };
        if !is_decided {
            return results;
        }
        let (mut document, mut face) = (passed.0.to_owned(), passed.1.to_owned());
        match &session.reason {
            None if session.status == "SUSPECTED" => results.fraud.push("FACE_SUSPECTED".to_owned()),
            None => {}
            Some(reason) => match (word(FACES, reason), word(DOCUMENTS, reason)) {
                (Some(word), _) => word.clone_into(&mut face),
                (_, Some(word)) => word.clone_into(&mut document),
                _ => results.fraud.push(
                    word(FRAUD, reason).map_or_else(|| reason.as_str().to_ascii_uppercase(), str::to_owned),
                ),
            },
        }
        if session.reason.as_ref().is_some_and(|reason| reason.as_str() == "data_mismatch") {
            results.mismatch.push("NAME");
        }
        results.manual = Some((document, face));
        results
    }

    /// The fields of the results. The names of the first list differ between the surfaces.
    fn fields(&self, tags: &[&str]) -> Map<String, Value> {
        let mut fields = Map::new();
        for name in tags {
            fields.insert((*name).to_owned(), json!(self.fraud));
        }
        fields.insert("mismatchTags".to_owned(), json!(self.mismatch));
        let (auto_document, auto_face) = self.auto.unzip();
        let (manual_document, manual_face) = self.manual.clone().unzip();
        fields.insert("autoDocument".to_owned(), json!(auto_document));
        fields.insert("autoFace".to_owned(), json!(auto_face));
        fields.insert("manualDocument".to_owned(), json!(manual_document));
        fields.insert("manualFace".to_owned(), json!(manual_face));
        fields
    }
}

fn word<'a>(words: &[(&str, &'a str)], reason: &Reason) -> Option<&'a str> {
    words.iter().find(|(known, _)| *known == reason.as_str()).map(|(_, word)| *word)
}

/// The answer to a start.
pub(super) fn created(session: &Session<Facts>, redirect_url: Option<&str>) -> Value {
    let mut created = session.facts.echo.clone();
    created.insert("message".to_owned(), json!("Token created successfully"));
    created.insert("authToken".to_owned(), json!(session.facts.auth_token));
    created.insert("redirectUrl".to_owned(), json!(redirect_url));
    created.insert("scanRef".to_owned(), json!(session.id));
    created.insert("digitString".to_owned(), Value::Null);
    Value::Object(created)
}

/// The answer to a read.
pub(super) fn status(session: &Session<Facts>) -> Value {
    let mut status = Results::of(session).fields(&["fraudTags"]);
    status.insert("status".to_owned(), json!(session.status));
    status.insert("scanRef".to_owned(), json!(session.id));
    status.insert("clientId".to_owned(), json!(session.reference));
    Value::Object(status)
}

/// The data of the document, where the applicant came so far.
pub(super) fn data(session: &Session<Facts>) -> Value {
    let fact =
        |value: &str| matches!(session.status.as_str(), "APPROVED" | "SUSPECTED").then(|| value.to_owned());
    json!({
        "scanRef": session.id, "clientId": session.reference,
        "docFirstName": fact("SAM"), "docLastName": fact("SIMULATED"), "docNumber": fact("SIM000112222"),
        "docExpiry": fact("2035-01-01"), "docDob": fact("1990-01-02"), "docType": fact("PASSPORT"),
        "docNationality": fact("US"), "docIssuingCountry": fact("US"),
    })
}

/// An element of the list, which tells no more than this (iDenfy documentation, list identifications).
pub(super) fn listed(session: &Session<Facts>) -> Value {
    json!({ "scanRef": session.id, "status": session.status, "suspected": session.status == "SUSPECTED" })
}

/// The body of a webhook, which does not name its event.
pub(super) fn webhook(session: &Session<Facts>, overall: &str, is_final: bool, now: i64) -> Value {
    let results = match is_final {
        true => Results::of(session),
        false => Results { auto: Some(("DOC_VALIDATED", "FACE_MATCH")), ..Results::default() },
    };
    let mut status = results.fields(&["fraudTags", "suspicionReasons"]);
    status.insert("overall".to_owned(), json!(overall));
    json!({
        "final": is_final,
        "platform": "PC",
        "status": status,
        "scanRef": session.id,
        "clientId": session.reference,
        "externalRef": session.facts.external_ref,
        "startTime": session.created_at.div_euclid(1000),
        "finishTime": now.div_euclid(1000),
        "clientIp": "192.0.2.1",
        "data": { "docFirstName": "SAM", "docLastName": "SIMULATED" },
        "fileUrls": {},
        "AML": null,
        "LID": null,
    })
}
