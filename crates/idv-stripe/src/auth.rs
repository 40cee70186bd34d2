//! The key of an account, and the headers that go with it.

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use idv_http::Call;

/// The version of the API that requests ask for, so that a change of the account's default changes nothing (docs.stripe.com,
/// "Versioning"). Events have the version of their endpoint all the same.
const API_VERSION: HeaderValue = HeaderValue::from_static("2026-06-24.dahlia");
const VERSION: HeaderName = HeaderName::from_static("stripe-version");
/// The connected account that a request is about (docs.stripe.com, "Making API calls for connected accounts").
const ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");

/// The headers that authorize a request.
#[derive(Debug)]
pub(crate) struct Keys {
    /// `Bearer` and the key, marked as sensitive.
    pub(crate) key: HeaderValue,
    pub(crate) account: Option<HeaderValue>,
}

impl Keys {
    pub(crate) fn authorize<'a>(&self, call: Call<'a>) -> Call<'a> {
        let call = call.header(AUTHORIZATION, self.key.clone()).header(VERSION, API_VERSION);
        match &self.account {
            Some(account) => call.header(ACCOUNT, account.clone()),
            None => call,
        }
    }
}

/// The mode of a key, and of whatever is made with it (docs.stripe.com, "API keys").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Test,
    Live,
}

/// The beginnings of secret and restricted keys (docs.stripe.com, "API keys").
const KEYS: &[(&str, Mode)] =
    &[("sk_test_", Mode::Test), ("rk_test_", Mode::Test), ("sk_live_", Mode::Live), ("rk_live_", Mode::Live)];

impl Mode {
    /// The mode of a key by its beginning; `None` where that is none of the documented ones.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        KEYS.iter().find(|(start, _)| key.starts_with(start)).map(|(_, mode)| *mode)
    }

    /// The mode that `livemode` says.
    pub(crate) fn of_flag(livemode: &str) -> Option<Self> {
        match livemode {
            "true" => Some(Self::Live),
            "false" => Some(Self::Test),
            _ => None,
        }
    }

    /// The name for people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Test => "test mode",
            Self::Live => "live mode",
        }
    }
}
