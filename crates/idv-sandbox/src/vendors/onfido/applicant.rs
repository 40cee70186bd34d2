//! Applicants (OpenAPI specification of Onfido, `applicant` and `applicant_builder`).

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::clock::iso_seconds;
use crate::vendors::onfido::fields::Fields;
use crate::vendors::onfido::refusal::Refusal;

const FIELDS: [&str; 9] = [
    "first_name",
    "last_name",
    "email",
    "dob",
    "phone_number",
    "id_numbers",
    "consents",
    "address",
    "location",
];
/// The characters that a name must not have (`applicant_first_name`).
const NOT_IN_NAMES: &str = "!#$%*=<>;{}\"";

/// The facts that are told of an applicant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    email: Option<String>,
    dob: Option<String>,
    phone_number: Option<String>,
    id_numbers: Option<Value>,
    address: Option<Value>,
    location: Option<Value>,
}

#[derive(Debug)]
pub(crate) struct Applicant {
    pub(crate) id: String,
    pub(crate) told: Told,
    pub(crate) created_at: i64,
    pub(crate) delete_at: Option<i64>,
}

impl Told {
    /// Reads the body of a create call.
    pub(crate) fn parse(body: Map<String, Value>) -> Result<Self, Refusal> {
        let mut fields = Fields::of(body, &FIELDS);
        let told = Self::default().with(&mut fields);
        for name in ["first_name", "last_name"] {
            fields.required(name);
        }
        fields.finish().map(|()| told)
    }

    /// Reads the body of an update, which changes the facts that it names.
    pub(crate) fn updated(&self, body: Map<String, Value>) -> Result<Self, Refusal> {
        let mut fields = Fields::of(body, &FIELDS);
        let told = self.clone().with(&mut fields);
        fields.finish().map(|()| told)
    }

    fn with(self, fields: &mut Fields) -> Self {
        let mut name =
            |name, own| fields.checked(name, is_name, "contains invalid characters").unwrap_or(own);
        Self {
            first_name: name("first_name", self.first_name),
            last_name: name("last_name", self.last_name),
            email: fields.checked("email", is_email, "is not an email address").or(self.email),
            dob: fields.checked("dob", is_date, "is not a valid date").or(self.dob),
            phone_number: fields.text("phone_number").or(self.phone_number),
            id_numbers: fields.value("id_numbers").or(self.id_numbers),
            address: fields.value("address").or(self.address),
            location: fields.value("location").or(self.location),
        }
    }
}

impl Applicant {
    pub(crate) fn printed(&self, base_url: &str) -> Value {
        json!({
            "id": self.id,
            "created_at": iso_seconds(self.created_at),
            "delete_at": self.delete_at.map(iso_seconds),
            "href": format!("{base_url}/v3.6/applicants/{}", self.id),
            "sandbox": true,
            "first_name": self.told.first_name,
            "last_name": self.told.last_name,
            "email": self.told.email,
            "dob": self.told.dob,
            "phone_number": self.told.phone_number,
            "id_numbers": self.told.id_numbers.clone().unwrap_or_else(|| json!([])),
            "address": self.told.address,
            "location": self.told.location,
        })
    }
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.contains(|character| NOT_IN_NAMES.contains(character))
}

fn is_email(email: &str) -> bool {
    email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn is_date(date: &str) -> bool {
    date.len() == 10 && date.parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: Value) -> Result<Told, String> {
        let Value::Object(body) = body else { panic!("an object") };
        Told::parse(body).map_err(|refusal| format!("{refusal:?}"))
    }

    #[test]
    fn names_are_needed_and_every_wrong_field_is_named() {
        let told = parse(json!({"first_name": "Zoë", "last_name": "O'Neil-1", "dob": "1990-01-02"})).unwrap();
        assert_eq!((told.first_name.as_str(), told.dob.as_deref()), ("Zoë", Some("1990-01-02")));
        for (body, names) in [
            (json!({}), &["first_name", "last_name"][..]),
            (json!({"first_name": " ", "last_name": "a<b"}), &["first_name", "last_name"]),
            (json!({"first_name": "A", "last_name": "B", "dob": "2.1.1990"}), &["dob"]),
            (json!({"first_name": "A", "last_name": "B", "email": "ada"}), &["email"]),
            (json!({"first_name": "A", "last_name": "B", "birthday": "1990-01-02"}), &["birthday"]),
        ] {
            let told = parse(body).unwrap_err();
            assert!(names.iter().all(|name| told.contains(name)), "{told}");
        }
    }

    #[test]
    fn an_update_changes_what_it_names() {
        let told = parse(json!({"first_name": "Ada", "last_name": "Byron"})).unwrap();
        let Value::Object(body) = json!({"last_name": "Lovelace"}) else { panic!("an object") };
        let told = told.updated(body).unwrap();
        assert_eq!((told.first_name.as_str(), told.last_name.as_str()), ("Ada", "Lovelace"));
    }
}
