//! Places in the body of a request, and the body that they make together.

use std::collections::BTreeMap;

use idv_core::Input;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::places::one_or_more;

/// Places of one value in a request: names of members, or JSON pointers to deeper ones. The value is written at each of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestPlaces(Vec<Steps>);

/// The names and numbers that lead to a place from the top of a body.
type Steps = Vec<String>;

impl RequestPlaces {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[String]> {
        self.0.iter().map(Vec::as_slice)
    }
}

/// Reads a name, or a pointer that begins with `/`.
pub(crate) fn steps(text: &str) -> Result<Steps, &'static str> {
    let steps: Steps = match text.strip_prefix('/') {
        Some(pointer) => pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
        None => vec![text.to_owned()],
    };
    match steps.iter().any(String::is_empty) {
        true => {
            Err("must be the name of a field such as \"email\", or a JSON pointer such as \"/user/email\"")
        }
        false => Ok(steps),
    }
}

impl<'de> Deserialize<'de> for RequestPlaces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one_or_more(deserializer, "a field or a JSON pointer, or a list of them", steps).map(Self)
    }
}

/// The body of a request, with values at its leaves.
#[derive(Debug, Clone)]
pub(crate) enum Template {
    Object(Vec<(String, Template)>),
    List(Vec<Template>),
    Leaf(Leaf),
}

/// A value in the body of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf {
    /// An input; it is left out where it is not given.
    Input(Input),
    /// Whether the vendor may write an e-mail to the applicant.
    InviteEmail,
    /// Whether the vendor may text the applicant.
    InviteSms,
    /// The id of the session.
    Session,
    /// The token of the next page of a list; it is left out of the first page.
    PageToken,
    /// The same in every request.
    Constant(Value),
}

impl Default for Template {
    fn default() -> Self {
        Self::Object(Vec::new())
    }
}

impl Template {
    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Object(members) if members.is_empty())
    }

    /// Adds a value. Steps that are numbers make lists.
    ///
    /// # Errors
    /// When another value stands there, in it or around it, or a list would have a hole.
    pub(crate) fn add(&mut self, steps: &[String], leaf: Leaf) -> Result<(), &'static str> {
        const TAKEN: &str = "stands where another value of the request stands already, in it or around it";
        let Some((first, rest)) = steps.split_first() else { return Err(TAKEN) };
        let index = first.parse::<usize>().ok().filter(|index| index.to_string() == *first);
        if let (Some(_), Self::Object(members)) = (index, &*self)
            && members.is_empty()
        {
            *self = Self::List(Vec::new());
        }
        let next = match self {
            Self::Leaf(_) => return Err(TAKEN),
            Self::Object(members) => match members.iter().position(|(name, _)| name == first) {
                Some(place) => &mut members[place].1,
                None => {
                    members.push((first.clone(), Self::default()));
                    let place = members.len() - 1;
                    return members[place].1.begin(rest, leaf);
                }
            },
            Self::List(elements) => match index {
                Some(index) if index < elements.len() => &mut elements[index],
                Some(index) if index == elements.len() => {
                    elements.push(Self::default());
                    return elements[index].begin(rest, leaf);
                }
                Some(_) => return Err("leaves a hole in the list: its elements count from 0, without gaps"),
                None => return Err(TAKEN),
            },
        };
        if rest.is_empty() { Err(TAKEN) } else { next.add(rest, leaf) }
    }

    fn begin(&mut self, rest: &[String], leaf: Leaf) -> Result<(), &'static str> {
        if rest.is_empty() {
            *self = Self::Leaf(leaf);
            return Ok(());
        }
        self.add(rest, leaf)
    }

    /// Adds constants, each by its place. Gives the places at which something else stands already.
    pub(crate) fn add_constants(
        &mut self,
        constants: &BTreeMap<String, Value>,
    ) -> Vec<(String, &'static str)> {
        let mut wrong = Vec::new();
        for (place, value) in constants {
            let added = steps(place).and_then(|steps| self.add(&steps, Leaf::Constant(value.clone())));
            wrong.extend(added.err().map(|error| (place.clone(), error)));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Leaf {
        Leaf::Constant(value.into())
    }

    fn add(template: &mut Template, place: &str) -> Result<(), &'static str> {
        template.add(&steps(place)?, text(place))
    }

    #[test]
    fn a_value_stands_neither_in_another_one_nor_around_it() {
        let mut body = Template::default();
        for fine in
            ["email", "/user/name/first", "/user/name/last", "/tags/0", "/tags/1", "/a~1b", "/people/0/name"]
        {
            add(&mut body, fine).unwrap();
        }
        for taken in
            ["email", "/email/work", "/user", "/user/name", "/user/name/first", "/tags", "/tags/x", "/tags/0"]
        {
            assert!(add(&mut body, taken).unwrap_err().contains("already"), "{taken}");
        }
        assert!(add(&mut body, "/tags/3").unwrap_err().contains("hole"));
        for bad in ["", "/", "/a//b"] {
            assert!(steps(bad).is_err(), "{bad}");
        }
    }
}
