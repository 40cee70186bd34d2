//! The vendor's JSON, read where the description says: lenient in what is accepted, and nothing else is kept.

use std::borrow::Cow;

use idv_core::Timestamp;
use idv_http::json::{Found, JsonError, Kind, Node, Pointer, Value};

/// Places in a JSON document, as JSON pointers (RFC 6901). The first at which something stands counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pointers(Vec<Pointer>);

/// A value, and the pointer that led to it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Value<'a>,
}

impl Pointers {
    pub(crate) fn new<T: Into<String>>(pointers: impl IntoIterator<Item = T>) -> Self {
        Self(pointers.into_iter().map(|pointer| Pointer::new(pointer)).collect())
    }

    /// The name of the member that the first pointer leads to.
    pub(crate) fn name(&self) -> &str {
        self.0.first().map_or("", Pointer::last)
    }

    /// Nothing stands at any of the places.
    pub(crate) fn missing(&self) -> JsonError {
        JsonError::Missing(self.0.first().map_or("", Pointer::as_str).to_owned())
    }

    /// The value, whatever it is; an empty text counts as none.
    fn value<'a>(&'a self, node: &Node<'a>) -> Found<Place<'a>> {
        self.first_of(|pointer| {
            let value = pointer.find(node).filter(|value| !value.is_empty_text());
            value.and_then(|value| Found::Given(Place { name: pointer.as_str(), value }))
        })
    }

    /// A text that is not empty.
    pub(crate) fn text<'a>(&'a self, node: &Node<'a>) -> Found<Cow<'a, str>> {
        self.value(node).and_then(|place| place.value.text(place.name))
    }

    /// A text, number or boolean, as text.
    pub(crate) fn word<'a>(&'a self, node: &Node<'a>) -> Found<Cow<'a, str>> {
        self.value(node).and_then(|place| place.value.word(place.name))
    }

    /// A text or number, as text.
    pub(crate) fn id<'a>(&'a self, node: &Node<'a>) -> Found<Cow<'a, str>> {
        self.value(node).and_then(|Place { name, value }| match value.kind() {
            Kind::Number => value.word(name),
            _ => value.text(name),
        })
    }

    /// Requires a value: its absence is an error.
    pub(crate) fn required<T>(&self, found: Found<T>) -> Result<T, JsonError> {
        found.optional()?.ok_or_else(|| self.missing())
    }

    pub(crate) fn list<'a>(&self, node: &Node<'a>) -> Found<Vec<Value<'a>>> {
        self.first_of(|pointer| pointer.find(node).and_then(|value| value.list(pointer.as_str())))
    }

    pub(crate) fn time(&self, node: &Node<'_>) -> Option<Timestamp> {
        self.word(node).given()?.parse().ok()
    }

    /// One word, or a list of words; what is no word is left out.
    fn words<'a>(&'a self, node: &Node<'a>) -> Vec<Cow<'a, str>> {
        if let Found::Given(word) = self.word(node) {
            return vec![word];
        }
        let words = self.list(node).given().unwrap_or_default();
        words.into_iter().filter_map(|value| value.word("").given()).collect()
    }

    /// The object that a session stands in.
    fn object<'a>(&self, node: &Node<'a>) -> Found<Node<'a>> {
        self.first_of(|pointer| {
            pointer.find(node).and_then(|value| match Node::of(value, pointer.as_str()) {
                Ok(node) if node.object().is_some() => Found::Given(node),
                Ok(_) => Found::unfit(pointer.as_str(), value.kind(), Kind::Object),
                Err(error) => Found::unreadable(error),
            })
        })
    }

    fn first_of<'a, T>(&'a self, read: impl Fn(&'a Pointer) -> Found<T>) -> Found<T> {
        let mut places = self.0.iter().map(read);
        places.find(|found| !matches!(found, Found::Absent)).unwrap_or(Found::Absent)
    }
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

/// The facts that are read of a session. The rest of a record can be sensitive, and is left where it is.
pub(crate) struct Record<'a> {
    pub(crate) id: Found<Cow<'a, str>>,
    pub(crate) status: Found<Place<'a>>,
    pub(crate) detail: Found<Cow<'a, str>>,
    pub(crate) reasons: Vec<Cow<'a, str>>,
    pub(crate) reference: Found<Cow<'a, str>>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
}

impl RecordPlaces {
    pub(crate) fn read<'a>(&'a self, document: &Node<'a>) -> Result<Record<'a>, JsonError> {
        let record = self.record.required(self.record.object(document))?;
        Ok(Record {
            id: self.id.id(&record),
            status: self.status.value(&record),
            detail: self.detail.word(&record),
            reasons: self.reason.words(&record),
            reference: self.reference.id(&record),
            created_at: self.created_at.time(&record),
            updated_at: self.updated_at.time(&record),
        })
    }
}

/// The address of a link, which is a text or an object with `url` and `type`, and the vendor's name for it.
pub(crate) fn link<'a>(link: Value<'a>) -> Option<(Cow<'a, str>, Option<Cow<'a, str>>)> {
    match link.object("links").given() {
        None => Some((link.text("links").given()?, None)),
        Some(link) => Some((link.text("url").given()?, link.text("type").given())),
    }
}

#[cfg(test)]
mod tests {
    use idv_tests::json_texts;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::test_runner::RngSeed;
    use serde_json::Value as Tree;

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
            let plain = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let (node, tree) = (Node::parse(&text), serde_json::from_str::<Tree>(plain));
            prop_assert_eq!(node.is_ok(), tree.is_ok(), "{}", text);
            let (Ok(node), Ok(tree)) = (node, tree) else { return Ok(()) };
            for pointer in pointers {
                let (places, there) = (Pointers::new([pointer.as_str()]), tree.pointer(&pointer));
                let word = match places.word(&node) {
                    // Of a name that is given twice a tree has the last.
                    word if word.is_repeated() => continue,
                    word => word.given(),
                };
                match there {
                    Some(Tree::String(text)) if !text.is_empty() => prop_assert_eq!(word, Some(Cow::Borrowed(text.as_str()))),
                    Some(Tree::Bool(value)) => prop_assert_eq!(word, Some(Cow::Owned(value.to_string()))),
                    Some(Tree::Number(_)) => prop_assert!(word.is_some()),
                    _ => prop_assert_eq!(word, None),
                }
                let length = there.and_then(Tree::as_array).map(Vec::len);
                prop_assert_eq!(places.list(&node).given().map(|list| list.len()), length, "{} in {}", pointer, tree);
                let is_object = there.is_some_and(Tree::is_object);
                prop_assert_eq!(places.object(&node).given().is_some(), is_object, "{} in {}", pointer, tree);
            }
        }
    }

    #[test]
    fn the_first_place_at_which_something_stands_counts() {
        let node = Node::parse(r#"{"none":null,"empty":"","list":[],"one":"1","two":2,"twice":1,"twice":1}"#)
            .unwrap();
        let word = |pointers: &[&str]| {
            Pointers::new(pointers.iter().copied())
                .word(&node)
                .and_then(|word| Found::Given(word.into_owned()))
        };
        assert_eq!(word(&["/none", "/empty", "/absent", "/two", "/one"]), Found::Given("2".to_owned()));
        assert!(
            matches!(word(&["/list", "/one"]), Found::Unreadable(error) if matches!(*error, JsonError::Member { .. }))
        );
        assert!(word(&["/twice", "/one"]).is_repeated());
        assert_eq!(word(&["/none", "/one/deeper"]), Found::Absent);
    }
}
