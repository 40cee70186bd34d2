//! The facts about an applicant: from the command line, and from a JSON file.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use idv::adapter::{OptionValue, ProviderOptions};
use idv::{Error, Input, InputProblem, Invites, Operation, Problem, Result, StartRequest};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::args::{Invite, Start};
use crate::failure::usage;
use crate::input;

/// The JSON file: the long options in snake_case.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Subject {
    reference: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    organization: Option<String>,
    onboarding_id: Option<String>,
    onboarding_id_env: Option<String>,
    user_token: Option<String>,
    user_token_env: Option<String>,
    redirect_url: Option<String>,
    workflow: Option<String>,
    #[serde(alias = "invite")]
    invites: Option<Invited>,
    idempotency_key: Option<String>,
    date_of_birth: Option<String>,
    country: Option<String>,
    language: Option<String>,
    attributes: BTreeMap<String, String>,
}

/// A list of channels as on the command line (`["email", "sms"]`), or a table as in the library (`{"email": true}`).
struct Invited(Invites);

impl<'de> Deserialize<'de> for Invited {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(InvitedVisitor)
    }
}

struct InvitedVisitor;

impl<'de> Visitor<'de> for InvitedVisitor {
    type Value = Invited;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of `email` and `sms`")
    }

    /// As after `--invite`: `email,sms`.
    fn visit_str<E: serde::de::Error>(self, ways: &str) -> std::result::Result<Invited, E> {
        let mut invites = Invites::default();
        for way in ways.split(',') {
            match way.trim() {
                "email" => invites.email = true,
                "sms" => invites.sms = true,
                _ => return Err(E::custom("expected a list of `email` and `sms`")),
            }
        }
        Ok(Invited(invites))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut ways: A) -> std::result::Result<Invited, A::Error> {
        #[derive(PartialEq, Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Way {
            Email,
            Sms,
        }
        let mut invites = Invites::default();
        while let Some(way) = ways.next_element::<Way>()? {
            invites.email |= way == Way::Email;
            invites.sms |= way == Way::Sms;
        }
        Ok(Invited(invites))
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> std::result::Result<Invited, A::Error> {
        #[derive(Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Ways {
            email: bool,
            sms: bool,
        }
        let Ways { email, sms } = Ways::deserialize(MapAccessDeserializer::new(table))?;
        Ok(Invited(Invites { email, sms }))
    }
}

/// The request that a command line, and the file that it may name, stand for.
pub(crate) fn start_request(args: &Start) -> Result<StartRequest> {
    let file = args.subject.as_deref().map(read).transpose()?.unwrap_or_default();
    let Some(reference) = args.reference.clone().or(file.reference) else {
        let problem =
            InputProblem::new(Input::REFERENCE, Problem::Missing, "is required: your own id of the case");
        return Err(Error::inputs(Operation::Start, vec![problem]));
    };
    let mut request = StartRequest::new(reference);
    let pii = |given: &Option<String>, from_file: Option<String>| given.clone().or(from_file).map(Into::into);
    request.first_name = pii(&args.first_name, file.first_name);
    request.last_name = pii(&args.last_name, file.last_name);
    request.email = pii(&args.email, file.email);
    request.phone = pii(&args.phone, file.phone);
    request.organization = args.organization.clone().or(file.organization);
    request.redirect_url = args.redirect_url.clone().or(file.redirect_url);
    request.workflow = args.workflow.clone().or(file.workflow);
    request.date_of_birth = pii(&args.date_of_birth, file.date_of_birth);
    request.country = args.country.clone().or(file.country);
    request.language = args.language.clone().or(file.language);
    request.attributes = file.attributes.into_iter().map(|(name, value)| (name, value.into())).collect();
    let key = args.idempotency_key.clone().or(file.idempotency_key);
    request.context_mut().set_idempotency_key(key.map(Into::into));
    request.invites = invites(&args.invite, file.invites);
    let user_token = match input::user_token(&args.credentials)? {
        None => input::or_env(file.user_token, file.user_token_env.as_deref())?,
        given => given,
    };
    request.user_token = user_token.map(Into::into);
    let onboarding_id = match input::onboarding_id(&args.credentials)? {
        None => input::or_env(file.onboarding_id, file.onboarding_id_env.as_deref())?,
        given => given,
    };
    request.onboarding_id = onboarding_id.map(Into::into);
    Ok(request)
}

/// Channels on the command line replace those of the file: no applicant is to be texted because a file said so.
fn invites(given: &[Invite], file: Option<Invited>) -> Invites {
    if given.is_empty() {
        return file.map(|file| file.0).unwrap_or_default();
    }
    Invites { email: given.contains(&Invite::Email), sms: given.contains(&Invite::Sms) }
}

fn read(path: &Path) -> Result<Subject> {
    let text = input::read_file(path)?;
    let not_json = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        usage(format!("{} is not JSON: see line {line}, column {column}", path.display()))
    };
    let table: OptionValue = serde_json::from_slice(&text).map_err(not_json)?;
    if !matches!(table, OptionValue::Table(_)) {
        return Err(usage(format!("{} is not a JSON object", path.display())));
    }
    ProviderOptions::new("", None, table).parse().map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        usage(format!("{} cannot be used: {}", path.display(), problems.join("; ")))
    })
}
