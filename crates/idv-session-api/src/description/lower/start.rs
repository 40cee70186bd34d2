//! The call that creates a session.

use idv_core::{HumanDuration, Input, Invites, OptionsValidator, StartRequest};
use idv_http::ReplaySafety;

use super::common::{places, without_id};
use crate::description::calls::StartTable;
use crate::description::request_places::{Leaf, RequestPlaces, Template};
use crate::description::spec::{LinkPlaces, Start};

pub(super) fn start(table: &StartTable, validator: &mut OptionsValidator<'_>) -> Option<Start> {
    without_id("start.path", &table.path, validator);
    let mut body = Template::default();
    let mut inputs = Vec::new();
    for (key, leaf, at) in leaves(table) {
        if let Leaf::Input(input) = &leaf {
            inputs.push(input.clone());
        }
        for steps in at.iter() {
            if let Err(message) = body.add(steps, leaf.clone()) {
                validator.add_error(&key, message);
            }
        }
    }
    for (place, message) in body.add_constants(&table.constants) {
        validator.add_error(&format!("start.constants.{place}"), message);
    }
    attributes(table, validator);
    let required: Vec<Input> = table.required.iter().map(|name| Input::new(name)).collect();
    for (index, input) in required.iter().enumerate() {
        if !inputs.contains(input) {
            let message = "is no input with a place in `fields` or `attributes`";
            validator.add_error(&format!("start.required.{index}"), message);
        }
    }
    recognition(table, validator);
    let key_header = match &table.idempotency_header {
        Some(name) => Some(validator.header_name("start.idempotency_header", name)?),
        None => None,
    };
    if table.stored_errors && key_header.is_none() {
        let message = "has no meaning without an `idempotency_header`: answers are stored under a key";
        validator.add_error("start.stored_errors", message);
    }
    Some(Start {
        path: table.path.clone(),
        body,
        inputs,
        required,
        invites: Invites {
            email: table.fields.invite_email.is_some(),
            sms: table.fields.invite_sms.is_some(),
        },
        safety: safety(table),
        repeatable: table.repeatable,
        reference_is_id: table.reference_is_id,
        key_header,
        id: places(table.id.as_ref(), &["/id"]),
        link: link(table, validator),
        links: places(table.links.as_ref(), &["/links"]),
    })
}

/// Every create call that is processed may mail, text and charge, unless a key or the reference makes one of two.
fn safety(table: &StartTable) -> ReplaySafety {
    match (&table.idempotency_header, table.stored_errors) {
        (None, _) if table.repeatable => ReplaySafety::Idempotent,
        (None, _) => ReplaySafety::UnlessProcessed,
        (Some(_), true) => ReplaySafety::UnlessAnswered,
        (Some(_), false) => ReplaySafety::Idempotent,
    }
}

/// How the vendor recognises a repeated start is said once, and a reference that it recognises is sent.
fn recognition(table: &StartTable, validator: &mut OptionsValidator<'_>) {
    for (key, given) in
        [("start.repeatable", table.repeatable), ("start.reference_is_id", table.reference_is_id)]
    {
        if given && table.fields.reference.is_none() {
            validator.add_error(key, "needs a `start.fields.reference`, which the vendor recognises");
        }
    }
    if table.repeatable && table.idempotency_header.is_some() {
        let message = "says otherwise than `idempotency_header` how a repeated start is recognised: remove one of the two";
        validator.add_error("start.repeatable", message);
    }
    if table.repeatable && table.reference_is_id {
        let message = "says that a second start with a reference gives the session again, and `reference_is_id` that it is refused: \
                       remove one of the two";
        validator.add_error("start.repeatable", message);
    }
}

fn link(table: &StartTable, validator: &mut OptionsValidator<'_>) -> LinkPlaces {
    if table.link.as_ref().is_some_and(|link| link.needs_token()) && table.token.is_none() {
        validator.add_error("start.link", "needs a `{token}`, and no `token` says where one stands");
    }
    if table.expires_at.is_some() && table.lifetime.is_some() {
        validator.add_error("start.lifetime", "says the same as `expires_at`: remove one of the two");
    }
    let usual: &[&str] = match table.link.is_some() || table.token.is_some() {
        true => &[],
        false => &["/session_url", "/sessionUrl", "/url"],
    };
    LinkPlaces {
        url: places(table.url.as_ref(), usual),
        token: places(table.token.as_ref(), &[]),
        template: table.link.clone(),
        expires_at: places(table.expires_at.as_ref(), &[]),
        lifetime: places(table.lifetime.as_ref(), &[]),
        lives: table.lives.map(HumanDuration::get),
        opens_once: table.opens_once,
    }
}

/// The values of a request, with their keys and places.
fn leaves(table: &StartTable) -> Vec<(String, Leaf, &RequestPlaces)> {
    let fields = &table.fields;
    let named = [
        ("reference", Leaf::Input(Input::REFERENCE), &fields.reference),
        ("first_name", Leaf::Input(Input::FIRST_NAME), &fields.first_name),
        ("last_name", Leaf::Input(Input::LAST_NAME), &fields.last_name),
        ("email", Leaf::Input(Input::EMAIL), &fields.email),
        ("phone", Leaf::Input(Input::PHONE), &fields.phone),
        ("date_of_birth", Leaf::Input(Input::DATE_OF_BIRTH), &fields.date_of_birth),
        ("country", Leaf::Input(Input::COUNTRY), &fields.country),
        ("language", Leaf::Input(Input::LANGUAGE), &fields.language),
        ("redirect_url", Leaf::Input(Input::REDIRECT_URL), &fields.redirect_url),
        ("workflow", Leaf::Input(Input::WORKFLOW), &fields.workflow),
        ("invite_email", Leaf::InviteEmail, &fields.invite_email),
        ("invite_sms", Leaf::InviteSms, &fields.invite_sms),
    ];
    let named = named
        .into_iter()
        .filter_map(|(name, leaf, at)| Some((format!("start.fields.{name}"), leaf, at.as_ref()?)));
    let attributes = table
        .attributes
        .iter()
        .map(|(name, at)| (format!("start.attributes.{name}"), Leaf::Input(Input::new(name)), at));
    named.chain(attributes).collect()
}

/// The name of an input of its own would never be read from the attributes.
fn attributes(table: &StartTable, validator: &mut OptionsValidator<'_>) {
    for name in table.attributes.keys() {
        let request = StartRequest::new("").attribute(name, "given");
        if request.text(&Input::new(name)) != Some("given") {
            let message = "is an input with a name of its own: use `fields`, or another name";
            validator.add_error(&format!("start.attributes.{name}"), message);
        }
    }
}
