//! Who may sign in. Yours is your own sign-in.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::user::User;

/// Who may sign in: those with a password, or everybody where the vendors are simulated.
#[derive(Debug)]
pub(crate) struct Doors(Option<BTreeMap<String, SecretString>>);

impl Doors {
    pub(crate) fn new(accounts: Option<BTreeMap<String, SecretString>>) -> Self {
        Self(accounts)
    }

    pub(crate) fn ask_password(&self) -> bool {
        self.0.is_some()
    }

    /// The user with these credentials.
    pub(crate) fn admit(&self, form: Credentials) -> Option<User> {
        let is_name = |text: &str| {
            (1..=40).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:".contains(&byte))
        };
        let is_known = match &self.0 {
            None => true,
            Some(accounts) => accounts.get(&form.name).is_some_and(|password| {
                password.expose_secret().as_bytes().ct_eq(form.password.expose_secret().as_bytes()).into()
            }),
        };
        (is_known && is_name(&form.name)).then_some(User { name: form.name })
    }
}

/// The form of a sign-in.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    name: String,
    #[serde(default)]
    password: SecretString,
}
