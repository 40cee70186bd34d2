//! The verified identity of a session.

use idv_core::{
    DocumentKind, IdentityField, Pii, VerifiedDocument, VerifiedIdentity, identity, lookup_ignore_case,
};
use idv_http::json::Object;

/// The fields that are expanded where a check asks for the identity, and left out otherwise (docs.stripe.com, "Access verification results").
pub(crate) const EXPANDED: [&str; 2] = ["verified_outputs", "last_verification_report"];
/// The fields that only a restricted key with a permission of its own gets (same page).
pub(crate) const SENSITIVE: [&str; 3] = [
    "verified_outputs.dob",
    "last_verification_report.document.number",
    "last_verification_report.document.expiration_date",
];

/// The text in place of what was deleted (docs.stripe.com, "Redact a VerificationSession").
const REDACTED: &str = "[redacted]";

/// `document.type` of a report (docs.stripe.com, the VerificationReport object).
const DOCUMENTS: &[(&str, DocumentKind)] = &[
    ("driving_license", DocumentKind::DriversLicense),
    ("id_card", DocumentKind::IdCard),
    ("passport", DocumentKind::Passport),
];

/// The facts that a session can have.
const FIELDS: [IdentityField; 7] = [
    IdentityField::FirstName,
    IdentityField::LastName,
    IdentityField::Address,
    IdentityField::Email,
    IdentityField::Phone,
    IdentityField::DocumentKind,
    IdentityField::DocumentIssuingCountry,
];
/// The facts in the [`SENSITIVE`] fields.
const SENSITIVE_FIELDS: [IdentityField; 3] =
    [IdentityField::DateOfBirth, IdentityField::DocumentNumber, IdentityField::DocumentExpiresOn];

/// The facts that a session can have, with or without the [`SENSITIVE`] ones.
pub(crate) fn fields(sensitive: bool) -> Vec<IdentityField> {
    let sensitive: &[IdentityField] = if sensitive { &SENSITIVE_FIELDS } else { &[] };
    let mut fields = [&FIELDS, sensitive].concat();
    fields.sort_unstable();
    fields
}

/// Reads `verified_outputs` and the document of the last report of a session.
pub(crate) fn of(session: &Object<'_>) -> VerifiedIdentity {
    let mut found = VerifiedIdentity::default();
    if let Some(outputs) = session.object("verified_outputs").given() {
        found.first_name = fact(&outputs, "first_name", identity::text);
        found.last_name = fact(&outputs, "last_name", identity::text);
        found.date_of_birth = day(&outputs, "dob");
        found.address = outputs.object("address").given().and_then(|address| self::address(&address));
        found.email = fact(&outputs, "email", identity::text);
        found.phone = fact(&outputs, "phone", identity::text);
    }
    let report = session.object("last_verification_report").given();
    let shown = report.and_then(|report| report.object("document").given());
    found.document = shown.and_then(|shown| document(&shown).if_known());
    found
}

fn fact(object: &Object<'_>, name: &str, read: fn(&str) -> Option<Pii>) -> Option<Pii> {
    let text = object.text(name).given().filter(|text| !text.eq_ignore_ascii_case(REDACTED))?;
    read(&text)
}

/// A day, which Stripe writes as three numbers.
fn day(object: &Object<'_>, name: &str) -> Option<Pii> {
    let date = object.object(name).given()?;
    let number = |name: &str| date.word(name).given()?.parse::<u16>().ok();
    let (year, month, day) = (number("year")?, number("month")?, number("day")?);
    identity::date(&format!("{year:04}-{month:02}-{day:02}"))
}

/// An address in one line, from its parts in the order in which they are written.
fn address(address: &Object<'_>) -> Option<Pii> {
    const PARTS: [&str; 6] = ["line1", "line2", "city", "postal_code", "state", "country"];
    let parts: Vec<Pii> = PARTS.iter().filter_map(|part| fact(address, part, identity::text)).collect();
    identity::text(&parts.iter().map(Pii::expose).collect::<Vec<_>>().join(", "))
}

fn document(shown: &Object<'_>) -> VerifiedDocument {
    let mut found = VerifiedDocument::default();
    found.kind = shown.text("type").given().and_then(|kind| lookup_ignore_case(DOCUMENTS, &kind));
    found.number = fact(shown, "number", identity::text);
    found.issuing_country = fact(shown, "issuing_country", identity::country);
    found.expires_on = day(shown, "expiration_date");
    found
}
