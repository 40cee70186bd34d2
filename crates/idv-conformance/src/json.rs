//! Transformations of the vendor's answers, whatever their shape.

use serde_json::{Value, json};

use crate::Received;

/// The value with every text, number or flag that is written `from` replaced.
pub(crate) fn replace(value: &Value, from: &str, to: &Value) -> Value {
    match value {
        scalar if is(scalar, from) => to.clone(),
        Value::Array(items) => items.iter().map(|item| replace(item, from, to)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), replace(member, from, to))).collect()
        }
        other => other.clone(),
    }
}

/// Whether a text, a number or a flag is written like this.
fn is(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found == text,
        Value::Number(number) => number.to_string() == text,
        Value::Bool(flag) => flag.to_string() == text,
        _ => false,
    }
}

/// Whether anything in the value is written like this.
pub(crate) fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(members) => members.values().any(|member| holds(member, text)),
        scalar => is(scalar, text),
    }
}

/// Every text in the value.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// The value without the members that hold the text.
pub(crate) fn remove(value: &Value, text: &str) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| remove(item, text)).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !is(member, text))
            .map(|(name, member)| (name.clone(), remove(member, text)))
            .collect(),
        other => other.clone(),
    }
}

/// The value with every leaf of another type.
pub(crate) fn retype(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(retype).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), retype(member))).collect()
        }
        Value::String(_) => json!(7),
        _ => json!("conformance"),
    }
}

/// The content of a request: its JSON body, or the fields of its form and of its query.
pub(crate) fn of_request(request: &Received) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_else(|_| {
        let form = url::form_urlencoded::parse(&request.body);
        let fields = form.chain(url::form_urlencoded::parse(request.query.as_bytes()));
        fields.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect()
    })
}

/// The paths of all members, to compare shapes.
pub(crate) fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| {
                let below = names(member).into_iter().map(move |below| format!("{name}.{below}"));
                std::iter::once(name.clone()).chain(below)
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The pointers of all texts, numbers and flags that are written like this.
pub(crate) fn places(value: &Value, text: &str) -> Vec<String> {
    below(value, &|leaf| is(leaf, text))
}

/// The pointers of the leaves that are an id, or that are the id behind a beginning such as `vs_`.
pub(crate) fn places_of_id(value: &Value, id: &str) -> Vec<String> {
    let is_prefixed = |leaf: &Value| {
        let start = leaf.as_str().and_then(|text| text.strip_suffix(id));
        start.is_some_and(|start| {
            start.ends_with('_') && start.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        })
    };
    let exact = places(value, id);
    if exact.is_empty() { below(value, &is_prefixed) } else { exact }
}

fn below(value: &Value, wanted: &dyn Fn(&Value) -> bool) -> Vec<String> {
    let inside = |(name, member): (String, &Value)| {
        below(member, wanted).into_iter().map(|rest| format!("/{}{rest}", escaped(&name))).collect::<Vec<_>>()
    };
    match value {
        Value::Object(members) => {
            members.iter().flat_map(|(name, member)| inside((name.clone(), member))).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| inside((index.to_string(), item))).collect()
        }
        leaf => wanted(leaf).then(String::new).into_iter().collect(),
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The pointers of the members that differ between two answers, and of all that contain them, innermost first.
pub(crate) fn differing(one: &Value, other: &Value) -> Vec<String> {
    let mut places: Vec<String> = below(one, &|_| true)
        .into_iter()
        .filter(|place| one.pointer(place) != other.pointer(place))
        .flat_map(|place| enclosing(&place))
        .filter(|place| other.pointer(place).is_some())
        .collect();
    places.sort_by_key(|place| std::cmp::Reverse(place.len()));
    places.dedup();
    places
}

/// A place and all that contain it, except the whole.
fn enclosing(place: &str) -> Vec<String> {
    let ends = place.char_indices().filter(|(_, c)| *c == '/').map(|(end, _)| end);
    ends.skip(1).chain([place.len()]).filter_map(|end| place.get(..end).map(str::to_owned)).collect()
}

/// The value with another one at a place, whose parent exists.
pub(crate) fn put(value: &Value, place: &str, new: &Value) -> Value {
    let mut changed = value.clone();
    if let Some((parent, name)) = split(place) {
        match changed.pointer_mut(parent) {
            Some(Value::Object(members)) => drop(members.insert(name, new.clone())),
            Some(Value::Array(items)) => {
                if let Some(item) = name.parse().ok().and_then(|index: usize| items.get_mut(index)) {
                    *item = new.clone();
                }
            }
            _ => {}
        }
    }
    changed
}

/// The value without the member at a place.
pub(crate) fn take(value: &Value, place: &str) -> Value {
    let mut changed = value.clone();
    if let Some((parent, name)) = split(place)
        && let Some(Value::Object(members)) = changed.pointer_mut(parent)
    {
        members.remove(&name);
    }
    changed
}

fn split(place: &str) -> Option<(&str, String)> {
    let (parent, name) = place.rsplit_once('/')?;
    Some((parent, name.replace("~1", "/").replace("~0", "~")))
}

/// Stands for text that `serde_json` cannot hold.
const MARK: &str = "conformance-mark";

/// The text of a value in which the member at a place is duplicated: as it is, and with another value. `None` where the
/// place is an element of a list, which has no name.
pub(crate) fn doubled(value: &Value, place: &str, other: &Value, spelling: Spelling) -> Option<String> {
    let (parent, name) = split(place)?;
    value.pointer(parent)?.as_object()?.get(&name)?;
    let text = put(value, &format!("{parent}/{MARK}"), other).to_string();
    let mut again = Value::from(name.clone()).to_string();
    if let (Spelling::Escaped, Some(first)) = (spelling, name.chars().next().filter(char::is_ascii)) {
        again = again.replacen(first, &format!("\\u{:04x}", u32::from(first)), 1);
    }
    Some(text.replacen(&format!("\"{MARK}\":"), &format!("{again}:"), 1))
}

/// The spelling of the duplicate name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As the first time.
    Same,
    /// With an escape: it is the same name nevertheless.
    Escaped,
}

/// Values that are JSON and that no reader has to understand, by name, as text.
pub(crate) fn unreadable() -> [(&'static str, String); 5] {
    [
        ("half a surrogate", r#""\ud83d""#.to_owned()),
        ("a huge number", format!("1{}", "0".repeat(400))),
        ("a huge exponent", "1e999".to_owned()),
        ("deep lists", format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP))),
        ("deep objects", format!("{}1{}", r#"{"a":"#.repeat(DEEP), "}".repeat(DEEP))),
    ]
}

/// Deeper than `serde_json` goes where it builds values.
const DEEP: usize = 1000;

/// The text of a value with an unknown member in each of its objects, which holds the given text.
pub(crate) fn beside(value: &Value, unread: &str) -> String {
    spell(&stuffed(value), unread.as_bytes(), |text| String::from_utf8_lossy(&text).into_owned())
}

fn stuffed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(stuffed).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| (name.clone(), stuffed(member)));
            members.chain([("conformance_unread".to_owned(), json!(MARK))]).collect()
        }
        other => other.clone(),
    }
}

/// The bytes of a value in which the given ones replace all prose, that is, texts with a blank.
pub(crate) fn without_prose(value: &Value, unread: &[u8]) -> Vec<u8> {
    spell(&unprosed(value), unread, |bytes| bytes)
}

fn unprosed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(unprosed).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), unprosed(member))).collect()
        }
        Value::String(text) if text.contains(' ') => json!(MARK),
        other => other.clone(),
    }
}

fn spell<T>(value: &Value, unread: &[u8], made: impl FnOnce(Vec<u8>) -> T) -> T {
    let text = value.to_string();
    let parts: Vec<&[u8]> = text.split(&format!("\"{MARK}\"")).map(str::as_bytes).collect();
    made(parts.join(unread))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_stands_twice_in_either_spelling() {
        let value = json!({"check": {"id": "7", "state": "open"}});
        let said = |spelling| doubled(&value, "/check/state", &json!("passed"), spelling).expect("a member");
        let twins = [said(Spelling::Same), said(Spelling::Escaped)];
        assert_eq!(twins[0].matches(r#""state":"#).count(), 2, "{}", twins[0]);
        assert_eq!(twins[1].matches(r#""\u0073tate":"#).count(), 1, "{}", twins[1]);
        for twin in twins {
            assert!(twin.contains("passed") && twin.contains("open") && !twin.contains(MARK), "{twin}");
            assert!(serde_json::from_str::<Value>(&twin).is_ok(), "{twin} is no JSON");
        }
        assert_eq!(doubled(&json!([1]), "/0", &json!(2), Spelling::Same), None);
    }

    #[test]
    fn places_are_found_changed_and_taken_away() {
        let value = json!({"a/b": [{"id": 7}, {"id": "7"}], "n": "x"});
        assert_eq!(places(&value, "7"), ["/a~1b/0/id", "/a~1b/1/id"]);
        assert_eq!(put(&value, "/a~1b/0", &json!(null)), json!({"a/b": [null, {"id": "7"}], "n": "x"}));
        assert_eq!(take(&value, "/a~1b/1/id"), json!({"a/b": [{"id": 7}, {}], "n": "x"}));
        let other = json!({"a/b": [{"id": 7}, {"id": "8"}], "n": "x"});
        assert_eq!(differing(&value, &other), ["/a~1b/1/id", "/a~1b/1", "/a~1b"]);
    }

    #[test]
    fn what_cannot_be_read_stands_where_it_should() {
        let value = json!({"error": {"code": "x", "message": "a sentence"}});
        let spoilt = without_prose(&value, b"\"caf\xe9\"");
        assert!(spoilt.windows(6).any(|part| part == b"\"caf\xe9\""), "{spoilt:?}");
        assert_eq!(beside(&json!({"a": [{}]}), "1e999").matches("1e999").count(), 2);
    }
}
