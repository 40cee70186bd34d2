//! JSON pointers (RFC 6901).

use super::{Found, JsonError, Kind, Object, Value};

/// A JSON pointer, taken apart once and not for every document.
#[derive(Debug, Clone)]
pub struct Pointer {
    text: String,
    tokens: Vec<String>,
}

impl Pointer {
    /// A pointer such as `/data/0/status`. Text before the first `/` is passed over.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let tokens =
            text.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
        Self { text, tokens }
    }

    /// The pointer as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The last name or index of the pointer; `""` where it leads to the whole document.
    #[must_use]
    pub fn last(&self) -> &str {
        self.tokens.last().map_or("", String::as_str)
    }

    /// The content of its place in a document.
    pub fn find<'a>(&self, node: &Node<'a>) -> Found<Value<'a>> {
        let Some((first, rest)) = self.tokens.split_first() else { return Found::Given(node.value) };
        rest.iter().fold(node.step(first), |found, token| {
            found.and_then(|value| match Node::of(value, &self.text) {
                Ok(node) => node.step(token),
                Err(error) => Found::unreadable(error),
            })
        })
    }
}

/// A value and, where it has some, its members or elements, so that several pointers read them once.
#[derive(Debug)]
pub struct Node<'a> {
    value: Value<'a>,
    content: Content<'a>,
}

#[derive(Debug)]
enum Content<'a> {
    Object(Object<'a>),
    List(Vec<Value<'a>>),
    Other,
}

impl<'a> Node<'a> {
    /// Reads a text. A byte-order mark before it is passed over.
    ///
    /// # Errors
    /// When the text is no JSON.
    pub fn parse(text: &'a str) -> Result<Self, JsonError> {
        Self::of(Value::parse(text)?, "")
    }

    /// Looks into a value. `name` is for the error.
    ///
    /// # Errors
    /// When the value is no JSON inside.
    pub fn of(value: Value<'a>, name: &str) -> Result<Self, JsonError> {
        let content = match value.kind() {
            Kind::Object => value.object(name).optional()?.map_or(Content::Other, Content::Object),
            Kind::List => value.list(name).optional()?.map_or(Content::Other, Content::List),
            _ => Content::Other,
        };
        Ok(Self { value, content })
    }

    /// The members, where the value is an object.
    #[must_use]
    pub fn object(&self) -> Option<&Object<'a>> {
        if let Content::Object(object) = &self.content { Some(object) } else { None }
    }

    /// The value at a member or an element.
    fn step(&self, token: &str) -> Found<Value<'a>> {
        match self.entry(token) {
            Some(Found::Given(value)) if value.kind() == Kind::Null => Found::Absent,
            found => found.unwrap_or(Found::Absent),
        }
    }

    /// The value at a member or an element that is there, which can be `null`.
    pub(super) fn entry(&self, token: &str) -> Option<Found<Value<'a>>> {
        match &self.content {
            Content::Object(object) => object.entry(token),
            Content::List(list) => index(token).and_then(|index| list.get(index)).copied().map(Found::Given),
            Content::Other => None,
        }
    }
}

/// The place in a list: without a sign or zeros before it (RFC 6901).
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with(['+', '0']);
    token.parse().ok().filter(|_| plain)
}
