//! Where the verified identity stands.

use http::Method;
use idv_core::{IdentityField, OptionsValidator};

use super::common::{places, query};
use super::{calls, words};
use crate::description::identity_table::{IdentityCallTable, IdentityTable};
use crate::description::spec::{Identity, IdentityCall};
use crate::places::Places;

/// `None` where it cannot be made; the reasons are noted in the validator.
pub(super) fn identity(table: &IdentityTable, validator: &mut OptionsValidator<'_>) -> Option<Identity> {
    let call = match &table.call {
        Some(call) => Some(self::call(call, validator)?),
        None => None,
    };
    let facts = facts(table);
    let address = table.address.clone().unwrap_or_default();
    if facts.is_empty() && address.is_nowhere() {
        validator.add_error("identity", "names no fact: say where names, date of birth or document stand");
    }
    let document = &table.document;
    if document.kind.is_some() == document.kinds.is_empty() {
        let message = "`kind` and `kinds` need each other: where the word stands, and what it means";
        validator.add_error("identity.document", message);
    }
    let kinds = document.kinds.iter().map(|(word, kind)| (word, kind.0));
    let kinds = words::table(validator, "identity.document.kinds", kinds);
    Some(Identity { call, at: places(table.at.as_ref(), &[""]), facts, address, kinds })
}

fn call(table: &IdentityCallTable, validator: &mut OptionsValidator<'_>) -> Option<IdentityCall> {
    let method = if table.id_field.is_some() { Method::POST } else { Method::GET };
    let none = std::collections::BTreeMap::new();
    let call = calls::about("identity.call", method, &table.path, table.id_field.as_ref(), &none, validator)?;
    Some(IdentityCall { call, query: query(&table.query) })
}

/// Every fact that is one text, with its places.
fn facts(table: &IdentityTable) -> Vec<(IdentityField, Places)> {
    let document = &table.document;
    let all = [
        (IdentityField::FirstName, &table.first_name),
        (IdentityField::LastName, &table.last_name),
        (IdentityField::FullName, &table.full_name),
        (IdentityField::DateOfBirth, &table.date_of_birth),
        (IdentityField::Nationality, &table.nationality),
        (IdentityField::Email, &table.email),
        (IdentityField::Phone, &table.phone),
        (IdentityField::DocumentKind, &document.kind),
        (IdentityField::DocumentNumber, &document.number),
        (IdentityField::DocumentIssuingCountry, &document.issuing_country),
        (IdentityField::DocumentExpiresOn, &document.expires_on),
    ];
    all.into_iter().filter_map(|(field, places)| Some((field, places.clone()?))).collect()
}
