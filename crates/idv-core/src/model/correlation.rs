//! The vendor's own ids of a verification.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::VendorWord;

/// The ids that a vendor gave for a verification, by name: `organization_id`, `user_id`, `user_external_id`, `session_id`,
/// `external_id`. They identify the subject of an answer or an event.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Correlation(Vec<(Cow<'static, str>, VendorWord)>);

impl Correlation {
    /// The organization at nxos.
    pub const ORGANIZATION_ID: &'static str = "organization_id";
    /// The user at Baanx.
    pub const USER_ID: &'static str = "user_id";
    /// The application's own id of a Baanx user.
    pub const USER_EXTERNAL_ID: &'static str = "user_external_id";
    /// The session at a session API.
    pub const SESSION_ID: &'static str = "session_id";
    /// The application's own reference, where a vendor stores it.
    pub const EXTERNAL_ID: &'static str = "external_id";

    /// The names above, which are not copied.
    const KNOWN: [&'static str; 5] =
        [Self::ORGANIZATION_ID, Self::USER_ID, Self::USER_EXTERNAL_ID, Self::SESSION_ID, Self::EXTERNAL_ID];

    /// No ids.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an id, in place of an earlier one of the same name; an empty one is left out.
    #[must_use]
    pub fn with(mut self, name: &str, id: Option<&str>) -> Self {
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            let id = VendorWord::new(id);
            match self.place(name) {
                Ok(place) => self.0[place].1 = id,
                Err(place) => self.0.insert(place, (kept(name), id)),
            }
        }
        self
    }

    /// Where a name is, or is missing in the order of the names.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| (**own).cmp(name))
    }

    /// The id of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.place(name).ok().map(|place| self.0[place].1.as_str())
    }

    /// Names and ids, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, id)| (&**name, id.as_str()))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first name in `expected` whose id is absent here or another one.
    #[must_use]
    pub fn first_mismatch<'a>(&self, expected: &'a Self) -> Option<&'a str> {
        expected.iter().find(|(name, id)| self.get(name) != Some(id)).map(|(name, _)| name)
    }
}

fn kept(name: &str) -> Cow<'static, str> {
    let known = Correlation::KNOWN.into_iter().find(|known| *known == name);
    known.map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)
}

impl fmt::Debug for Correlation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Correlation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Correlation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Ids)
    }
}

struct Ids;

impl<'de> Visitor<'de> for Ids {
    type Value = Correlation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of names to the vendor's ids")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Correlation, A::Error> {
        let mut ids = Correlation::new();
        while let Some((name, id)) = map.next_entry::<Cow<'de, str>, Option<Cow<'de, str>>>()? {
            ids = ids.with(&name, id.as_deref());
        }
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_in_the_order_of_their_names_and_the_last_of_a_name_counts() {
        let ids = [("user_id", "u"), ("a-vendor's-own", "v"), ("session_id", "old"), ("session_id", "new")];
        let one = ids.iter().fold(Correlation::new(), |all, (name, id)| all.with(name, Some(id)));
        let expected = [("a-vendor's-own", "v"), ("session_id", "new"), ("user_id", "u")];
        assert!(one.iter().eq(expected));
        let other =
            expected.iter().rev().fold(Correlation::new(), |all, (name, id)| all.with(name, Some(id)));
        assert_eq!(one, other);
        let json = r#"{"a-vendor's-own":"v","session_id":"new","user_id":"u"}"#;
        assert_eq!(serde_json::to_string(&one).unwrap(), json);
    }

    #[test]
    fn the_first_id_that_is_missing_or_another_one_is_told() {
        let known = Correlation::new().with("session_id", Some("s")).with("user_id", Some("u"));
        let expect = |name, id| Correlation::new().with(name, Some(id));
        assert_eq!(known.first_mismatch(&expect("user_id", "u")), None);
        assert_eq!(known.first_mismatch(&expect("user_id", "x")), Some("user_id"));
        assert_eq!(known.first_mismatch(&expect("external_id", "u")), Some("external_id"));
        assert_eq!(known.first_mismatch(&Correlation::new().with("user_id", None)), None);
        assert_eq!(known.get("user_id"), Some("u"));
        assert_eq!(known.get("external_id"), None);
    }
}
