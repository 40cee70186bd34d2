//! Sessions as Stripe prints them (Stripe documentation, the VerificationSession and the VerificationReport object).

use serde_json::{Value, json};

use crate::vendors::stripe::codes::sentence;
use crate::vendors::stripe::session::{Redaction, Session};

/// The text in place of what was deleted.
const REDACTED: &str = "[redacted]";

/// The parts that a request gets to see beside the session itself.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// The link, and the client secret.
    pub(crate) handoff: Option<(String, String)>,
    /// The members that are expanded.
    pub(crate) expanded: Vec<String>,
}

impl View {
    fn shows(&self, member: &str) -> bool {
        self.expanded.iter().any(|expanded| {
            expanded == member || expanded.strip_prefix(member).is_some_and(|rest| rest.starts_with('.'))
        })
    }

    fn names(&self, member: &str) -> bool {
        self.expanded.iter().any(|expanded| expanded == member)
    }
}

impl Session {
    pub(crate) fn printed(&self, view: &View) -> Value {
        let (url, secret) = view.handoff.clone().unzip();
        let details = (self.wanted.email.is_some() || self.wanted.phone.is_some()).then(
            || json!({ "email": self.told(&self.wanted.email), "phone": self.told(&self.wanted.phone) }),
        );
        json!({
            "id": self.id,
            "object": "identity.verification_session",
            "client_reference_id": self.wanted.reference,
            "client_secret": secret,
            "created": self.created_at.div_euclid(1000),
            "last_error": self.last_error.as_ref().map(|code| json!({ "code": code, "reason": sentence(code) })),
            "last_verification_report": self.last_report(view),
            "livemode": false,
            "metadata": self.wanted.metadata,
            "options": self.wanted.options,
            "provided_details": details,
            "redaction": self.redaction.map(|redaction| json!({ "status": redaction.word() })),
            "related_customer": null,
            "related_customer_account": null,
            "related_person": null,
            "status": self.status,
            "type": self.wanted.kind,
            "url": url,
            "verification_flow": self.wanted.flow,
            "verified_outputs": view.shows("verified_outputs").then(|| self.outputs(view)).flatten(),
        })
    }

    /// A fact about the applicant, or what stands there after its deletion.
    fn told(&self, fact: &Option<String>) -> Option<String> {
        match self.redaction {
            Some(Redaction::Redacted) => fact.as_ref().map(|_| REDACTED.to_owned()),
            _ => fact.clone(),
        }
    }

    fn fact(&self, fact: &str) -> Option<String> {
        self.told(&Some(fact.to_owned()))
    }

    fn outputs(&self, view: &View) -> Option<Value> {
        let dob = view.names("verified_outputs.dob").then(|| self.day(1990, 1, 2));
        (self.status == "verified").then(|| {
            json!({
                "address": {
                    "city": self.fact("Springfield"), "country": self.fact("US"), "line1": self.fact("1 Sample Street"),
                    "line2": null, "postal_code": self.fact("62701"), "state": self.fact("IL"),
                },
                "dob": dob,
                "email": self.told(&self.wanted.email),
                "first_name": self.fact("Sam"),
                "id_number": null,
                "id_number_type": null,
                "last_name": self.fact("Simulated"),
                "phone": self.told(&self.wanted.phone),
                "sex": self.fact("unknown"),
                "unparsed_place_of_birth": null,
                "unparsed_sex": null,
            })
        })
    }

    fn day(&self, year: u16, month: u8, day: u8) -> Value {
        match self.redaction {
            Some(Redaction::Redacted) => Value::Null,
            _ => json!({ "day": day, "month": month, "year": year }),
        }
    }

    /// The id of the last report, or the report itself where it is expanded.
    fn last_report(&self, view: &View) -> Value {
        let Some(id) = &self.report else { return Value::Null };
        if !view.shows("last_verification_report") {
            return json!(id);
        }
        let is_verified = self.status == "verified";
        let sensitive =
            |name: &str| is_verified && view.names(&format!("last_verification_report.document.{name}"));
        let error = self.last_error.as_ref().map(|code| json!({ "code": code, "reason": sentence(code) }));
        json!({
            "id": id,
            "object": "identity.verification_report",
            "client_reference_id": self.wanted.reference,
            "created": self.updated_at.div_euclid(1000),
            "livemode": false,
            "document": {
                "error": error,
                "status": if is_verified { "verified" } else { "unverified" },
                "type": "passport",
                "issuing_country": "US",
                "first_name": is_verified.then(|| self.fact("Sam")),
                "last_name": is_verified.then(|| self.fact("Simulated")),
                "number": sensitive("number").then(|| self.fact("SIM000112222")),
                "expiration_date": sensitive("expiration_date").then(|| self.day(2035, 1, 1)),
                "files": [],
            },
            "type": self.wanted.kind,
            "verification_session": self.id,
        })
    }
}

impl Redaction {
    fn word(self) -> &'static str {
        match self {
            Self::Processing => "processing",
            Self::Redacted => "redacted",
        }
    }
}
