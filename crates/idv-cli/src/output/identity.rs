//! The verified identity as `idv check --identity` prints it: the one place where the command reads personal data.

use idv::profile::Capability;
use idv::{DocumentKind, Pii, Registry, Verification, VerificationStatus, VerifiedIdentity};
use serde_json::{Value, json};

use super::table::{Cell, facts};

/// The document: absent facts are `null`.
pub(super) fn document(identity: &VerifiedIdentity) -> Value {
    let document = identity.document.as_ref().map(|document| {
        json!({
            "kind": document.kind.map(DocumentKind::expose),
            "number": document.number.as_ref().map(Pii::expose),
            "issuing_country": document.issuing_country.as_ref().map(Pii::expose),
            "expires_on": document.expires_on.as_ref().map(Pii::expose),
        })
    });
    let mut all = json!({"document": document});
    for (name, fact) in texts(identity) {
        all[name] = json!(fact.as_ref().map(Pii::expose));
    }
    all
}

/// The lines for people, or why there are none.
pub(super) fn view(registry: &Registry, verification: &Verification) -> String {
    let Some(identity) = verification.identity() else {
        return facts(vec![("identity", Cell::plain(missing(registry, verification)))]);
    };
    let mut rows: Vec<(String, &str)> = texts(identity)
        .into_iter()
        .filter_map(|(name, fact)| Some((name.replace('_', " "), fact.as_ref()?.expose())))
        .collect();
    if let Some(document) = &identity.document {
        let parts = [
            ("document", document.kind.map(DocumentKind::expose)),
            ("document number", document.number.as_ref().map(Pii::expose)),
            ("issued by", document.issuing_country.as_ref().map(Pii::expose)),
            ("expires on", document.expires_on.as_ref().map(Pii::expose)),
        ];
        rows.extend(parts.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), fact?))));
    }
    facts(rows.iter().map(|(name, fact)| (name.as_str(), Cell::plain(printable(fact)))).collect())
}

fn texts(identity: &VerifiedIdentity) -> [(&'static str, &Option<Pii>); 8] {
    [
        ("first_name", &identity.first_name),
        ("last_name", &identity.last_name),
        ("full_name", &identity.full_name),
        ("date_of_birth", &identity.date_of_birth),
        ("nationality", &identity.nationality),
        ("address", &identity.address),
        ("email", &identity.email),
        ("phone", &identity.phone),
    ]
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
