//! The verified identity of a decision.

use idv_core::{
    DocumentKind, IdentityField, Pii, VerifiedDocument, VerifiedIdentity, identity, lookup_ignore_case,
};
use idv_http::json::Object;

/// `document.type` (devdocs.veriff.com, "GET /v1/sessions/{id}/decision").
const DOCUMENTS: &[(&str, DocumentKind)] = &[
    ("PASSPORT", DocumentKind::Passport),
    ("ID_CARD", DocumentKind::IdCard),
    ("DRIVERS_LICENSE", DocumentKind::DriversLicense),
    ("RESIDENCE_PERMIT", DocumentKind::ResidencePermit),
];

/// The facts that a decision can have.
pub(crate) const FIELDS: [IdentityField; 10] = [
    IdentityField::FirstName,
    IdentityField::LastName,
    IdentityField::FullName,
    IdentityField::DateOfBirth,
    IdentityField::Nationality,
    IdentityField::Address,
    IdentityField::DocumentKind,
    IdentityField::DocumentNumber,
    IdentityField::DocumentIssuingCountry,
    IdentityField::DocumentExpiresOn,
];

/// Reads `person` and `document` of a decision (devdocs.veriff.com, "GET /v1/sessions/{id}/decision"). It has neither e-mail address
/// nor phone number.
pub(crate) fn of(decision: &Object<'_>) -> VerifiedIdentity {
    let mut found = VerifiedIdentity::default();
    if let Some(person) = decision.object("person").given() {
        found.first_name = fact(&person, "firstName", identity::text);
        found.last_name = fact(&person, "lastName", identity::text);
        found.full_name = fact(&person, "fullName", identity::text);
        found.date_of_birth = fact(&person, "dateOfBirth", identity::date);
        found.nationality = fact(&person, "nationality", identity::country);
        found.address = address(&person);
    }
    found.document =
        decision.object("document").given().and_then(|document| self::document(&document).if_known());
    found
}

fn fact(object: &Object<'_>, name: &str, read: fn(&str) -> Option<Pii>) -> Option<Pii> {
    object.word(name).given().as_deref().and_then(read)
}

/// The first address that is written in one line.
fn address(person: &Object<'_>) -> Option<Pii> {
    let addresses = person.get("addresses").and_then(|list| list.list("addresses")).given()?;
    let mut addresses = addresses.into_iter().filter_map(|address| address.object("addresses").given());
    addresses.find_map(|address| fact(&address, "fullAddress", identity::text))
}

fn document(document: &Object<'_>) -> VerifiedDocument {
    let mut found = VerifiedDocument::default();
    found.kind = document.text("type").given().and_then(|kind| lookup_ignore_case(DOCUMENTS, &kind));
    found.number = fact(document, "number", identity::text);
    found.issuing_country = fact(document, "country", identity::country);
    found.expires_on = fact(document, "validUntil", identity::date);
    found
}
