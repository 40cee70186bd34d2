//! How an input is read: like an HTTP message, so that seeds and findings can be read and written by hand.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

/// Stands alone on a line between two messages.
const BETWEEN: &[u8] = b"\n%%\n";

/// A first line, headers, an empty line and a body. Every input is one.
#[derive(Debug)]
pub struct Message<'a> {
    /// The first line.
    pub line: &'a str,
    /// What can be read as headers.
    pub headers: HeaderMap,
    /// The rest.
    pub body: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a message. What is no header begins the body.
    #[must_use]
    pub fn read(data: &'a [u8]) -> Self {
        let (line, mut rest) = cut(data);
        let line = std::str::from_utf8(line).unwrap_or_default();
        let mut headers = HeaderMap::new();
        while let (text, after) = cut(rest)
            && let Some((name, value)) = header(text)
        {
            headers.append(name, value);
            rest = after;
        }
        Self { line, headers, body: rest.strip_prefix(b"\n").unwrap_or(rest) }
    }

    /// Reads every message of an input.
    pub fn read_all(data: &'a [u8]) -> impl Iterator<Item = Self> {
        let mut rest = Some(data);
        std::iter::from_fn(move || {
            let data = rest?;
            let end = data.windows(BETWEEN.len()).position(|window| window == BETWEEN);
            rest = end.map(|end| &data[end + BETWEEN.len()..]);
            Some(Self::read(&data[..end.unwrap_or(data.len())]))
        })
    }

    /// The first number of the first line.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        self.line.split_whitespace().find_map(|word| word.parse().ok())
    }

    /// The message as a vendor's answer: 200, unless the first line has another HTTP status.
    #[must_use]
    pub fn answer(&self) -> Response<Vec<u8>> {
        let mut answer = Response::new(self.body.to_vec());
        let status = self.number().and_then(|number| u16::try_from(number).ok());
        *answer.status_mut() =
            status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
        answer.headers_mut().clone_from(&self.headers);
        answer
    }
}

/// The first line and what follows it.
fn cut(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &[]),
    }
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.windows(2).position(|window| window == b": ")?;
    Some((HeaderName::from_bytes(&line[..colon]).ok()?, HeaderValue::from_bytes(&line[colon + 2..]).ok()?))
}
