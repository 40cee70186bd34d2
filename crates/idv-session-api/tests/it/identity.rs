//! The verified identity: read where a check asks for it, of an approved session alone, and of the session that was asked about.

use idv_core::{CheckRequest, Error, ErrorKind, IdentityField, Result, Verification};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer};

use crate::support::{Provider, answering, build, ok, over, sent, session};

const ID: &str = "5b1c2d3e-0000-11ee-9758-309c231b1bac";
const DIDIT: &str = "5f0c1b2a-1111-4222-8333-444455556666";

fn provider(preset: &str, base: &str) -> Provider {
    let options = json!({"preset": preset, "base_url": base, "api_key": {"env": "KEY"}});
    let more = match preset {
        "idenfy" => json!({"secrets": {"api_key": "a-key"}}),
        _ => json!({"workflow_id": "itmpl_1"}),
    };
    build(&over(options, more)).unwrap()
}

async fn asked(provider: &Provider, id: &str) -> Result<Verification> {
    provider.check(&CheckRequest::new(session(id)).with_identity()).await
}

fn facts(found: &Verification) -> Vec<(&'static str, String)> {
    let Some(identity) = found.identity() else { return Vec::new() };
    let fact = |field: IdentityField| (field.as_str(), identity.expose(field).unwrap_or_default().to_owned());
    identity.fields().map(fact).collect()
}

fn named(all: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    all.iter().map(|(name, fact)| (*name, (*fact).to_owned())).collect()
}

fn decision(status: &str) -> Value {
    json!({"session_id": DIDIT, "status": status, "id_verifications": [
        {"status": "Approved", "document_type": "Identity Card", "document_number": "CAA000000", "issuing_state": "ESP",
         "first_name": "Carmen", "last_name": "Española Española", "full_name": "Carmen Española Española",
         "date_of_birth": "1980-01-01", "expiration_date": "2031-06-02", "nationality": "ESP", "address": "Avda de Madrid 34",
         "warnings": []},
        {"first_name": "Another"},
    ]})
}

#[tokio::test]
async fn didit_tells_it_in_the_decision() {
    let server = answering(ok(decision("Approved"))).await;
    let found = asked(&provider("didit", &server.uri()), DIDIT).await.unwrap();
    let expected = named(&[
        ("first_name", "Carmen"),
        ("last_name", "Española Española"),
        ("full_name", "Carmen Española Española"),
        ("date_of_birth", "1980-01-01"),
        ("nationality", "ES"),
        ("address", "Avda de Madrid 34"),
        ("document_kind", "id_card"),
        ("document_number", "CAA000000"),
        ("document_issuing_country", "ES"),
        ("document_expires_on", "2031-06-02"),
    ]);
    assert_eq!(facts(&found), expected);
    assert_eq!(sent(&server).await.len(), 1);
    // Not without being asked, and not before an approval.
    let plain = provider("didit", &server.uri()).check(&CheckRequest::new(session(DIDIT))).await.unwrap();
    assert!(plain.identity().is_none());
    let server = answering(ok(decision("In Review"))).await;
    assert!(asked(&provider("didit", &server.uri()), DIDIT).await.unwrap().identity().is_none());
}

/// A word that is not known, a country that is none, a list where an object belongs: the fact is absent, and the others are there.
#[tokio::test]
async fn facts_that_do_not_fit_are_absent() {
    let mut odd = decision("Approved");
    let document = &mut odd["id_verifications"][0];
    document["document_type"] = "Library Card".into();
    document["nationality"] = "Elbonia".into();
    document["date_of_birth"] = json!({"year": 1980});
    document["expiration_date"] = "soon".into();
    document["document_number"] = 4711.into();
    let server = answering(ok(odd)).await;
    let found = asked(&provider("didit", &server.uri()), DIDIT).await.unwrap();
    let names: Vec<&str> = facts(&found).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        ["first_name", "last_name", "full_name", "address", "document_number", "document_issuing_country"]
    );
    let server =
        answering(ok(json!({"session_id": DIDIT, "status": "Approved", "id_verifications": {}}))).await;
    assert!(asked(&provider("didit", &server.uri()), DIDIT).await.unwrap().identity().is_none());
}

fn person(id: &str) -> Value {
    json!({"scanRef": id, "clientId": "user-42", "docFirstName": "CARMEN", "docLastName": "ESPAÑOLA", "fullName": "CARMEN ESPAÑOLA",
        "docDob": "1980-01-01", "docType": "RESIDENCE_PERMIT", "docNumber": "X1", "docExpiry": "2031-06-02", "docNationality": "LT",
        "docIssuingCountry": "LT", "address": null})
}

async fn idenfy(status: &str, person: Value) -> MockServer {
    let server = MockServer::start().await;
    let state = json!({"status": status, "scanRef": ID, "clientId": "user-42"});
    let posts = |at: &str| Mock::given(method("POST")).and(path(at.to_owned()));
    posts("/api/v2/status").respond_with(ok(state)).mount(&server).await;
    posts("/api/v2/data").respond_with(ok(person)).mount(&server).await;
    server
}

#[tokio::test]
async fn idenfy_tells_it_in_a_second_call_after_an_approval_alone() {
    let server = idenfy("APPROVED", person(ID)).await;
    let found = asked(&provider("idenfy", &server.uri()), ID).await.unwrap();
    let expected = named(&[
        ("first_name", "CARMEN"),
        ("last_name", "ESPAÑOLA"),
        ("full_name", "CARMEN ESPAÑOLA"),
        ("date_of_birth", "1980-01-01"),
        ("nationality", "LT"),
        ("document_kind", "residence_permit"),
        ("document_number", "X1"),
        ("document_issuing_country", "LT"),
        ("document_expires_on", "2031-06-02"),
    ]);
    assert_eq!(facts(&found), expected);
    let lines: Vec<String> = sent(&server).await.iter().map(|one| one.line()).collect();
    assert_eq!(lines, ["POST /api/v2/status", "POST /api/v2/data"]);
    assert_eq!(sent(&server).await[1].json(), json!({"scanRef": ID}));
    for status in ["DENIED", "SUSPECTED"] {
        let server = idenfy(status, person(ID)).await;
        let found = asked(&provider("idenfy", &server.uri()), ID).await.unwrap();
        assert!(found.identity().is_none());
        assert_eq!(
            sent(&server).await.len(),
            1,
            "personal data of a person who was not verified is not fetched"
        );
    }
}

/// The identity of another session, or of none, is nobody's; and the state alone is not what was asked for.
#[tokio::test]
async fn an_identity_has_to_name_its_session() {
    async fn refusal(person: Value) -> Error {
        let server = idenfy("APPROVED", person).await;
        asked(&provider("idenfy", &server.uri()), ID).await.unwrap_err()
    }
    let error = refusal(person("another-scan")).await;
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(!format!("{error} {error:?}").contains("CARMEN"), "{error:?}");
    for id in [json!(null), json!("")] {
        let mut nobody = person(ID);
        nobody["scanRef"] = id;
        assert_eq!(refusal(nobody).await.kind(), ErrorKind::InvalidResponse);
    }
}

#[tokio::test]
async fn persona_is_asked_for_fields_by_that_call_alone() {
    const INQUIRY: &str = "inq_sim000000000000000001";
    let server = MockServer::start().await;
    let inquiry =
        |attributes: Value| ok(json!({"data": {"type": "inquiry", "id": INQUIRY, "attributes": attributes}}));
    let reads = |fields: &'static str| {
        Mock::given(method("GET"))
            .and(path(format!("/inquiries/{INQUIRY}")))
            .and(query_param("fields[inquiry]", fields))
    };
    reads("status,reference-id,created-at,updated-at,expires-at")
        .respond_with(inquiry(json!({"status": "approved"})))
        .mount(&server)
        .await;
    let field = |value: &str| json!({"type": "string", "value": value});
    let fields = json!({
        "name-first": field("Jane"), "name-last": field("Doe"), "birthdate": {"type": "date", "value": "1994-04-12"},
        "address-street-1": field("1 High Street"), "address-street-2": {"type": "string", "value": null},
        "address-city": field("London"), "address-postal-code": field("WC1"), "address-country-code": field("GB"),
        "identification-class": field("dl"), "identification-number": field("D-1"),
    });
    reads("fields").respond_with(inquiry(json!({"fields": fields}))).mount(&server).await;
    let found = asked(&provider("persona", &server.uri()), INQUIRY).await.unwrap();
    let expected = named(&[
        ("first_name", "Jane"),
        ("last_name", "Doe"),
        ("date_of_birth", "1994-04-12"),
        ("address", "1 High Street, London, WC1, GB"),
        ("document_kind", "drivers_license"),
        ("document_number", "D-1"),
    ]);
    assert_eq!(facts(&found), expected);
}

#[test]
fn an_identity_says_where_its_facts_stand() {
    let of = |identity: Value| {
        let options = json!({
            "vendor": "Acme", "base_url": "https://acme.example", "api_key": {"env": "KEY"}, "start": {"path": "/s", "fields": {"reference": "r"}},
            "check": {"path": "/s/{id}"}, "status_words": {"ok": "approved"}, "identity": identity,
        });
        build(&options).map(drop).unwrap_err().join("\n")
    };
    for (identity, said) in [
        (json!({}), "names no fact"),
        (json!({"call": {"path": "/s/{id}/person"}}), "names no fact"),
        (json!({"call": {"path": "/person"}, "first_name": "/a"}), "needs the session id once"),
        (
            json!({"call": {"path": "/s/{id}", "id_field": "id"}, "first_name": "/a"}),
            "needs the session id once",
        ),
        (json!({"document": {"kind": "/kind"}}), "`kind` and `kinds` need each other"),
        (
            json!({"first_name": "/a", "document": {"kinds": {"PP": "passport"}}}),
            "`kind` and `kinds` need each other",
        ),
        (json!({"document": {"kind": "/kind", "kinds": {"PP": "library_card"}}}), "expected one of passport"),
        (json!({"first_name": "/a/*"}), "must lead to one place"),
        (json!({"given_name": "/a"}), "given_name"),
    ] {
        let found = of(identity.clone());
        assert!(found.contains(said), "{identity}: {found}");
        assert!(found.contains("identity"), "{identity}: {found}");
    }
}
