//! The verified identity: given to a check that asks for it, to no other call, and printed nowhere.

use idv_core::{Capability, IdentityField, Operation, Pii, SessionRef, VerifiedIdentity};
use serde_json::Value;

use super::printed;
use crate::ask::Given;
use crate::cases::Cases;
use crate::log::Log;
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::Trial;
use crate::{canary, json};

register! {
    privacy {
        identities_are_given_where_they_are_asked_for;
    }
}

/// Shortest fact that is looked for in what is printed: `GB` stands in many a text.
const SHORTEST: usize = 6;

/// The identity is there where a check asks for it and the capabilities promise it, and nowhere else. A provider without the
/// capability answers the same request with the state alone.
pub async fn identities_are_given_where_they_are_asked_for(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let promised = trial.provider.profile().capabilities.has(Capability::Identity);
    let described = trial.subject.identified(&Trial::session_id(1));
    cases.that("capability", promised == described.is_some(), || match promised {
        true => "an identity is promised, and the subject describes no answer with one".to_owned(),
        false => "the subject describes an answer with an identity, and none is promised".to_owned(),
    });
    fields(trial, cases, described.as_ref().map(|(_, identity)| identity));
    let (answer, identity) = described.unwrap_or_else(|| (trial.approved(), VerifiedIdentity::default()));
    for asked in [true, false] {
        trial.vendor.answer(Reply::json(200, &answer));
        let mut request = trial.check_of(1, &reference);
        request.identity = asked;
        let name = if asked { "asked for" } else { "not asked for" };
        let Some(found) = cases.some(name, trial.provider.check(&request).await) else { continue };
        let wanted = Some(&identity).filter(|_| asked && promised);
        cases.that(format!("identity {name}"), found.identity() == wanted, || match wanted {
            Some(_) => "it is not the one that the answer holds".to_owned(),
            None => "there is one".to_owned(),
        });
    }
    others_give_none(trial, cases, &reference).await;
    if promised {
        prints_nothing(trial, cases, &reference, &answer, &identity).await;
    }
}

/// The profile names the facts of the described identity, and no other.
fn fields(trial: &Trial<'_>, cases: &mut Cases, described: Option<&VerifiedIdentity>) {
    let promised = &trial.provider.profile().identity_fields;
    let given: Vec<IdentityField> = described.into_iter().flat_map(VerifiedIdentity::fields).collect();
    let names =
        |fields: &[IdentityField]| fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ");
    cases.that("fields", *promised == given, || {
        format!("the profile names {}, and the described identity has {}", names(promised), names(&given))
    });
}

/// No other operation that reads a state gives an identity: none can be asked for it.
async fn others_give_none(trial: &Trial<'_>, cases: &mut Cases, reference: &SessionRef) {
    for operation in [Operation::Find, Operation::Import, Operation::Cancel] {
        if !trial.can(operation) {
            continue;
        }
        trial.vendor.answer(trial.success(operation, 1));
        let given = trial.call(&*trial.provider, operation, 1, reference).await;
        let Ok(Given::Verifications(found)) = given else { continue };
        let is_private = found.iter().all(|found| found.identity().is_none());
        cases.that(format!("{operation} identity"), is_private, || "there is one".to_owned());
    }
}

/// Neither the answer nor an error nor a log record shows a fact of the identity.
async fn prints_nothing(
    trial: &Trial<'_>,
    cases: &mut Cases,
    reference: &SessionRef,
    answer: &Value,
    identity: &VerifiedIdentity,
) {
    let canaries = facts(identity);
    cases.that("facts", !canaries.is_empty(), || {
        format!("no fact has {SHORTEST} letters or more, so none can be looked for")
    });
    let log = Log::capture();
    let request = trial.check_of(1, reference).with_identity();
    let mut text = String::new();
    for reply in [Reply::json(200, answer), Reply::json(500, answer), Reply::json(200, &json::retype(answer))]
    {
        trial.vendor.answer(reply);
        text += &match trial.provider.check(&request).await {
            Ok(found) => format!("{found:?} {found:#?} {}\n", serde_json::json!(found)),
            Err(error) => printed(&error),
        };
    }
    for (name, text) in [("printed", text), ("logged", log.text())] {
        let found = canary::find(&text, &canaries);
        cases.that(format!("identity {name}"), found.is_none(), || {
            "a fact of the identity is shown".to_owned()
        });
    }
}

/// The facts that are long enough to be found.
fn facts(identity: &VerifiedIdentity) -> Vec<String> {
    let document = identity.document.as_ref();
    let all = [
        identity.first_name.as_ref(),
        identity.last_name.as_ref(),
        identity.full_name.as_ref(),
        identity.date_of_birth.as_ref(),
        identity.address.as_ref(),
        identity.email.as_ref(),
        identity.phone.as_ref(),
        document.and_then(|document| document.number.as_ref()),
        document.and_then(|document| document.expires_on.as_ref()),
    ];
    let texts = all.into_iter().flatten().map(Pii::expose).filter(|fact| fact.len() >= SHORTEST);
    texts.map(str::to_owned).collect()
}
