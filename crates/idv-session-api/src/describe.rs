//! From a description in configuration to a [`Shape`].

use std::collections::{BTreeMap, BTreeSet};

use http::HeaderName;
use idv_core::{
    Input, RedirectClaim as Claim, RedirectNames, Setup, StartRequest, VerificationReason as Reason,
    VerificationStatus as Status,
};

use crate::mapping::{self, Vocabulary, Words};
use crate::shape::{Create, Facts, Find, Path, ReturnUrl, Shape};
use crate::webhook::{Scheme, WebhookShape};
use crate::wire::{Pointers, RecordPlaces};
use crate::{SessionApiConfig, WebhookScheme};

const CLAIMS: [(&str, Claim); 5] = [
    ("submitted", Claim::Submitted),
    ("abandoned", Claim::Abandoned),
    ("expired", Claim::Expired),
    ("cancelled", Claim::Cancelled),
    ("failed", Claim::Failed),
];

/// The described vendor. `None` where it cannot be made; the reasons are noted in the setup.
pub(crate) fn shape(config: &SessionApiConfig, setup: &mut Setup<'_>) -> Option<Shape> {
    let header = config.api_key_header.as_deref().unwrap_or("x-api-key");
    let key_header = setup.header_name("api_key_header", header);
    let record = record(config, setup);
    let vocabulary = vocabulary(config, setup);
    let webhook = webhook(config, &record, setup);
    let create = create(config, setup);
    let read = path(setup, "read_path", config.read_path.as_deref(), 1);
    let find = find(config, setup);
    let redirect = redirect(config, &vocabulary, setup);
    Some(Shape {
        vendor: config.vendor.clone().unwrap_or_else(|| "session API".to_owned()),
        base_url: None,
        key_header: key_header?,
        key_prefix: config.api_key_prefix.clone().unwrap_or_default(),
        create: create?,
        read: read?,
        find,
        record,
        vocabulary,
        redirect,
        webhook,
        facts: Facts::default(),
    })
}

fn create(config: &SessionApiConfig, setup: &mut Setup<'_>) -> Option<Create> {
    let names = &config.request_fields;
    let named = [
        (Input::REFERENCE, &names.reference),
        (Input::FIRST_NAME, &names.first_name),
        (Input::LAST_NAME, &names.last_name),
        (Input::EMAIL, &names.email),
        (Input::PHONE, &names.phone),
        (Input::DATE_OF_BIRTH, &names.date_of_birth),
        (Input::COUNTRY, &names.country),
        (Input::LANGUAGE, &names.language),
        (Input::REDIRECT_URL, &names.redirect_url),
        (Input::WORKFLOW, &names.workflow),
    ];
    let named = named.into_iter().filter_map(|(input, field)| Some((input, field.clone()?)));
    let attributes = config.request_attributes.iter();
    let attributes = attributes.map(|(name, field)| (Input::new(name), field.clone()));
    let path = path(setup, "create_path", config.create_path.as_deref(), 0);
    let create = Create {
        // // A placeholder where there is none: the rest is checked as well.
        path: path.clone().unwrap_or_else(|| Path::new([""])),
        fields: named.chain(attributes).collect(),
        required: config.required_inputs.iter().map(|name| Input::new(name)).collect(),
        invite_email: names.invite_email.clone(),
        invite_sms: names.invite_sms.clone(),
        id: pointers(setup, "created_id", &config.created_id, &["/id"]),
        url: pointers(setup, "created_url", &config.created_url, &["/session_url", "/sessionUrl", "/url"]),
        links: pointers(setup, "created_links", &config.created_links, &["/links"]),
    };
    fields(config, &create, setup);
    path.map(|_| create)
}

/// Each input has one field, and each field one input.
fn fields(config: &SessionApiConfig, create: &Create, setup: &mut Setup<'_>) {
    let fields = create.fields.iter().map(|(_, field)| field);
    let fields = fields.chain(&create.invite_email).chain(&create.invite_sms);
    let mut seen = BTreeSet::new();
    for field in fields {
        if field.is_empty() || !seen.insert(field) {
            setup.refuse("request_fields", "each field of the request needs a name of its own");
        }
    }
    for name in config.request_attributes.keys() {
        // The name of an input of its own would never be read from the attributes.
        let request = StartRequest::new("").attribute(name, "given");
        if request.text(&Input::new(name)) != Some("given") {
            let message = "is an input with a name of its own: use `request_fields`, or another name";
            setup.refuse(&format!("request_attributes.{name}"), message);
        }
    }
    for (index, input) in create.required.iter().enumerate() {
        if !create.takes(input) {
            let message = "is no input with a place in `request_fields` or `request_attributes`";
            setup.refuse(&format!("required_inputs.{index}"), message);
        }
    }
}

fn record(config: &SessionApiConfig, setup: &mut Setup<'_>) -> RecordPlaces {
    let mut at = |key: &str, given: &[String], default: &[&str]| pointers(setup, key, given, default);
    RecordPlaces {
        record: at("record", &config.record, &[""]),
        id: at("record_id", &config.record_id, &["/id"]),
        status: at("record_status", &config.record_status, &["/status"]),
        detail: at("record_detail", &config.record_detail, &[]),
        reason: at("record_reason", &config.record_reason, &[]),
        reference: at("record_reference", &config.record_reference, &["/external_id", "/externalId"]),
        created_at: at("record_created_at", &config.record_created_at, &["/created_at", "/createdAt"]),
        updated_at: at("record_updated_at", &config.record_updated_at, &["/updated_at", "/updatedAt"]),
    }
}

fn find(config: &SessionApiConfig, setup: &mut Setup<'_>) -> Option<Find> {
    let list = pointers(setup, "find_list", &config.find_list, &["/sessions"]);
    let next = pointers(setup, "find_next", &config.find_next, &["/next_token", "/nextToken"]);
    let parameter = name(setup, "find_parameter", config.find_parameter.as_deref(), "external_id");
    let next_parameter =
        name(setup, "find_next_parameter", config.find_next_parameter.as_deref(), "next_token");
    if parameter == next_parameter {
        setup.refuse("find_next_parameter", "must be another name than `find_parameter`");
    }
    let size_parameter = config.find_size_parameter.clone();
    if size_parameter
        .as_ref()
        .is_some_and(|size| size.is_empty() || *size == parameter || *size == next_parameter)
    {
        setup.refuse("find_size_parameter", "must be a name of its own");
    }
    let path = path(setup, "find_path", Some(config.find_path.as_deref()?), 0);
    if config.request_fields.reference.is_none() {
        setup.refuse("find_path", "needs a `request_fields.reference`, or there is nothing to find by");
    }
    Some(Find { path: path?, parameter, list, next, next_parameter, size_parameter })
}

fn vocabulary(config: &SessionApiConfig, setup: &mut Setup<'_>) -> Vocabulary {
    if config.status_words.is_empty() {
        setup.refuse("status_words", "is required without a `preset`: what each status word means");
    }
    let statuses = Status::ALL.iter().map(|status| (status.as_str(), *status));
    let statuses: Vec<_> = statuses.filter(|(_, status)| *status != Status::Unrecognized).collect();
    Vocabulary {
        statuses: words(setup, "status_words", &config.status_words, &statuses),
        status_reasons: words(setup, "status_reasons", &config.status_reasons, &reasons()),
        reasons: words(setup, "reason_words", &config.reason_words, &reasons()),
    }
}

fn reasons() -> Vec<(&'static str, Reason)> {
    Reason::ALL.iter().map(|reason| (reason.as_str(), *reason)).collect()
}

fn redirect(config: &SessionApiConfig, vocabulary: &Vocabulary, setup: &mut Setup<'_>) -> Option<ReturnUrl> {
    let mut session = config.redirect_session.clone();
    if session.is_empty() {
        session = vec!["session_id".to_owned(), "sessionId".to_owned()];
    }
    let status = name(setup, "redirect_status", config.redirect_status.as_deref(), "status");
    let reason = name(setup, "redirect_reason", config.redirect_reason.as_deref(), "reason");
    let names = RedirectNames::new(session, status, reason);
    if names.status == names.reason || names.session.iter().any(|s| *s == names.status || *s == names.reason)
    {
        setup.refuse("redirect_session", "the session id, the status and the reason need names of their own");
    }
    let claims = words(setup, "redirect_words", &config.redirect_words, &CLAIMS);
    let reasons = match config.redirect_reasons.is_empty() {
        true => vocabulary.reasons.clone(),
        false => words(setup, "redirect_reasons", &config.redirect_reasons, &reasons()),
    };
    (!config.redirect_words.is_empty()).then_some(ReturnUrl { names, claims, reasons })
}

fn webhook(config: &SessionApiConfig, record: &RecordPlaces, setup: &mut Setup<'_>) -> Option<WebhookShape> {
    let scheme = scheme(config, setup);
    let mut at = |key: &str, given: &[String], default: &[&str]| pointers(setup, key, given, default);
    let event_type = at("webhook_type", &config.webhook_type, &["/type"]);
    let time = at("webhook_time", &config.webhook_time, &["/timestamp"]);
    let id = at("webhook_event_id", &config.webhook_event_id, &[]);
    let mut places = RecordPlaces {
        record: at("webhook_record", &config.webhook_record, &["/data", ""]),
        ..record.clone()
    };
    if !config.webhook_id.is_empty() {
        places.id = at("webhook_id", &config.webhook_id, &[]);
    }
    if !config.webhook_status.is_empty() {
        places.status = at("webhook_status", &config.webhook_status, &[]);
    }
    if config.webhook_scheme == WebhookScheme::Svix && !config.webhook_event_id.is_empty() {
        setup.refuse("webhook_event_id", "has no place in this `webhook_scheme`");
    }
    let ours = match config.webhook_events.is_empty() {
        true => vec!["*".to_owned()],
        false => config.webhook_events.clone(),
    };
    Some(WebhookShape { scheme: scheme?, event_type, time, id, record: places, ours })
}

fn scheme(config: &SessionApiConfig, setup: &mut Setup<'_>) -> Option<Scheme> {
    let scheme = config.webhook_scheme;
    let mut header = |key: &str, name: &Option<String>, used: bool, required: bool| -> Option<HeaderName> {
        match name {
            Some(name) if used => setup.header_name(key, name),
            Some(_) => {
                setup.refuse(key, "has no place in this `webhook_scheme`");
                None
            }
            None if required => {
                setup.refuse(key, "is required by this `webhook_scheme`");
                None
            }
            None => None,
        }
    };
    let hmac = scheme == WebhookScheme::HmacSha256Hex;
    let named = hmac || scheme == WebhookScheme::SharedSecret;
    let name = header("webhook_header", &config.webhook_header, named, named);
    let timestamp = header("webhook_timestamp_header", &config.webhook_timestamp_header, hmac, false);
    match scheme {
        WebhookScheme::None => None,
        WebhookScheme::Svix => Some(Scheme::Svix),
        WebhookScheme::HmacSha256Hex => Some(Scheme::HmacHex { signature: name?, timestamp }),
        WebhookScheme::SharedSecret => Some(Scheme::SharedSecret { header: name? }),
    }
}

/// A name that must not be empty.
fn name(setup: &mut Setup<'_>, key: &str, given: Option<&str>, default: &str) -> String {
    if given.is_some_and(str::is_empty) {
        setup.refuse(key, "must not be empty");
    }
    given.unwrap_or(default).to_owned()
}

/// Pointers as given, else the usual ones.
fn pointers(setup: &mut Setup<'_>, key: &str, given: &[String], default: &[&str]) -> Pointers {
    for (index, pointer) in given.iter().enumerate() {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            let message = "must be a JSON pointer such as \"/session/id\", or \"\" for the whole document";
            setup.refuse(&format!("{key}.{index}"), message);
        }
    }
    if given.is_empty() { Pointers::new(default.iter().copied()) } else { Pointers::new(given) }
}

/// A path that is required, with `ids` segments `{id}`. It cannot lead anywhere else once it stands below a base URL.
fn path(setup: &mut Setup<'_>, key: &str, given: Option<&str>, ids: usize) -> Option<Path> {
    let Some(given) = given else {
        setup.refuse(key, "is required without a `preset`");
        return None;
    };
    let segments: Vec<&str> = given.strip_prefix('/').unwrap_or_default().split('/').collect();
    // A slash at the end is part of some vendors' paths.
    let (last, inner) = segments.split_last()?;
    let fine = |segment: &&str| *segment == Path::ID || mapping::is_session(segment);
    let well_formed = inner.iter().all(fine) && (fine(last) || last.is_empty() && !inner.is_empty());
    if !well_formed || segments.iter().filter(|segment| **segment == Path::ID).count() != ids {
        setup.refuse(
            key,
            match ids {
                0 => "must be a path such as \"/v1/sessions\", without a query",
                _ => {
                    "must be a path with one segment \"{id}\", such as \"/v1/sessions/{id}\", without a query"
                }
            },
        );
        return None;
    }
    Some(Path::new(segments))
}

/// A table of words, each meaning one of ours.
fn words<T: Copy>(
    setup: &mut Setup<'_>,
    key: &str,
    given: &BTreeMap<String, String>,
    ours: &[(&str, T)],
) -> Words<T> {
    let mut rows = Vec::new();
    for (word, meaning) in given {
        match ours.iter().find(|(name, _)| name == meaning) {
            Some((_, meaning)) => rows.push((word, *meaning)),
            None => {
                let names: Vec<&str> = ours.iter().map(|(name, _)| *name).collect();
                setup.refuse(&format!("{key}.{word}"), format!("expected one of {}", names.join(", ")));
            }
        }
    }
    let words = Words::new(rows);
    if let Some(word) = words.repeated() {
        setup.refuse(&format!("{key}.{word}"), "stands twice: the case of letters does not count");
    }
    words
}
