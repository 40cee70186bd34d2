//! One name, or several that mean the same.

use serde::{Deserialize, Deserializer};

use crate::places::one_or_more;

/// Names that are not empty, all meaning the same.
#[derive(Debug, Clone)]
pub(crate) struct NameList(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for NameList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = |text: &str| if text.is_empty() { Err("must not be empty") } else { Ok(text.to_owned()) };
        one_or_more(deserializer, "a name, or a list of names", name).map(Self)
    }
}
