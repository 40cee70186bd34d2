//! Applicants as Sumsub prints them, with its three forms of dates.

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::vendors::sumsub::applicant::{Applicant, Details};

/// `2026-07-01 09:12:44.481`: `createdAtMs` of webhooks.
pub(crate) fn with_millis(millis: i64) -> String {
    iso(millis).replace('T', " ").replace('Z', "")
}

/// `2026-07-01 09:12:44`: `createdAt` of applicants.
fn plain(millis: i64) -> String {
    with_millis(millis - millis.rem_euclid(1000)).replace(".000", "")
}

/// `2026-07-01 09:12:44+0000`: dates of reviews.
fn with_offset(millis: i64) -> String {
    format!("{}+0000", plain(millis))
}

/// The review, as `GET …/status` answers it. `reviewResult` is absent until there is one.
pub(crate) fn review(applicant: &Applicant, now: i64) -> Value {
    let review = &applicant.review;
    let mut record = json!({
        "reviewId": review.id,
        "attemptId": review.attempt_id,
        "attemptCnt": review.attempts,
        "levelName": review.level,
        "createDate": with_offset(review.created_at),
        "reviewStatus": review.status,
        "priority": 0,
    });
    if let Some(since) = review.pending_since {
        let until = review.reviewed_at.unwrap_or(now);
        record["elapsedSincePendingMs"] = json!(until.saturating_sub(since));
        record["elapsedSinceQueuedMs"] = json!(until.saturating_sub(since));
    }
    if let Some(at) = review.reviewed_at {
        record["reviewDate"] = json!(with_offset(at));
    }
    if let Some(result) = &review.result {
        record["reviewResult"] = result.clone();
    }
    record
}

/// The applicant. `info` has what was read from a passport once a person is approved; before, it is there where the
/// application gave it, as is `fixedInfo`. `deleted` is there after a deactivation.
pub(crate) fn applicant(applicant: &Applicant, client_id: &str, now: i64) -> Value {
    let mut record = json!({
        "id": applicant.id,
        "createdAt": plain(applicant.created_at),
        "key": "SIMKEY",
        "clientId": client_id,
        "inspectionId": applicant.inspection_id,
        "externalUserId": applicant.external_id,
        "applicantPlatform": "API",
        "requiredIdDocs": { "docSets": documents(&applicant.kind) },
        "review": review(applicant, now),
        "type": applicant.kind,
    });
    let details = &applicant.details;
    let texts = [
        ("email", &details.email),
        ("phone", &details.phone),
        ("lang", &details.lang),
        ("sourceKey", &details.source_key),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, json!(text.as_ref()?))));
    let recognized =
        (applicant.review.is_green() && applicant.kind == "individual").then(|| recognized(details));
    let objects = [("info", details.info.clone().or(recognized)), ("fixedInfo", details.fixed_info.clone())];
    let objects = objects.into_iter().filter_map(|(name, object)| Some((name, object?)));
    for (name, value) in texts.chain(objects) {
        record[name] = value;
    }
    if applicant.deleted {
        record["deleted"] = json!(true);
    }
    record
}

/// The data that the documents of an approved person are recognized to have: the names are those that the application
/// stated, if it did.
fn recognized(details: &Details) -> Value {
    let stated = |name: &str, other: &str| {
        let stated = details.fixed_info.as_ref().and_then(|info| info.get(name)?.as_str());
        stated.unwrap_or(other).to_owned()
    };
    let (first, last) = (stated("firstName", "Sam"), stated("lastName", "Simulated"));
    let (birth, country) = (stated("dob", "1990-01-02"), stated("country", "EST"));
    json!({
        "firstName": first, "lastName": last, "dob": birth, "country": country, "nationality": country,
        "idDocs": [{
            "idDocType": "PASSPORT", "country": country, "firstName": first, "lastName": last, "dob": birth,
            "number": "SIM000112222", "validUntil": "2035-01-01",
        }],
    })
}

fn documents(kind: &str) -> Value {
    if kind == "company" {
        return json!([]);
    }
    json!([
        { "idDocSetType": "IDENTITY", "types": ["PASSPORT", "ID_CARD"] },
        { "idDocSetType": "SELFIE", "types": ["SELFIE"], "videoRequired": "passiveLiveness" },
    ])
}

/// The types of webhooks that repeat the last result, although it counts no more.
const STALE: [&str; 4] =
    ["applicantReset", "applicantOnHold", "applicantAwaitingUser", "applicantTagsChanged"];

/// The body of a webhook about the current state.
pub(crate) fn event(applicant: &Applicant, event_type: &str, client_id: &str, ids: (String, i64)) -> Value {
    let (correlation_id, now) = ids;
    let review = &applicant.review;
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("applicantId", json!(applicant.id));
    put("inspectionId", json!(applicant.inspection_id));
    put("applicantType", json!(applicant.kind));
    put("correlationId", json!(correlation_id));
    put("levelName", json!(review.level));
    put("sandboxMode", json!(true));
    put("externalUserId", json!(applicant.external_id));
    put("type", json!(event_type));
    let status = if event_type == "applicantPrechecked" { "queued" } else { &review.status };
    put("reviewStatus", json!(status));
    put("createdAtMs", json!(with_millis(now)));
    put("clientId", json!(client_id));
    if let Some(key) = &applicant.details.source_key {
        put("sourceKey", json!(key));
    }
    let result = match event_type {
        _ if STALE.contains(&event_type) => &review.stale,
        "applicantReviewed" | "applicantWorkflowCompleted" => &review.result,
        _ => &None,
    };
    if let Some(result) = result {
        put("reviewResult", result.clone());
    }
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_three_forms() {
        let instant = 1_782_896_364_481;
        assert_eq!(plain(instant), "2026-07-01 08:59:24");
        assert_eq!(with_offset(instant), "2026-07-01 08:59:24+0000");
        assert_eq!(with_millis(instant), "2026-07-01 08:59:24.481");
    }
}
