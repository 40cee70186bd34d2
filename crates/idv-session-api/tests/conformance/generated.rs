//! Each built-in document against a vendor that behaves as the document says, as `idv describe` does it. The other subjects are written
//! from the vendors' pages; these show that a document contradicts itself nowhere.

use std::sync::Arc;

use idv_conformance::Described;
use idv_session_api::SessionApiFactory;

pub(crate) fn described(text: &str) -> Described {
    Described::new(text, Arc::new(SessionApiFactory)).unwrap()
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
