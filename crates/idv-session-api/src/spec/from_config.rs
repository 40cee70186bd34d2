//! From a description in configuration to a [`ApiSpec`].

use std::collections::{BTreeMap, BTreeSet};

use idv_core::{
    Input, OptionsValidator, RedirectClaim as Claim, RedirectNames, StartRequest,
    VerificationReason as Reason, VerificationStatus as Status,
};

use crate::mapping::{self, Vocabulary, Words};
use crate::spec::{ApiSpec, Create, Facts, Find, Path, ReturnUrl, signature};
use crate::webhook::WebhookShape;
use crate::wire::{Pointers, RecordPlaces};
use crate::{SessionApiConfig, WebhookScheme};

const CLAIMS: [(&str, Claim); 5] = [
    ("submitted", Claim::Submitted),
    ("abandoned", Claim::Abandoned),
    ("expired", Claim::Expired),
    ("cancelled", Claim::Cancelled),
    ("failed", Claim::Failed),
];

/// The described vendor. `None` where it cannot be made; the reasons are noted in the validator.
pub(crate) fn spec(config: &SessionApiConfig, validator: &mut OptionsValidator<'_>) -> Option<ApiSpec> {
    let header = config.api_key_header.as_deref().unwrap_or("x-api-key");
    let key_header = validator.header_name("api_key_header", header);
    let record = record(config, validator);
    let vocabulary = vocabulary(config, validator);
    let webhook = webhook(config, &record, validator);
    let create = create(config, validator);
    let read = path(validator, "read_path", config.read_path.as_deref(), 1);
    let find = find(config, validator);
    let redirect = redirect(config, &vocabulary, validator);
    Some(ApiSpec {
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

fn create(config: &SessionApiConfig, validator: &mut OptionsValidator<'_>) -> Option<Create> {
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
    let path = path(validator, "create_path", config.create_path.as_deref(), 0);
    let create = Create {
        // A placeholder where there is none: the rest is checked as well.
        path: path.clone().unwrap_or_else(|| Path::new([""])),
        fields: named.chain(attributes).collect(),
        required: config.required_inputs.iter().map(|name| Input::new(name)).collect(),
        invite_email: names.invite_email.clone(),
        invite_sms: names.invite_sms.clone(),
        id: pointers(validator, "created_id", &config.created_id, &["/id"]),
        url: pointers(
            validator,
            "created_url",
            &config.created_url,
            &["/session_url", "/sessionUrl", "/url"],
        ),
        links: pointers(validator, "created_links", &config.created_links, &["/links"]),
    };
    fields(config, &create, validator);
    path.map(|_| create)
}

/// Each input has one field, and each field one input.
fn fields(config: &SessionApiConfig, create: &Create, validator: &mut OptionsValidator<'_>) {
    let fields = create.fields.iter().map(|(_, field)| field);
    let fields = fields.chain(&create.invite_email).chain(&create.invite_sms);
    let mut seen = BTreeSet::new();
    for field in fields {
        if field.is_empty() || !seen.insert(field) {
            validator.add_error("request_fields", "each field of the request needs a name of its own");
        }
    }
    for name in config.request_attributes.keys() {
        // The name of an input of its own would never be read from the attributes.
        let request = StartRequest::new("").attribute(name, "given");
        if request.text(&Input::new(name)) != Some("given") {
            let message = "is an input with a name of its own: use `request_fields`, or another name";
            validator.add_error(&format!("request_attributes.{name}"), message);
        }
    }
    for (index, input) in create.required.iter().enumerate() {
        if !create.takes(input) {
            let message = "is no input with a place in `request_fields` or `request_attributes`";
            validator.add_error(&format!("required_inputs.{index}"), message);
        }
    }
}

fn record(config: &SessionApiConfig, validator: &mut OptionsValidator<'_>) -> RecordPlaces {
    let mut at = |key: &str, given: &[String], default: &[&str]| pointers(validator, key, given, default);
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

fn find(config: &SessionApiConfig, validator: &mut OptionsValidator<'_>) -> Option<Find> {
    let list = pointers(validator, "find_list", &config.find_list, &["/sessions"]);
    let next = pointers(validator, "find_next", &config.find_next, &["/next_token", "/nextToken"]);
    let parameter = name(validator, "find_parameter", config.find_parameter.as_deref(), "external_id");
    let next_parameter =
        name(validator, "find_next_parameter", config.find_next_parameter.as_deref(), "next_token");
    if parameter == next_parameter {
        validator.add_error("find_next_parameter", "must be another name than `find_parameter`");
    }
    let size_parameter = config.find_size_parameter.clone();
    if size_parameter
        .as_ref()
        .is_some_and(|size| size.is_empty() || *size == parameter || *size == next_parameter)
    {
        validator.add_error("find_size_parameter", "must be a name of its own");
    }
    let path = path(validator, "find_path", Some(config.find_path.as_deref()?), 0);
    if config.request_fields.reference.is_none() {
        validator
            .add_error("find_path", "needs a `request_fields.reference`, or there is nothing to find by");
    }
    Some(Find { path: path?, parameter, list, next, next_parameter, size_parameter })
}

fn vocabulary(config: &SessionApiConfig, validator: &mut OptionsValidator<'_>) -> Vocabulary {
    if config.status_words.is_empty() {
        validator.add_error("status_words", "is required without a `preset`: what each status word means");
    }
    let statuses = Status::ALL.iter().map(|status| (status.as_str(), *status));
    let statuses: Vec<_> = statuses.filter(|(_, status)| *status != Status::Unrecognized).collect();
    Vocabulary {
        statuses: words(validator, "status_words", &config.status_words, &statuses),
        status_reasons: words(validator, "status_reasons", &config.status_reasons, &reasons()),
        reasons: words(validator, "reason_words", &config.reason_words, &reasons()),
    }
}

fn reasons() -> Vec<(&'static str, Reason)> {
    Reason::ALL.iter().map(|reason| (reason.as_str(), *reason)).collect()
}

fn redirect(
    config: &SessionApiConfig,
    vocabulary: &Vocabulary,
    validator: &mut OptionsValidator<'_>,
) -> Option<ReturnUrl> {
    let mut session = config.redirect_session.clone();
    if session.is_empty() {
        session = vec!["session_id".to_owned(), "sessionId".to_owned()];
    }
    let status = name(validator, "redirect_status", config.redirect_status.as_deref(), "status");
    let reason = name(validator, "redirect_reason", config.redirect_reason.as_deref(), "reason");
    let names = RedirectNames::new(session, status, reason);
    if names.status == names.reason || names.session.iter().any(|s| *s == names.status || *s == names.reason)
    {
        validator.add_error(
            "redirect_session",
            "the session id, the status and the reason need names of their own",
        );
    }
    let claims = words(validator, "redirect_words", &config.redirect_words, &CLAIMS);
    let reasons = match config.redirect_reasons.is_empty() {
        true => vocabulary.reasons.clone(),
        false => words(validator, "redirect_reasons", &config.redirect_reasons, &reasons()),
    };
    (!config.redirect_words.is_empty()).then_some(ReturnUrl { names, claims, reasons })
}

fn webhook(
    config: &SessionApiConfig,
    record: &RecordPlaces,
    validator: &mut OptionsValidator<'_>,
) -> Option<WebhookShape> {
    let scheme = signature::scheme(config, validator);
    let mut at = |key: &str, given: &[String], default: &[&str]| pointers(validator, key, given, default);
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
        validator.add_error("webhook_event_id", "is not used by this `webhook_scheme`");
    }
    let ours = match config.webhook_events.is_empty() {
        true => vec!["*".to_owned()],
        false => config.webhook_events.clone(),
    };
    Some(WebhookShape { scheme: scheme?, event_type, time, id, record: places, ours })
}

/// A name that must not be empty.
fn name(validator: &mut OptionsValidator<'_>, key: &str, given: Option<&str>, default: &str) -> String {
    if given.is_some_and(str::is_empty) {
        validator.add_error(key, "must not be empty");
    }
    given.unwrap_or(default).to_owned()
}

/// Pointers as given, else the usual ones.
fn pointers(validator: &mut OptionsValidator<'_>, key: &str, given: &[String], default: &[&str]) -> Pointers {
    for (index, pointer) in given.iter().enumerate() {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            let message = "must be a JSON pointer such as \"/session/id\", or \"\" for the whole document";
            validator.add_error(&format!("{key}.{index}"), message);
        }
    }
    if given.is_empty() { Pointers::new(default.iter().copied()) } else { Pointers::new(given) }
}

/// A path that is required, with `ids` segments `{id}`. It cannot lead anywhere else once it stands below a base URL.
fn path(validator: &mut OptionsValidator<'_>, key: &str, given: Option<&str>, ids: usize) -> Option<Path> {
    let Some(given) = given else {
        validator.add_error(key, "is required without a `preset`");
        return None;
    };
    let segments: Vec<&str> = given.strip_prefix('/').unwrap_or_default().split('/').collect();
    // A slash at the end is part of some vendors' paths.
    let (last, inner) = segments.split_last()?;
    let fine = |segment: &&str| *segment == Path::ID || mapping::is_session(segment);
    let well_formed = inner.iter().all(fine) && (fine(last) || last.is_empty() && !inner.is_empty());
    if !well_formed || segments.iter().filter(|segment| **segment == Path::ID).count() != ids {
        validator.add_error(
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
    validator: &mut OptionsValidator<'_>,
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
                validator
                    .add_error(&format!("{key}.{word}"), format!("expected one of {}", names.join(", ")));
            }
        }
    }
    let words = Words::new(rows);
    if let Some(word) = words.repeated() {
        validator.add_error(&format!("{key}.{word}"), "is given twice: the case of letters does not count");
    }
    words
}
