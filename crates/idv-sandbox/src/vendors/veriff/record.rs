//! Sessions as Veriff prints them.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::vendors::veriff::attempt::{Attempt, Decision};
use crate::vendors::veriff::reasons::Granular;
use crate::vendors::veriff::settings::Settings;
use crate::vendors::veriff::state::Session;

impl Session {
    /// The hosted page.
    pub(crate) fn url(&self, base_url: &str) -> String {
        format!("{base_url}/v/{}", self.token)
    }

    /// The answer to a create call.
    pub(crate) fn created(&self, base_url: &str) -> Value {
        json!({
            "status": "success",
            "verification": {
                "id": self.id,
                "url": self.url(base_url),
                "vendorData": self.wanted.vendor_data,
                "host": base_url,
                "status": self.status,
                "sessionToken": self.token,
            },
        })
    }

    /// The decision, with the technical data beside it. `verification` is null where there is none yet.
    pub(crate) fn decided(&self, settings: Settings) -> Value {
        let Some(decision) = &self.decision else { return no_decision() };
        json!({
            "status": "success",
            "verification": self.verification(decision, settings),
            "technicalData": { "ip": "0.0.0.0" },
        })
    }

    fn verification(&self, decision: &Decision, settings: Settings) -> Value {
        let is_approved = decision.word == "approved";
        json!({
            "id": self.id,
            "attemptId": decision.attempt_id,
            "vendorData": self.wanted.vendor_data,
            "endUserId": self.wanted.end_user_id,
            "status": decision.word,
            "code": settings.codes.of(&decision.word),
            "reason": decision.reason.as_ref().map(|reason| reason.text),
            "reasonCode": decision.reason.as_ref().map(|reason| reason_code(reason, settings)),
            "acceptanceTime": iso(self.created_at),
            "decisionTime": decision_time(decision.at),
            "person": self.person(is_approved),
            "document": self.document(is_approved),
            "additionalVerifiedData": {},
            "riskScore": { "score": if is_approved { 0.1 } else { 0.7 } },
            "riskLabels": [],
            "comments": [],
            "highRisk": false,
        })
    }

    /// Personal data that a client did not ask for, as the vendor sends it: a client must be able to ignore it.
    fn person(&self, is_approved: bool) -> Value {
        let first = self.wanted.first_name.as_deref().unwrap_or("Sam");
        let last = self.wanted.last_name.as_deref().unwrap_or("Simulated");
        let known = |text: &str| is_approved.then(|| text.to_owned());
        json!({
            "firstName": known(first),
            "lastName": known(last),
            "fullName": known(&format!("{first} {last}")),
            "dateOfBirth": known("1990-01-02"),
            "gender": null,
            "idNumber": null,
            "nationality": null,
            "placeOfBirth": null,
            "yearOfBirth": known("1990"),
            "addresses": null,
            "citizenship": null,
            "pepSanctionMatch": null,
        })
    }

    fn document(&self, is_approved: bool) -> Value {
        json!({
            "type": self.wanted.document_type.as_deref().unwrap_or("PASSPORT"),
            "number": is_approved.then_some("SIM000112222"),
            "country": self.wanted.document_country.as_deref().unwrap_or("EE"),
            "state": null,
            "validFrom": null,
            "validUntil": is_approved.then_some("2035-01-01"),
        })
    }

    /// The answer to a read of the attempts. The simulation has no statuses of a user's own.
    pub(crate) fn listed_attempts(&self) -> Value {
        let line = |attempt: &Attempt| {
            json!({
                "id": attempt.id,
                "status": attempt.status,
                "userDefinedData": [],
                "createdTime": iso(attempt.created_at),
            })
        };
        let attempts: Vec<Value> = self.attempts.iter().map(line).collect();
        json!({ "status": "success", "verifications": attempts })
    }
}

/// The answer where there is no decision.
pub(crate) fn no_decision() -> Value {
    json!({ "status": "success", "verification": null })
}

/// A number, unless the settings say otherwise, or the code is none.
fn reason_code(reason: &Granular, settings: Settings) -> Value {
    match reason.code.parse::<u32>() {
        Ok(number) if !settings.text_reason_codes => json!(number),
        _ => json!(reason.code),
    }
}

/// Times have up to six digits of a second; this one has them all.
fn decision_time(at: i64) -> String {
    iso(at).replace('Z', "000Z")
}
