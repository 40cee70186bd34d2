//! The verified identity as `idv check --identity` prints it: the one place where the command reads personal data.

use idv::profile::Capability;
use idv::{IdentityField, Registry, Verification, VerificationStatus, VerifiedIdentity};
use serde_json::{Value, json};

use super::table::{Cell, facts};

/// The facts of an identity beside its document, which is an object of its own.
const PERSON: [IdentityField; 8] = [
    IdentityField::FirstName,
    IdentityField::LastName,
    IdentityField::FullName,
    IdentityField::DateOfBirth,
    IdentityField::Nationality,
    IdentityField::Address,
    IdentityField::Email,
    IdentityField::Phone,
];

/// The document: absent facts are `null`.
pub(super) fn document(identity: &VerifiedIdentity) -> Value {
    let fact = |field: IdentityField| identity.expose(field);
    let document = identity.document.as_ref().map(|_| {
        json!({
            "kind": fact(IdentityField::DocumentKind),
            "number": fact(IdentityField::DocumentNumber),
            "issuing_country": fact(IdentityField::DocumentIssuingCountry),
            "expires_on": fact(IdentityField::DocumentExpiresOn),
        })
    });
    let mut all = json!({"document": document});
    for field in PERSON {
        all[field.as_str()] = json!(fact(field));
    }
    all
}

/// The lines for people, or why there are none.
pub(super) fn view(registry: &Registry, verification: &Verification) -> String {
    let Some(identity) = verification.identity() else {
        return facts(vec![("identity", Cell::plain(missing(registry, verification)))]);
    };
    let fact = |field: IdentityField| Some((field.as_str().replace('_', " "), identity.expose(field)?));
    let rows: Vec<(String, &str)> = identity.fields().filter_map(fact).collect();
    facts(rows.iter().map(|(name, fact)| (name.as_str(), Cell::plain(printable(fact)))).collect())
}

fn missing(registry: &Registry, verification: &Verification) -> &'static str {
    let provider = registry.provider(verification.reference.provider());
    let is_capable = provider.is_ok_and(|provider| provider.profile().capabilities.has(Capability::Identity));
    match (is_capable, verification.status) {
        (false, _) => "none: this provider gives none",
        (true, VerificationStatus::Approved) => "none: the vendor told nothing of it",
        (true, _) => "none: there is one only where the status is approved",
    }
}

/// A text that a terminal shows and does not obey: the characters that change the direction of others are escaped as well.
fn printable(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, character| {
        match character.is_control() || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            true => shown.extend(character.escape_unicode()),
            false => shown.push(character),
        }
        shown
    })
}
