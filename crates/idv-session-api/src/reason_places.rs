//! Places of reasons: several may hold some at once, and one may lead through every element of a list.

use std::borrow::Cow;

use idv_http::json::{Found, Node, Pointer, Value};
use serde::{Deserialize, Deserializer};

use crate::places::one_or_more;

/// The most reasons that are read of one record: a vendor that lists more says no more by them.
const MOST: usize = 64;

/// Places of reasons. All of them count; where one has a word or a list of words, these are reasons.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReasonPlaces(Vec<Vec<Pointer>>);

impl ReasonPlaces {
    /// Whether there is no place at all.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.0.is_empty()
    }

    /// The words, each once, in the order of the places. Whatever is no word is left out: reasons are told beside a status, and
    /// never decide.
    pub(crate) fn words<'a>(&self, record: &Node<'a>) -> Vec<Cow<'a, str>> {
        let mut words = Vec::new();
        for steps in &self.0 {
            collect(record, steps, &mut words);
        }
        words
    }
}

fn collect<'a>(node: &Node<'a>, steps: &[Pointer], words: &mut Vec<Cow<'a, str>>) {
    let Some((first, rest)) = steps.split_first() else { return };
    let Found::Given(value) = first.find(node) else { return };
    if rest.is_empty() {
        return keep(value, words);
    }
    for element in value.list("").given().unwrap_or_default() {
        match Node::of(element, "") {
            Ok(element) if words.len() < MOST => collect(&element, rest, words),
            _ => {}
        }
    }
}

/// Keeps a word, or each word of a list.
fn keep<'a>(value: Value<'a>, words: &mut Vec<Cow<'a, str>>) {
    if let Found::Given(word) = value.word("") {
        if !word.is_empty() && words.len() < MOST && !words.contains(&word) {
            words.push(word);
        }
        return;
    }
    for element in value.list("").given().unwrap_or_default() {
        if let Found::Given(word) = element.word("")
            && !word.is_empty()
            && words.len() < MOST
            && !words.contains(&word)
        {
            words.push(word);
        }
    }
}

/// Takes a place apart at each `*`.
fn steps(text: &str) -> Result<Vec<Pointer>, &'static str> {
    if !text.is_empty() && !text.starts_with('/') {
        return Err(
            "must be a JSON pointer such as \"/warnings/*/code\", in which `*` is every element of a list",
        );
    }
    let mut steps = vec![String::new()];
    for token in text.split('/').skip(1) {
        match (token, steps.last_mut()) {
            ("*", _) => steps.push(String::new()),
            (token, Some(last)) => last.extend(["/", token]),
            (_, None) => {}
        }
    }
    Ok(steps.into_iter().map(Pointer::new).collect())
}

impl<'de> Deserialize<'de> for ReasonPlaces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one_or_more(deserializer, "a JSON pointer, or a list of them", steps).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(places: &[&str], text: &str) -> Vec<String> {
        let places = ReasonPlaces(places.iter().map(|place| steps(place).unwrap()).collect());
        let node = Node::parse(text).unwrap();
        places.words(&node).into_iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn an_empty_list_hides_no_other_one() {
        let text =
            r#"{"fraud":[],"mismatch":["NAME","NAME",""],"one":"DOB","code":7,"odd":{"a":1},"none":null}"#;
        assert_eq!(
            words(&["/fraud", "/mismatch", "/one", "/code", "/odd", "/none"], text),
            ["NAME", "DOB", "7"]
        );
    }

    #[test]
    fn a_star_is_every_element_of_a_list_and_nothing_else() {
        let text = r#"{"checks":[{"warnings":[{"risk":"A"},{"risk":"B"},5]},{},null,{"warnings":{"risk":"C"}},
            {"warnings":[{"risk":["D","A"]}]}],"tags":["X",{"y":1},true]}"#;
        assert_eq!(words(&["/checks/*/warnings/*/risk", "/tags/*"], text), ["A", "B", "D", "X", "true"]);
        assert_eq!(words(&["/checks/0/warnings/1/risk"], text), ["B"]);
    }

    #[test]
    fn the_number_of_reasons_is_bounded() {
        let many: Vec<String> = (0..200).map(|number| format!("R{number}")).collect();
        let text = serde_json::json!({"all": many, "each": many.iter().map(|one| [one]).collect::<Vec<_>>()});
        assert_eq!(words(&["/all"], &text.to_string()).len(), MOST);
        assert_eq!(words(&["/each/*"], &text.to_string()).len(), MOST);
    }

    #[test]
    fn places_are_pointers() {
        assert!(steps("warnings/*").is_err());
        assert_eq!(steps("").unwrap().len(), 1);
        assert_eq!(steps("/*").unwrap().len(), 2);
    }
}
