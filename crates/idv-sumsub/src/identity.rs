//! The verified identity of an applicant.

use idv_core::{
    DocumentKind, IdentityField, Pii, VerifiedDocument, VerifiedIdentity, identity, lookup_ignore_case,
};
use idv_http::json::Object;

/// `idDocType` of documents that prove an identity (docs.sumsub.com, "Get applicant data"). Others, such as a utility bill, do not.
const DOCUMENTS: &[(&str, DocumentKind)] = &[
    ("PASSPORT", DocumentKind::Passport),
    ("ID_CARD", DocumentKind::IdCard),
    ("DRIVERS", DocumentKind::DriversLicense),
    ("RESIDENCE_PERMIT", DocumentKind::ResidencePermit),
];

/// The facts that an applicant can have.
pub(crate) const FIELDS: [IdentityField; 11] = [
    IdentityField::FirstName,
    IdentityField::LastName,
    IdentityField::DateOfBirth,
    IdentityField::Nationality,
    IdentityField::Address,
    IdentityField::Email,
    IdentityField::Phone,
    IdentityField::DocumentKind,
    IdentityField::DocumentNumber,
    IdentityField::DocumentIssuingCountry,
    IdentityField::DocumentExpiresOn,
];

/// Reads the identity of an applicant (docs.sumsub.com, "Get applicant data"). `info` has what was read from documents. What it lacks is
/// taken from `fixedInfo`, which the applicant or the application stated and the review compared with the documents
/// (docs.sumsub.com, "Change provided information"), so it counts only after an approval.
pub(crate) fn of(applicant: &Object<'_>) -> VerifiedIdentity {
    let sources: Vec<Object<'_>> =
        ["info", "fixedInfo"].iter().filter_map(|name| applicant.object(name).given()).collect();
    let fact = |name: &str, read: fn(&str) -> Option<Pii>| {
        sources.iter().find_map(|source| source.text(name).given().as_deref().and_then(read))
    };
    let own = |name: &str| applicant.text(name).given().as_deref().and_then(identity::text);
    let mut found = VerifiedIdentity::default();
    (found.first_name, found.last_name) = sources.iter().find_map(names).unwrap_or_default();
    found.date_of_birth = fact("dob", identity::date);
    found.nationality = fact("nationality", identity::country);
    found.address = sources.iter().find_map(address);
    found.email = own("email");
    found.phone = own("phone");
    found.document = applicant.object("info").given().as_ref().and_then(document);
    found
}

/// The names of one source: a first name of one is not put before a last name of another.
fn names(source: &Object<'_>) -> Option<(Option<Pii>, Option<Pii>)> {
    let name = |name: &str| source.text(name).given().as_deref().and_then(identity::text);
    let names = (name("firstName"), name("lastName"));
    (names != (None, None)).then_some(names)
}

/// The first address that is written in one line.
fn address(source: &Object<'_>) -> Option<Pii> {
    elements(source, "addresses")
        .find_map(|address| address.text("formattedAddress").given().as_deref().and_then(identity::text))
}

/// The first document that proves an identity.
fn document(info: &Object<'_>) -> Option<VerifiedDocument> {
    elements(info, "idDocs").find_map(|document| {
        let fact =
            |name: &str, read: fn(&str) -> Option<Pii>| document.word(name).given().as_deref().and_then(read);
        let mut found = VerifiedDocument::default();
        found.kind = Some(lookup_ignore_case(DOCUMENTS, &document.text("idDocType").given()?)?);
        found.number = fact("number", identity::text);
        found.issuing_country = fact("country", identity::country);
        found.expires_on = fact("validUntil", identity::date);
        Some(found)
    })
}

/// The objects of a list.
fn elements<'a>(source: &Object<'a>, name: &str) -> impl Iterator<Item = Object<'a>> + use<'a> {
    let list = source.get(name).and_then(|list| list.list(name)).given().unwrap_or_default();
    let name = name.to_owned();
    list.into_iter().filter_map(move |element| element.object(&name).given())
}
