//! The vendor's JSON, read where the description says: lenient in what is accepted, and nothing else is kept.

use idv_core::Timestamp;

use crate::json::Json;

/// Places in a JSON document, as JSON pointers (RFC 6901). The first that holds what is asked for counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pointers(Vec<Vec<String>>);

impl Pointers {
    pub(crate) fn new<T: Into<String>>(pointers: impl IntoIterator<Item = T>) -> Self {
        Self(pointers.into_iter().map(|pointer| tokens(&pointer.into())).collect())
    }

    /// The name of the member that the first pointer leads to.
    pub(crate) fn name(&self) -> &str {
        self.0.first().and_then(|tokens| tokens.last()).map(String::as_str).unwrap_or_default()
    }

    /// A text that is not empty.
    pub(crate) fn text<'v>(&self, value: &'v Json<'_>) -> Option<&'v str> {
        self.values(value).filter_map(Json::text).find(|text| !text.is_empty())
    }

    pub(crate) fn list<'v, 'a>(&self, value: &'v Json<'a>) -> Option<&'v [Json<'a>]> {
        self.values(value).find_map(Json::list)
    }

    pub(crate) fn time(&self, value: &Json<'_>) -> Option<Timestamp> {
        self.text(value)?.parse().ok()
    }

    fn object<'v, 'a>(&self, value: &'v Json<'a>) -> Option<&'v Json<'a>> {
        self.values(value).find(|value| value.is_object())
    }

    /// One text, or a list of texts.
    fn texts<'v>(&self, value: &'v Json<'_>) -> Vec<&'v str> {
        match self.text(value) {
            Some(text) => vec![text],
            None => self.list(value).unwrap_or_default().iter().filter_map(Json::text).collect(),
        }
    }

    fn values<'v, 'a>(&self, value: &'v Json<'a>) -> impl Iterator<Item = &'v Json<'a>> {
        self.0
            .iter()
            .filter_map(move |tokens| tokens.iter().try_fold(value, |value, token| step(value, token)))
    }
}

/// The parts of a pointer. They are taken apart once, and not for every answer.
fn tokens(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect()
}

fn step<'v, 'a>(value: &'v Json<'a>, token: &str) -> Option<&'v Json<'a>> {
    match value {
        Json::List(list) => list.get(index(token)?),
        value => value.get(token),
    }
}

/// The place in a list: without a sign or zeros before it (RFC 6901).
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with(['+', '0']);
    token.parse().ok().filter(|_| plain)
}

/// Where the record of a session stands in a document, and its facts in the record.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordPlaces {
    pub(crate) record: Pointers,
    pub(crate) id: Pointers,
    pub(crate) status: Pointers,
    /// A second word that can change the meaning of the status.
    pub(crate) detail: Pointers,
    pub(crate) reason: Pointers,
    pub(crate) reference: Pointers,
    pub(crate) created_at: Pointers,
    pub(crate) updated_at: Pointers,
}

/// What is read of a session. The rest of a record can be sensitive, and is left where it is.
pub(crate) struct Record<'v> {
    pub(crate) id: Option<&'v str>,
    pub(crate) status: Option<&'v str>,
    pub(crate) detail: Option<&'v str>,
    pub(crate) reasons: Vec<&'v str>,
    pub(crate) reference: Option<&'v str>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
}

impl RecordPlaces {
    pub(crate) fn read<'v>(&self, document: &'v Json<'_>) -> Option<Record<'v>> {
        let record = self.record.object(document)?;
        Some(Record {
            id: self.id.text(record),
            status: self.status.text(record),
            detail: self.detail.text(record),
            reasons: self.reason.texts(record),
            reference: self.reference.text(record),
            created_at: self.created_at.time(record),
            updated_at: self.updated_at.time(record),
        })
    }
}

/// The address of a link, which is a text or an object with `url` and `type`, and what the vendor calls it.
pub(crate) fn link<'v>(link: &'v Json<'_>) -> Option<(&'v str, Option<&'v str>)> {
    match link {
        Json::Text(url) => Some((url, None)),
        link => Some((link.get("url")?.text()?, link.get("type").and_then(Json::text))),
    }
}

#[cfg(test)]
mod tests {
    use idv_tests::json_texts;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::test_runner::RngSeed;
    use serde_json::Value;

    use super::*;

    const NAMES: &[&str] = &[r#""a""#, r#""\u0061""#, r#""b""#, r#""""#, r#""x/y""#, r#""~""#, r#""0""#];

    fn pointer() -> impl Strategy<Value = String> {
        let token = select(&["a", "b", "", "x~1y", "~0", "~01", "0", "1", "01", "+1", "-", "x/y"][..]);
        vec(token, 0..4).prop_map(|tokens| tokens.iter().map(|token| format!("/{token}")).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        #[test]
        fn pointers_find_what_they_find_in_a_tree(text in json_texts(NAMES), pointers in vec(pointer(), 1..6)) {
            let (json, tree) = (serde_json::from_str::<Json<'_>>(&text), serde_json::from_str::<Value>(&text));
            prop_assert_eq!(json.is_ok(), tree.is_ok(), "{}", text);
            let (Ok(json), Ok(tree)) = (json, tree) else { return Ok(()) };
            for pointer in pointers {
                let (places, there) = (Pointers::new([pointer.as_str()]), tree.pointer(&pointer));
                let text = there.and_then(Value::as_str).filter(|text| !text.is_empty());
                prop_assert_eq!(places.text(&json), text, "{} in {}", pointer, tree);
                let length = there.and_then(Value::as_array).map(Vec::len);
                prop_assert_eq!(places.list(&json).map(<[_]>::len), length, "{} in {}", pointer, tree);
                let is_object = there.is_some_and(Value::is_object);
                prop_assert_eq!(places.object(&json).is_some(), is_object, "{} in {}", pointer, tree);
            }
        }
    }
}
