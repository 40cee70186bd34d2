//! One request of an adapter, described.

use std::fmt;

use std::borrow::Cow;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use idv_core::{CallContext, Deadline, Error, ErrorKind, Operation, Result, TraceParent};
use serde::Serialize;

use crate::{ReplaySafety, form};

/// As many headers as a request has at most, those of the client included, so that room for them is asked for once.
const USUAL_HEADERS: usize = 12;

/// One attempt at one endpoint. `Debug` shows neither the path, which can hold ids, nor query, headers or body.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<'a> {
    pub(crate) operation: Operation,
    pub(crate) repeat: ReplaySafety,
    pub(crate) method: Method,
    pub(crate) endpoint: Option<&'static str>,
    pub(crate) path: Vec<Segment<'a>>,
    pub(crate) query: Vec<(&'a str, &'a str)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) signed_text: Option<Cow<'a, str>>,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) trace: Option<TraceParent>,
}

/// A segment of a path.
#[derive(Debug)]
pub(crate) enum Segment<'a> {
    /// Text, to be encoded.
    Text(&'a str),
    /// Encoded already.
    Encoded(String),
}

impl<'a> Call<'a> {
    /// A GET of a path, given by its segments.
    pub fn get(operation: Operation, repeat: ReplaySafety, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::GET, operation, repeat, path)
    }

    /// A POST to a path, given by its segments: without body and content type until [`json`](Self::json) is called.
    /// `Content-Length: 0` is sent, because front ends answer 411 without it.
    pub fn post(operation: Operation, repeat: ReplaySafety, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(Method::POST, operation, repeat, path)
    }

    /// A DELETE of what a path names, given by its segments.
    pub fn delete(
        operation: Operation,
        repeat: ReplaySafety,
        path: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::new(Method::DELETE, operation, repeat, path)
    }

    /// A call with any method. A POST, PUT or PATCH has `Content-Length: 0` until it gets a body.
    pub fn new(
        method: Method,
        operation: Operation,
        repeat: ReplaySafety,
        path: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut headers = HeaderMap::with_capacity(USUAL_HEADERS);
        if [Method::POST, Method::PUT, Method::PATCH].contains(&method) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Self {
            operation,
            repeat,
            method,
            endpoint: None,
            path: path.into_iter().map(Segment::Text).collect(),
            query: Vec::new(),
            headers,
            body: Vec::new(),
            signed_text: None,
            deadline: None,
            trace: None,
        }
    }

    /// Names the vendor's endpoint, such as `create applicant`, for spans and logs: an operation may take several calls.
    pub fn endpoint(mut self, name: &'static str) -> Self {
        self.endpoint = Some(name);
        self
    }

    /// Adds a segment to the path.
    pub fn segment(mut self, segment: &'a str) -> Self {
        self.path.push(Segment::Text(segment));
        self
    }

    /// Adds a segment of text that others choose. Everything in it but letters, digits and `-._~` is encoded, so that no server takes
    /// a part of it for a parameter of the segment (RFC 3986, section 3.3).
    pub fn opaque_segment(mut self, segment: &str) -> Self {
        self.path.push(Segment::Encoded(encoded(segment)));
        self
    }

    /// Adds a segment with a parameter of its own, such as `-;externalUserId=user%207` (RFC 3986, section 3.3). Everything in the
    /// value but letters, digits and `-._~` is encoded, so that it cannot become another parameter.
    pub fn matrix(mut self, segment: &'a str, name: &'a str, value: &str) -> Self {
        self.path.push(Segment::Encoded(format!("{};{name}={}", encoded(segment), encoded(value))));
        self
    }

    /// The text that the vendor's scheme signs in place of the body: see [`Outgoing::signed_text`](crate::Outgoing::signed_text).
    pub fn sign(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.signed_text = Some(text.into());
        self
    }

    /// Adds a query parameter. A blank in it is sent as `%20`, which all servers read alike, and a plus as `%2B`.
    pub fn query(mut self, name: &'a str, value: &'a str) -> Self {
        self.query.push((name, value));
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Adds `Authorization: Bearer …`, marked as sensitive.
    ///
    /// # Errors
    /// When the token cannot stand in a header.
    pub fn bearer(self, token: &str) -> Result<Self> {
        let value = secret_header(&format!("Bearer {token}"))?;
        Ok(self.header(AUTHORIZATION, value))
    }

    /// Sends a JSON body.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn json(self, value: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(value)
            .map_err(|_| Error::new(ErrorKind::InvalidRequest, "the request cannot be written as JSON"))?;
        Ok(self.body(HeaderValue::from_static("application/json"), body))
    }

    /// Sends a body as it is.
    pub fn body(mut self, content_type: HeaderValue, body: Vec<u8>) -> Self {
        self.body = body;
        self.headers.remove(CONTENT_LENGTH);
        self.headers.insert(CONTENT_TYPE, content_type);
        self
    }

    /// Sends a form: `application/x-www-form-urlencoded`.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let written = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body(FORM, written.into_bytes())
    }

    /// Sends a nested value as a form: members as `outer[inner]=…`, elements of lists as `list[0]=…`. What is `null` is left out.
    ///
    /// # Errors
    /// When the value is no struct or map, or cannot be written.
    pub fn nested_form(self, value: &impl Serialize) -> Result<Self> {
        Ok(self.body(FORM, form::nested(value)?))
    }

    /// Keeps the deadline of a request where it is shorter than the configured time of an attempt, and sends its trace on.
    pub fn context(mut self, context: &CallContext) -> Self {
        self.deadline = context.deadline();
        self.trace = context.trace();
        self
    }
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation)
            .field("endpoint", &self.endpoint)
            .field("repeat", &self.repeat)
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Percent-encodes all but the unreserved characters of RFC 3986.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            true => encoded.push(char::from(byte)),
            false => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}

/// A header value that is never printed.
///
/// # Errors
/// When the text cannot stand in a header.
pub fn secret_header(text: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        Error::new(ErrorKind::InvalidRequest, "a credential has characters that cannot stand in a header")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_and_named() {
        let call = Call::post(Operation::Start, ReplaySafety::Idempotent, ["cases"])
            .form(&[("phone", "+1 5"), ("a&b", "=")]);
        assert_eq!(call.body, b"phone=%2B1+5&a%26b=%3D");
        assert_eq!(
            call.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes),
            Some(&b"application/x-www-form-urlencoded"[..])
        );
        assert!(!call.headers.contains_key(CONTENT_LENGTH), "the length is that of the body");
    }
}
