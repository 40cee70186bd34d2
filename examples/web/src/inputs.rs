//! The form of a start: one field for each input that the provider requires and the application does not have.

use std::collections::HashMap;

use idv::profile::{InputNeed, ProviderProfile};
use idv::{Error, Input, Operation, StartRequest};

use crate::accounts::AtVendor;

/// The values of a form, by the names of inputs.
pub(crate) type Values = HashMap<String, String>;

/// A field of the form.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: String,
    /// `type` and `autocomplete` of the HTML element.
    pub(crate) kind: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) value: String,
    pub(crate) problem: Option<String>,
}

/// The order in which people expect the fields; others follow.
const ORDER: [&str; 6] = ["first_name", "last_name", "date_of_birth", "country", "email", "phone"];

/// The fields that a provider needs filled in: no more, since data that a vendor has no use for is not to be collected.
pub(crate) fn fields(profile: &ProviderProfile, known: &AtVendor, values: &Values) -> Vec<Field> {
    let required = profile.inputs.declared(Operation::Start).filter(|(_, need)| *need == InputNeed::Required);
    let asked =
        required.map(|(input, _)| input).filter(|input| **input != Input::REFERENCE && !known.has(input));
    let mut fields: Vec<Field> = asked.map(|input| field(input, values)).collect();
    fields.sort_by_key(|field| ORDER.iter().position(|name| *name == field.name).unwrap_or(ORDER.len()));
    fields
}

fn field(input: &Input, values: &Values) -> Field {
    let (label, kind, autocomplete, hint) = match input.as_str() {
        "first_name" => ("First name", "text", "given-name", "As in your document."),
        "last_name" => ("Last name", "text", "family-name", "As in your document."),
        "email" => ("E-mail address", "email", "email", ""),
        "phone" => ("Phone number", "tel", "tel", "With the country code, such as +15195550100."),
        "date_of_birth" => ("Date of birth", "date", "bday", ""),
        "country" => ("Country of your document", "text", "country", "Two letters, such as GB."),
        "language" => ("Language", "text", "language", "Such as en or pt-BR."),
        "user_token" | "onboarding_id" => ("Credential at the vendor", "password", "off", ""),
        name => (name, "text", "off", ""),
    };
    let value = values.get(input.as_str()).filter(|_| kind != "password").cloned().unwrap_or_default();
    let (name, label) = (input.as_str().to_owned(), label.to_owned());
    Field { name, label, kind, autocomplete, hint, value, problem: None }
}

/// A start with the values of the fields, and with no other value of the form.
pub(crate) fn request(reference: String, fields: &[Field], values: &Values) -> StartRequest {
    let filled = fields.iter().filter_map(|field| {
        let value = values.get(&field.name)?.trim();
        (!value.is_empty()).then_some((field.name.as_str(), value))
    });
    filled.fold(StartRequest::new(reference), |request, (name, value)| match name {
        "first_name" => request.first_name(value),
        "last_name" => request.last_name(value),
        "email" => request.email(value),
        "phone" => request.phone(value),
        "date_of_birth" => request.date_of_birth(value),
        "country" => request.country(value),
        "language" => request.language(value),
        "workflow" => request.workflow(value),
        "organization" => request.organization(value),
        "user_token" => request.user_token(value),
        "onboarding_id" => request.onboarding_id(value),
        name => request.attribute(name, value),
    })
}

/// Puts each problem beside its field. `false` where the error is about something that the applicant cannot change.
pub(crate) fn explain(fields: &mut [Field], error: &Error) -> bool {
    for problem in error.input_problems() {
        let Some(field) = fields.iter_mut().find(|field| field.name == problem.input.as_str()) else {
            return false;
        };
        let text = match field.value.trim().is_empty() {
            true => "Please fill this in.",
            false => "Please check this.",
        };
        field.problem = Some(text.to_owned());
    }
    fields.iter().any(|field| field.problem.is_some())
}

#[cfg(test)]
mod tests {
    use idv::testing;

    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn asks_for_all_that_is_required_and_not_known() {
        let mut profile = testing::profile();
        let required = [Input::FIRST_NAME, Input::ORGANIZATION, Input::new("shoe_size")];
        profile.inputs.declare(Operation::Start, InputNeed::Required, required);
        profile.inputs.declare(Operation::Start, InputNeed::Optional, [Input::EMAIL]);
        let known = AtVendor { organization: Some("org_1".to_owned()), ..AtVendor::default() };
        let fields =
            fields(&profile, &known, &values(&[("first_name", "Ada"), ("email", "ada@example.com")]));
        let shown: Vec<_> = fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
        assert_eq!(shown, [("first_name", "Ada"), ("shoe_size", "")]);
        let request =
            request("user-1".to_owned(), &fields, &values(&[("first_name", " Ada "), ("phone", "+1")]));
        assert_eq!(request.text(&Input::FIRST_NAME), Some("Ada"));
        assert_eq!(
            request.given(),
            [Input::REFERENCE, Input::FIRST_NAME],
            "a value that was not asked for is not sent"
        );
    }
}
