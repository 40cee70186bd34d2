//! The verified identity of a document.

use idv_core::{DocumentKind, VerificationStatus, VerifiedDocument, VerifiedIdentity};
use serde_json::Value;

use super::document::{Document, set};
use super::{answers, words};

/// The answer to a check of an approved session with every fact of the document, and the identity in it. One answer serves both
/// calls, where the identity has one of its own.
pub(super) fn identified(document: &Document, session: &str) -> Option<(Value, VerifiedIdentity)> {
    if document.at("/identity").is_null() {
        return None;
    }
    let approved = words::of_status(document, VerificationStatus::Approved).unwrap_or_default();
    let mut answer = answers::state(document, session, &approved);
    let mut told = |key: &str, fact: &str| {
        let at = document.place("/identity/at", "");
        let place = document.known_place(&format!("/identity/{key}"))?;
        set(&mut answer, &format!("{at}{}", place.replace('*', "0")), fact.into());
        Some(fact.into())
    };
    let mut identity = VerifiedIdentity::default();
    identity.first_name = told("first_name", "Ottoline");
    identity.last_name = told("last_name", "Featherquill");
    identity.full_name = told("full_name", "Ottoline Violet Featherquill");
    identity.date_of_birth = told("date_of_birth", "1873-06-16");
    identity.nationality = told("nationality", "GB");
    identity.address = told("address", "44 Bedford Square, London");
    identity.email = told("email", "ottoline@identity.example.com");
    identity.phone = told("phone", "+442079460000");
    let mut shown = VerifiedDocument::default();
    shown.number = told("document/number", "P-1873061");
    shown.issuing_country = told("document/issuing_country", "GB");
    shown.expires_on = told("document/expires_on", "2031-04-21");
    if let Some((word, kind)) = document.table("/identity/document/kinds").next() {
        shown.kind = DocumentKind::ALL.iter().copied().find(|known| Some(known.expose()) == kind.as_str());
        told("document/kind", word);
    }
    identity.document = shown.if_known();
    Some((answer, identity))
}
