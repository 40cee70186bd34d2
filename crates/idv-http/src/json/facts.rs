//! Facts that stand at known places of a document, all read in one pass over it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use smallvec::SmallVec;

use super::object::{ERROR_NAMES, refuse_error_envelope, tells_of_error};
use super::value::{Text, object_text};
use super::{Found, JsonError, Kind, Node, Object, Value};

/// Findings at places, by their number. Most documents have no more facts than need no allocation.
type List<'a> = SmallVec<[(usize, Found<Value<'a>>); 8]>;

/// The names that lead to a place from the top of the document, such as `&["data", "status"]`. A number up to 7 is an element
/// of a list.
pub type Path = &'static [&'static str];

/// Where the facts of a kind of document stand. A fact can have several places. Nothing stands at a place that leads through
/// what is neither an object nor a list.
///
/// ```
/// use idv_http::json::Places;
///
/// #[derive(Clone, Copy, PartialEq)]
/// enum Fact {
///     Id,
///     Status,
/// }
/// static EVENT: Places<Fact> = Places::new(&[(Fact::Id, &["id"]), (Fact::Status, &["data", "status"])]);
///
/// let event = EVENT.read(r#"{"data":{"status":"DONE","unread":"\ud83d"},"id":"e-1"}"#)?;
/// assert_eq!(event.text(Fact::Status).given().as_deref(), Some("DONE"));
/// # Ok::<(), idv_http::json::JsonError>(())
/// ```
#[derive(Debug)]
pub struct Places<F: 'static> {
    places: &'static [(F, Path)],
    index: Index,
}

/// Which places have a name of some length, as bits: at the top, and deeper. Names are compared with these alone.
#[derive(Debug)]
struct Index([[u64; LENGTHS]; 2]);

/// The elements of lists that places can lead to.
const INDICES: [&str; 8] = ["0", "1", "2", "3", "4", "5", "6", "7"];

/// Names at least as long as this are told apart by comparing them.
const LENGTHS: usize = 32;

impl<F> Places<F> {
    /// A table of one to 64 places, no two alike. Another number does not compile in a `static`.
    #[must_use]
    pub const fn new(places: &'static [(F, Path)]) -> Self {
        assert!(!places.is_empty() && places.len() <= 64, "a table has one to 64 places");
        let mut index = [[0; LENGTHS]; 2];
        let mut place = 0;
        while place < places.len() {
            let path = places[place].1;
            let mut depth = 0;
            while depth < path.len() {
                index[level(depth)][length(path[depth])] |= 1 << place;
                depth += 1;
            }
            place += 1;
        }
        Self { places, index: Index(index) }
    }

    /// Reads a text that is an object. A byte-order mark before it is passed over.
    ///
    /// # Errors
    /// When the text is no JSON, or another value than an object.
    pub fn read<'a>(&self, text: &'a str) -> Result<Facts<'a, F>, JsonError> {
        let text = object_text(text)?;
        // One pass reads what is usual: texts without escapes. For everything else the document is taken apart.
        self.read_usual(text).or_else(|_| self.read_any(text))
    }

    fn read_usual<'a>(&self, text: &'a str) -> serde_json::Result<Facts<'a, F>> {
        let mut facts = Facts { places: self.places, found: List::new(), is_error: false };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let reader = Reader { table: self, facts: &mut facts, depth: 0, open: u64::MAX };
        reader.deserialize(&mut deserializer)?;
        deserializer.end()?;
        facts.found.sort_unstable_by_key(|(place, _)| *place);
        Ok(facts)
    }

    fn read_any<'a>(&self, text: &'a str) -> Result<Facts<'a, F>, JsonError> {
        let whole = Object::parse(text)?;
        let found = self.places.iter().map(|(_, path)| find(&whole, path)).enumerate();
        let found = found.filter_map(|(place, found)| Some((place, found?))).collect();
        Ok(Facts { places: self.places, found, is_error: whole.is_error_envelope() })
    }
}

/// The last name of a path that is no index.
fn name(path: Path) -> &'static str {
    path.iter().rev().find(|name| !INDICES.contains(name)).copied().unwrap_or_default()
}

const fn level(depth: usize) -> usize {
    if depth == 0 { 0 } else { 1 }
}

const fn length(name: &str) -> usize {
    if name.len() < LENGTHS { name.len() } else { LENGTHS - 1 }
}

fn find<'a>(whole: &Object<'a>, path: Path) -> Option<Found<Value<'a>>> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(whole.entry(first)?, |found, name| match found {
        Found::Given(value) => match Node::of(value, name) {
            Ok(node) => node.entry(name),
            Err(error) => Some(Found::unreadable(error)),
        },
        unreadable => Some(unreadable),
    })
}

/// The content of a document at the places of a table. `Debug` shows at how many of them something stands.
pub struct Facts<'a, F: 'static> {
    places: &'static [(F, Path)],
    /// In the order of the table, `null` included.
    found: List<'a>,
    is_error: bool,
}

impl<'a, F: Copy + PartialEq> Facts<'a, F> {
    /// The findings at the places of a fact, in the order of the table, each with the name of its member.
    pub fn all(&self, fact: F) -> impl Iterator<Item = (&'static str, Found<Value<'a>>)> {
        self.found.iter().filter_map(move |(place, found)| {
            let (own, path) = self.places.get(*place)?;
            (*own == fact).then(|| (name(path), found.clone()))
        })
    }

    /// The text at the first place of a fact that is there.
    pub fn text(&self, fact: F) -> Found<Cow<'a, str>> {
        self.first(fact, Value::text)
    }

    /// The same; of a number or a boolean, what is written there.
    pub fn word(&self, fact: F) -> Found<Cow<'a, str>> {
        self.first(fact, Value::word)
    }

    fn first(&self, fact: F, read: fn(Value<'a>, &str) -> Found<Cow<'a, str>>) -> Found<Cow<'a, str>> {
        let first = self.all(fact).next();
        first.map_or(Found::Absent, |(name, found)| found.and_then(|value| read(value, name)))
    }

    /// The text of a fact that must have one.
    ///
    /// # Errors
    /// When there is none that can be read.
    pub fn required_text(&self, fact: F) -> Result<Cow<'a, str>, JsonError> {
        self.text(fact).optional()?.ok_or_else(|| {
            let place = self.places.iter().find(|(own, _)| *own == fact);
            let name = place.map_or("", |(_, path)| name(path)).to_owned();
            match self.all(fact).next() {
                Some(_) => JsonError::Member { name, found: Kind::Null, wanted: Kind::Text },
                None => JsonError::Missing(name),
            }
        })
    }

    /// Refuses an error envelope: see [`Object::refuse_error_envelope`].
    ///
    /// # Errors
    /// When the document is one.
    pub fn refuse_error_envelope(&self) -> Result<(), idv_core::Error> {
        refuse_error_envelope(self.is_error)
    }
}

impl<F> fmt::Debug for Facts<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts").field("found", &self.found.len()).finish()
    }
}

/// Reads an object that some places lead to, where nothing about it is unusual.
struct Reader<'r, 'a, F: 'static> {
    table: &'r Places<F>,
    facts: &'r mut Facts<'a, F>,
    /// How many names led here.
    depth: usize,
    /// The places that these names begin, as bits.
    open: u64,
}

impl<'a, F> Reader<'_, 'a, F> {
    fn member(&mut self, here: u64, through: u64) -> Member<'_, 'a, F> {
        let Self { table, facts, depth, .. } = self;
        Member { here, below: Reader { table, facts, depth: *depth + 1, open: through } }
    }

    /// The places that end at a member, and those that lead through it.
    fn at(&self, name: &str) -> (u64, u64) {
        let (mut here, mut through) = (0, 0);
        let mut candidates = self.open & self.table.index.0[level(self.depth)][length(name)];
        while candidates != 0 {
            let place = candidates.trailing_zeros() as usize;
            let bit = candidates & candidates.wrapping_neg();
            candidates ^= bit;
            let path = self.table.places.get(place).map_or(&[][..], |(_, path)| path);
            if path.get(self.depth).is_some_and(|own| *own == name) {
                let ends = path.len() == self.depth + 1;
                if ends { here |= bit } else { through |= bit }
            }
        }
        (here, through)
    }
}

impl<'de, F> DeserializeSeed<'de> for Reader<'_, 'de, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let place = self.open.trailing_zeros() as usize;
        let next = self.table.places.get(place).and_then(|(_, path)| path.get(self.depth));
        match next.is_some_and(|name| INDICES.contains(name)) {
            true => deserializer.deserialize_seq(self),
            false => deserializer.deserialize_map(self),
        }
    }
}

impl<'de, F> Visitor<'de> for Reader<'_, 'de, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut seen = 0;
        while let Some(Text(name)) = map.next_key()? {
            let (here, through) = self.at(&name);
            if (here | through) & seen != 0 {
                return Err(A::Error::custom("a name is given twice"));
            }
            seen |= here | through;
            if here | through == 0 && self.depth == 0 && ERROR_NAMES.contains(&&*name) {
                self.facts.is_error |= tells_of_error(&name, map.next_value()?);
            } else {
                map.next_value_seed(self.member(here, through))?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        for name in INDICES {
            let (here, through) = self.at(name);
            if list.next_element_seed(self.member(here, through))?.is_none() {
                return Ok(());
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// A member of an object or an element of a list.
struct Member<'r, 'a, F: 'static> {
    /// The place that ends here, as a bit.
    here: u64,
    /// Reads the places that lead on.
    below: Reader<'r, 'a, F>,
}

impl<'de, F> DeserializeSeed<'de> for Member<'_, 'de, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match (self.here, self.below.open) {
            (0, 0) => IgnoredAny::deserialize(deserializer).map(drop),
            (0, _) => self.below.deserialize(deserializer),
            (here, 0) => {
                let text = Option::<&'de str>::deserialize(deserializer)?;
                let place = here.trailing_zeros() as usize;
                self.below.facts.found.push((place, Found::Given(Value::plain(text))));
                Ok(())
            }
            _ => Err(D::Error::custom("a place within a place")),
        }
    }
}
