//! Places in a vendor's JSON, read where the description says: lenient in what is accepted, and nothing else is kept.

use std::borrow::Cow;
use std::fmt;

use idv_core::Timestamp;
use idv_http::json::{Found, JsonError, Kind, Node, Pointer, Value};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Numbers of this size or larger are milliseconds since 1970, and smaller ones seconds: as seconds this is the year 5138, as
/// milliseconds it is 1973.
const MILLISECONDS: f64 = 1e11;

/// Places in a JSON document, as JSON pointers (RFC 6901). The first at which something stands counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Vec<Pointer>);

/// A value, and the pointer that led to it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Value<'a>,
}

impl Places {
    pub(crate) fn new<T: Into<String>>(pointers: impl IntoIterator<Item = T>) -> Self {
        Self(pointers.into_iter().map(|pointer| Pointer::new(pointer)).collect())
    }

    /// The pointers, in the order in which they count.
    pub(crate) fn pointers(&self) -> &[Pointer] {
        &self.0
    }

    /// Whether some place is among those of another fact.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let is_there = |own: &Pointer| other.0.iter().any(|place| place.as_str() == own.as_str());
        self.0.iter().any(is_there)
    }

    /// Whether there is no place at all.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.0.is_empty()
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
    pub(crate) fn value<'a>(&'a self, node: &Node<'a>) -> Found<Place<'a>> {
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

    /// A time as RFC 3339 writes it, or in seconds or milliseconds since 1970.
    pub(crate) fn time(&self, node: &Node<'_>) -> Option<Timestamp> {
        let word = self.word(node).given()?;
        word.parse().ok().or_else(|| since_1970(&word))
    }

    /// A number of whole seconds, as a number or as a text of digits.
    pub(crate) fn seconds(&self, node: &Node<'_>) -> Option<u64> {
        self.word(node).given()?.parse().ok()
    }

    /// The object that a session stands in.
    pub(crate) fn object<'a>(&self, node: &Node<'a>) -> Found<Node<'a>> {
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

fn since_1970(word: &str) -> Option<Timestamp> {
    let number: f64 = word.parse().ok().filter(|number: &f64| number.is_finite())?;
    let millis = if number.abs() < MILLISECONDS { number * 1e3 } else { number };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number too large is the last moment that there is"
    )]
    let millis = millis as i64;
    Some(Timestamp::from_unix_millis(millis))
}

/// The address of a link, which is a text or an object with `url` and `type`, and the vendor's name for it.
pub(crate) fn link<'a>(link: Value<'a>) -> Option<(Cow<'a, str>, Option<Cow<'a, str>>)> {
    match link.object("links").given() {
        None => Some((link.text("links").given()?, None)),
        Some(link) => Some((link.text("url").given()?, link.text("type").given())),
    }
}

/// Reads one text, or a list of texts that is not empty, each by itself.
pub(crate) fn one_or_more<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    expected: &'static str,
    read: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<Vec<T>, D::Error> {
    struct OneOrMore<F>(&'static str, F);

    impl<'de, T, F: Fn(&str) -> Result<T, &'static str>> Visitor<'de> for OneOrMore<F> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
            Ok(vec![(self.1)(text).map_err(E::custom)?])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut all = Vec::new();
            while let Some(one) = list.next_element_seed(One(&self.1))? {
                all.push(one);
            }
            match all.is_empty() {
                true => Err(de::Error::custom("must not be empty: leave the key out, or name a place")),
                false => Ok(all),
            }
        }
    }

    deserializer.deserialize_any(OneOrMore(expected, read))
}

/// One element of a list of texts.
struct One<'f, F>(&'f F);

impl<'de, T, F: Fn(&str) -> Result<T, &'static str>> de::DeserializeSeed<'de> for One<'_, F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        struct Text<'f, F>(&'f F);

        impl<T, F: Fn(&str) -> Result<T, &'static str>> Visitor<'_> for Text<'_, F> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
                (self.0)(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text(self.0))
    }
}

/// Refuses what is no JSON pointer, or has an element in it that stands for every element.
fn pointer(text: &str) -> Result<Pointer, &'static str> {
    if !text.is_empty() && !text.starts_with('/') {
        return Err("must be a JSON pointer such as \"/session/id\", or \"\" for the whole document");
    }
    match text.split('/').any(|step| step == "*") {
        true => Err("must lead to one place: `*` stands for every element in places of reasons alone"),
        false => Ok(Pointer::new(text)),
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one_or_more(deserializer, "a JSON pointer, or a list of them", pointer).map(Self)
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
                let (places, there) = (Places::new([pointer.as_str()]), tree.pointer(&pointer));
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
            Places::new(pointers.iter().copied()).word(&node).and_then(|word| Found::Given(word.into_owned()))
        };
        assert_eq!(word(&["/none", "/empty", "/absent", "/two", "/one"]), Found::Given("2".to_owned()));
        assert!(
            matches!(word(&["/list", "/one"]), Found::Unreadable(error) if matches!(*error, JsonError::Member { .. }))
        );
        assert!(word(&["/twice", "/one"]).is_repeated());
        assert_eq!(word(&["/none", "/one/deeper"]), Found::Absent);
    }
}
