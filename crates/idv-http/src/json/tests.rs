use std::borrow::Cow;
use std::fmt;

use idv_tests::json_texts;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Value as Tree, json};

use super::*;

const NAMES: &[&str] = &[r#""a""#, r#""\u0061""#, r#""b""#, r#""""#];

fn read(text: &str) -> Object<'_> {
    Object::parse(text).unwrap()
}

fn error(text: &str) -> String {
    Object::parse(text).unwrap_err().to_string()
}

#[test]
fn values_are_what_they_are_and_nothing_else() {
    let object = read(
        r#" { "text" : "a\u00e9" , "number" : -1.50e3 , "object":{"inner":"b"},"list":[1],"truth":true,"none":null} "#,
    );
    let told = |name: &str| {
        let given = |fact: Found<Cow<'_, str>>| fact.given().map(Cow::into_owned);
        let inner = object.object(name).given().and_then(|object| given(object.text("inner")));
        (given(object.text(name)), given(object.word(name)), inner)
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(told("text"), (some("aé"), some("aé"), None));
    assert_eq!(told("number"), (None, some("-1.50e3"), None));
    assert_eq!(told("truth"), (None, some("true"), None));
    assert_eq!(told("object"), (None, None, some("b")));
    assert_eq!(told("list"), (None, None, None));
    assert_eq!(object.get("list").given().unwrap().list("list").given().unwrap().len(), 1);
    for absent in ["none", "absent"] {
        assert!(matches!(object.get(absent), Found::Absent), "{absent}");
    }
}

#[test]
fn a_plain_text_is_not_copied() {
    let object = read(r#"{"plain":"as it is","escaped":"\n"}"#);
    let is_copied = |name: &str| matches!(object.text(name).given().unwrap(), Cow::Owned(_));
    assert_eq!((is_copied("plain"), is_copied("escaped")), (false, true));
}

#[test]
fn a_name_that_stands_twice_has_no_value() {
    for text in [r#"{"a":"1","a":"2"}"#, r#"{"a":"1","\u0061":"2"}"#, r#"{"a":"1","b":0,"a":"1"}"#] {
        assert_eq!(read(text).text("a"), Found::unreadable(JsonError::Twice("a".to_owned())), "{text}");
    }
}

#[test]
fn what_is_no_object_says_what_it_is() {
    for (text, message) in [
        ("", "empty"),
        (" \n", "empty"),
        ("[]", "a list where an object is expected"),
        ("7", "a number where an object is expected"),
        ("null", "null where an object is expected"),
        ("true", "a boolean where an object is expected"),
        ("\"canary\"", "a text where an object is expected"),
        ("{", "cut off at line 1, column 1"),
        ("{\"a\":\n\"canary", "cut off at line 2, column 7"),
        ("<html>canary", "not JSON at line 1, column 1"),
        ("{} canary", "not JSON at line 1, column 4"),
        ("nul canary", "not JSON at line 1, column 4"),
    ] {
        assert_eq!(error(text), message, "{text}");
    }
    assert_eq!(Object::of_body(b"{\"a\":\"\xff\"}").unwrap_err(), JsonError::NotUtf8);
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(read("\u{feff}{\"a\":\"b\"}").text("a").given().unwrap(), "b");
    assert_eq!(Object::of_body(b"\xef\xbb\xbf {\"a\":\"b\"}").unwrap().text("a").given().unwrap(), "b");
    assert_eq!(error("\u{feff}\u{feff}{}"), "not JSON at line 1, column 1");
}

#[test]
fn what_nobody_reads_spoils_nothing() {
    let deep = "[".repeat(500_000) + &"]".repeat(500_000);
    let huge = "9".repeat(5_000);
    let text = format!(
        r#"{{"half":"\ud83d","\ud83d":1,"deep":{deep},"huge":{huge}e{huge},"in":{{"half":"\udc00","x":"y"}},"a":"b"}}"#
    );
    let object = read(&text);
    assert_eq!(object.text("a").given().unwrap(), "b");
    assert_eq!(object.object("in").given().unwrap().text("x").given().unwrap(), "y");
    assert_eq!(object.text("half"), Found::unreadable(JsonError::HalfCharacter("half".to_owned())));
}

static PLACES: Places<u8> = Places::new(&[
    (0, &["a"]),
    (0, &["b", "a"]),
    (0, &["b", "b", "a"]),
    (1, &["b", "b", "b"]),
    (2, &["a", "a"]),
    (3, &[""]),
    (4, &["b", "", "1"]),
]);

fn words(text: &str, fact: u8) -> Vec<Option<String>> {
    let facts = PLACES.read(text).unwrap();
    let word = |(name, found): (&str, Found<Value<'_>>)| {
        found.and_then(|value| value.word(name)).given().map(Cow::into_owned)
    };
    facts.all(fact).map(word).collect()
}

#[test]
fn a_lossy_text_is_read_as_far_as_it_goes() {
    let object = read(r#"{"half":"a\ud83d b","whole":"\ud83d\ude00\n","number":1,"list":[104]}"#);
    let lossy = |name: &str| object.get(name).given().unwrap().lossy_text();
    let half = lossy("half").unwrap();
    assert!(half.starts_with("a\u{fffd}") && half.ends_with(" b"), "{half}");
    assert_eq!(lossy("whole").unwrap(), "😀\n");
    assert_eq!((lossy("number"), lossy("list")), (None, None));
}

#[test]
fn facts_are_found_at_each_of_their_places() {
    let some = |text: &str| Some(text.to_owned());
    let text = r#"{"b":{"x":["a"],"b":{"a":3,"b":"1"},"a":"2"},"x":{"a":0},"a":"1","":null}"#;
    assert_eq!(words(text, 0), [some("1"), some("2"), some("3")], "in the order of the table");
    assert_eq!((words(text, 1), words(text, 3)), (vec![some("1")], vec![None]));
    assert_eq!(words(r#"{"b":"a","a":{"a":"x"}}"#, 2), [some("x")]);
    assert_eq!(
        words(r#"{"b":{"a":1},"a":"x","b":{"a":2}}"#, 0),
        [some("x"), None, None],
        "a name on the way is given twice"
    );
    // Of plain texts too, which one pass reads.
    assert_eq!(words(r#"{"a":"1","a":"2"}"#, 0), [None]);
    assert_eq!(words(r#"{"b":{"a":"1"},"b":{"a":"2"}}"#, 0), [None, None]);
    assert_eq!(words(r#"{"b":{"a":"1","a":"1"},"a":"x"}"#, 0), [some("x"), None]);
    assert_eq!(words(r#"{"b":{"b":{"b":1,"b":2},"a":"\ud83d"},"\ud83d":1}"#, 1), [None]);
    assert_eq!(words(r#"{"b":{"":["x","y","z"]}}"#, 4), [some("y")]);
    assert_eq!((words(r#"{"b":{"":["x"]}}"#, 4), words(r#"{"b":{"":"xy"}}"#, 4)), (vec![], vec![]));
    assert_eq!(words(r#"{"b":{"":[{},3]}}"#, 4), [some("3")]);
    assert!(PLACES.read(r#"{"a":1} x"#).is_err() && PLACES.read("[]").is_err());
}

#[test]
fn a_required_text_says_why_it_is_not_there() {
    let object = read(r#"{"none":null,"list":["canary"],"truth":true,"text":"","two":1,"two":2}"#);
    let why = |name: &str| object.required_text(name).map_err(|error| error.to_string());
    assert_eq!(why("none").unwrap_err(), "`none` is null where a text is expected");
    assert_eq!(why("absent").unwrap_err(), "`absent` is missing");
    assert_eq!(why("list").unwrap_err(), "`list` is a list where a text is expected");
    assert_eq!(why("truth").unwrap_err(), "`truth` is a boolean where a text is expected");
    assert_eq!(why("two").unwrap_err(), "`two` is given twice");
    assert_eq!(why("text").unwrap(), "");
}

#[test]
fn an_error_envelope_is_refused() {
    for (text, refused) in [
        (r#"{"status":"rejected","error":"quota"}"#, true),
        (r#"{"status":"rejected","error":{"code":"x"}}"#, true),
        (r#"{"errors":[{}],"status":"rejected"}"#, true),
        (r#"{"error":true}"#, true),
        (r#"{"object":"error","status":"rejected"}"#, true),
        (r#"{"object":"session","status":"rejected"}"#, false),
        (r#"{"status":"rejected","error":null,"errors":[]}"#, false),
        (r#"{"status":"rejected","error":false,"errors":""}"#, false),
        (r#"{"inner":{"error":"quota"},"last_error":"x"}"#, false),
    ] {
        assert_eq!(read(text).refuse_error_envelope().is_err(), refused, "{text}");
    }
}

/// The members of an object in their order, by way of a tree.
struct Members(Vec<(String, Tree)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn an_object_says_what_a_tree_says(text in json_texts(NAMES)) {
        let plain = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (object, tree) = (Object::parse(&text), serde_json::from_str::<Members>(plain));
        prop_assert_eq!(object.is_ok(), tree.is_ok(), "{}", text);
        let (Ok(object), Ok(Members(tree))) = (object, tree) else { return Ok(()) };
        for name in ["a", "b", ""] {
            let values: Vec<&Tree> = tree.iter().filter(|(own, _)| own == name).map(|(_, value)| value).collect();
            let word = object.word(name);
            match values[..] {
                [] | [Tree::Null] => prop_assert_eq!(word, Found::Absent),
                [Tree::String(own)] => prop_assert_eq!(word.given(), Some(Cow::Borrowed(own.as_str()))),
                [Tree::Bool(own)] => prop_assert_eq!(word.given(), Some(Cow::Owned(own.to_string()))),
                [Tree::Number(own)] => {
                    let number: Option<serde_json::Number> = word.given().and_then(|word| word.parse().ok());
                    prop_assert_eq!(number.as_ref(), Some(own));
                }
                [Tree::Object(own)] => {
                    let is_object = |error: &JsonError| matches!(error, JsonError::Member { found: Kind::Object, .. });
                    prop_assert!(word.optional().is_err_and(|error| is_object(&error)));
                    let inner = object.object(name).given().unwrap();
                    prop_assert!(inner.members().all(|(name, _)| own.contains_key(name)), "{}", text);
                }
                [Tree::Array(own)] => {
                    let list = object.get(name).and_then(|value| value.list(name)).given().unwrap();
                    prop_assert_eq!(list.len(), own.len());
                }
                _ => prop_assert_eq!(word, Found::unreadable(JsonError::Twice(name.to_owned()))),
            }
        }
    }

    #[test]
    fn one_pass_finds_what_lookups_find(text in json_texts(&[r#""a""#, r#""b""#, r#""\u0062""#, r#""\ud83d""#, r#""""#])) {
        let Ok(whole) = Object::parse(&text) else {
            prop_assert!(PLACES.read(&text).is_err());
            return Ok(());
        };
        let facts = PLACES.read(&text).unwrap();
        fn step<'a>(found: Found<Value<'a>>, name: &str) -> Found<Value<'a>> {
            match found {
                Found::Given(value) if value.kind() != Kind::Object => Found::Absent,
                found => found.and_then(|value| value.object("")).and_then(|inner| inner.get(name)),
            }
        }
        let told = |found: &Found<Value<'_>>| match found {
            Found::Absent => None,
            Found::Given(value) if value.kind() == Kind::Null => None,
            Found::Given(value) => Some(format!("{value:?} {:?}", value.word(""))),
            Found::Unreadable(error) => Some(error.to_string()),
        };
        let of = |fact: u8| facts.all(fact).filter_map(|(_, found)| told(&found)).collect::<Vec<_>>();
        let inner = step(whole.get("b"), "b");
        let places = [whole.get("a"), step(whole.get("b"), "a"), step(inner, "a")];
        prop_assert_eq!(of(0), places.iter().filter_map(told).collect::<Vec<_>>(), "{}", text);
        prop_assert_eq!(of(2), told(&step(whole.get("a"), "a")).into_iter().collect::<Vec<_>>(), "{}", text);
        prop_assert_eq!(facts.refuse_error_envelope().is_err(), whole.refuse_error_envelope().is_err());
    }

    #[test]
    fn any_text_and_number_is_read_as_serde_json_does(name in ".{0,9}", text in ".{0,40}", number: i64) {
        prop_assume!(!["before", "~after"].contains(&name.as_str()));
        let body = json!({"before": [{}], name.clone(): {"text": text, "number": number}, "~after": "x"}).to_string();
        let inner = read(&body).object(&name).given().unwrap();
        prop_assert_eq!(inner.text("text").given().unwrap(), text);
        prop_assert_eq!(inner.word("number").given().unwrap(), number.to_string());
    }

    #[test]
    fn no_error_repeats_a_value(text in json_texts(&[r#""a""#]), secret in "[a-z]{12}") {
        let text = text.replace("\"x\"", &format!("\"{secret}\"")).replace("'x'", &secret);
        let said = match Object::parse(&text) {
            Err(error) => format!("{error} {error:?}"),
            Ok(object) => format!("{object:?} {:?} {:?}", object.object("a"), object.text("a").optional().err()),
        };
        prop_assert!(!said.contains(&secret), "{}", said);
    }
}
