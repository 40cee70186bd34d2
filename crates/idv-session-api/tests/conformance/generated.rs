//! Each built-in document against a vendor that behaves as the document says, as `idv describe` does it. The other subjects are written
//! from the vendors' pages; these show that a document contradicts itself nowhere.

use std::sync::Arc;

use idv_conformance::Described;
use idv_session_api::SessionApiFactory;

pub(crate) fn described(text: &str) -> Described {
    Described::new(text, Arc::new(SessionApiFactory)).unwrap()
}

/// A made-up vendor with what no built-in document has: access tokens, counted pages, a number as a status, Svix.
const MADE_UP: &str = r#"
vendor = "Tokens"
check.path = "/s/{id}"
auth.oauth2 = { token_url = "https://auth.tokens.example/oauth2/token", client_id = "client", scope = "sessions" }
session = { id = "/session/id", status = "/code" }
find = { path = "/s", next_page = "page", parameter = "ref", list = "/all" }
refresh = { path = "/s/{id}/link", repeatable = true }
webhook = { scheme = "svix", session = "/data", events = ["session.*"] }
errors.code = "/code"
errors.kinds = { "409 + BUSY" = "rate_limited" }

[start]
path = "/s"
id = "/session/id"
url = "/links/0/href"
fields = { reference = "ref", language = "lang", country = "/who/country", invite_sms = "text_me" }

[status_words]
10 = "in_progress"
20 = "approved"
30 = "rejected"
"#;

pub(crate) fn made_up() -> Described {
    described(MADE_UP)
}

macro_rules! documents {
    ($($name:ident: $file:literal;)+) => {
        $(pub(crate) fn $name() -> Described {
            described(include_str!(concat!("../../vendors/", $file)))
        })+
    };
}

documents! {
    deepidv: "deepidv.toml";
    didit: "didit.toml";
    idenfy: "idenfy.toml";
    persona: "persona.toml";
    plaid: "plaid.toml";
    shufti: "shufti.toml";
}
