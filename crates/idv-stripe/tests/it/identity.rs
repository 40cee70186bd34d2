//! The verified identity: asked for by name, and never shown.

use idv_core::{CheckRequest, DocumentKind, Pii, VerifiedIdentity};
use serde_json::{Value, json};

use crate::support::{ID, Stripe, reference, session};

fn verified() -> Value {
    session(json!({
        "status": "verified", "url": null, "client_secret": null,
        "verified_outputs": {
            "first_name": "Ada", "last_name": "Lovelace", "dob": {"day": 1, "month": 2, "year": 1990},
            "address": {"line1": "1 Canary Street", "line2": "", "city": "London", "postal_code": "E1", "state": null, "country": "GB"},
            "email": "ada@example.com", "phone": null, "id_number": "canary", "sex": "female",
        },
        "last_verification_report": {"id": "vr_1", "document": {
            "type": "driving_license", "number": "CANARY7", "issuing_country": "GB", "expiration_date": {"day": 3, "month": 12, "year": 2031},
        }},
    }))
}

async fn identity(answer: Value) -> Option<VerifiedIdentity> {
    let stripe = Stripe::with(answer).await;
    let found = stripe.provider().check(&CheckRequest::new(reference(ID)).with_identity()).await.unwrap();
    assert!(!format!("{found:?}").to_lowercase().contains("canary"));
    found.identity().cloned()
}

fn shown(fact: &Option<Pii>) -> Option<&str> {
    fact.as_ref().map(Pii::expose)
}

#[tokio::test]
async fn what_was_verified_is_read() {
    let found = identity(verified()).await.unwrap();
    assert_eq!((shown(&found.first_name), shown(&found.last_name)), (Some("Ada"), Some("Lovelace")));
    assert_eq!((shown(&found.date_of_birth), shown(&found.full_name)), (Some("1990-02-01"), None));
    assert_eq!(shown(&found.address), Some("1 Canary Street, London, E1, GB"));
    assert_eq!((shown(&found.email), shown(&found.phone)), (Some("ada@example.com"), None));
    let document = found.document.unwrap();
    assert!(document.kind == Some(DocumentKind::DriversLicense));
    assert_eq!((shown(&document.number), shown(&document.issuing_country)), (Some("CANARY7"), Some("GB")));
    assert_eq!(shown(&document.expires_on), Some("2031-12-03"));
}

#[tokio::test]
async fn only_a_check_that_asks_for_it_has_it_expanded() {
    let stripe = Stripe::with(verified()).await;
    let usual = stripe.provider();
    let plain = usual.check(&CheckRequest::new(reference(ID))).await.unwrap();
    assert_eq!(plain.identity(), None);
    usual.check(&CheckRequest::new(reference(ID)).with_identity()).await.unwrap();
    let all = stripe.provider_with(json!({"sensitive_results": true}));
    all.check(&CheckRequest::new(reference(ID)).with_identity()).await.unwrap();
    let queries: Vec<_> = stripe
        .targets()
        .iter()
        .map(|target| target.split_once('?').map(|(_, query)| query.to_owned()))
        .collect();
    let expand = |members: &[&str]| {
        Some(members.iter().map(|member| format!("expand[]={member}")).collect::<Vec<_>>().join("&"))
    };
    let decoded: Vec<_> = queries
        .into_iter()
        .map(|query| query.map(|query| query.replace("%5B", "[").replace("%5D", "]")))
        .collect();
    let usual = ["verified_outputs", "last_verification_report"];
    let sensitive = [
        "verified_outputs.dob",
        "last_verification_report.document.number",
        "last_verification_report.document.expiration_date",
    ];
    assert_eq!(decoded, [None, expand(&usual), expand(&[&usual[..], &sensitive].concat())]);
}

/// The secret key alone gets neither day of birth nor number: they are left out, and the report is an id where it is not expanded.
#[tokio::test]
async fn what_is_left_out_is_absent() {
    let mut answer = verified();
    answer["verified_outputs"]["dob"] = json!(null);
    answer["last_verification_report"] = json!("vr_1");
    let found = identity(answer).await.unwrap();
    assert_eq!((shown(&found.date_of_birth), found.document), (None, None));
    let mut odd = verified();
    odd["verified_outputs"]["dob"] = json!({"day": 31, "month": 2, "year": 1990});
    odd["last_verification_report"]["document"]["type"] = json!("library_card");
    let found = identity(odd).await.unwrap();
    assert_eq!(shown(&found.date_of_birth), None);
    assert!(found.document.unwrap().kind.is_none());
}

/// What was deleted is written as a word in its place.
#[tokio::test]
async fn a_placeholder_is_no_name() {
    let mut answer = verified();
    answer["verified_outputs"]["first_name"] = json!("[redacted]");
    answer["verified_outputs"]["address"] = json!({"line1": "[redacted]", "city": "[redacted]"});
    let found = identity(answer.clone()).await.unwrap();
    assert_eq!((shown(&found.first_name), shown(&found.last_name)), (None, Some("Lovelace")));
    assert_eq!(shown(&found.address), None);
    for status in ["validated", "processing", "redacted"] {
        answer["redaction"] = json!({"status": status});
        assert_eq!(identity(answer.clone()).await, None, "{status}");
    }
}
