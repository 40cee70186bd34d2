//! The verified identity in an answer.

use idv_core::{DocumentKind, IdentityField, Pii, VerifiedDocument, VerifiedIdentity, identity};
use idv_http::json::Node;

use crate::description::spec::Identity;

/// Reads the facts where the description says. What is not there, or does not fit, is absent.
pub(crate) fn read(spec: &Identity, answer: &Node<'_>) -> VerifiedIdentity {
    let mut found = VerifiedIdentity::default();
    let Some(facts) = spec.at.object(answer).given() else { return found };
    let mut document = VerifiedDocument::default();
    for (field, places) in &spec.facts {
        let Some(word) = places.word(&facts).given() else { continue };
        match field {
            IdentityField::FirstName => found.first_name = identity::text(&word),
            IdentityField::LastName => found.last_name = identity::text(&word),
            IdentityField::FullName => found.full_name = identity::text(&word),
            IdentityField::DateOfBirth => found.date_of_birth = identity::date(&word),
            IdentityField::Nationality => found.nationality = identity::country(&word),
            IdentityField::Email => found.email = identity::text(&word),
            IdentityField::Phone => found.phone = identity::text(&word),
            IdentityField::DocumentKind => document.kind = kind(spec, &word),
            IdentityField::DocumentNumber => document.number = identity::text(&word),
            IdentityField::DocumentIssuingCountry => document.issuing_country = identity::country(&word),
            IdentityField::DocumentExpiresOn => document.expires_on = identity::date(&word),
            _ => {}
        }
    }
    found.address = address(spec, &facts);
    found.document = document.if_known();
    found
}

fn kind(spec: &Identity, word: &str) -> Option<DocumentKind> {
    spec.kinds.meaning(word, None)
}

fn address(spec: &Identity, facts: &Node<'_>) -> Option<Pii> {
    identity::text(&spec.address.words(facts).join(", "))
}
