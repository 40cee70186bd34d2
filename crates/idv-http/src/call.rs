//! One request of an adapter, described.

use std::fmt;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use idv_core::{CallContext, Deadline, Error, ErrorKind, Operation, Result, TraceParent};
use serde::Serialize;

use crate::ReplaySafety;

/// As many headers as a request has at most, those of the client included, so that room for them is asked for once.
const USUAL_HEADERS: usize = 12;

/// One attempt at one endpoint. `Debug` shows neither the path, which can hold ids, nor query, headers or body.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<'a> {
    pub(crate) operation: Operation,
    pub(crate) repeat: ReplaySafety,
    pub(crate) method: Method,
    pub(crate) path: Vec<&'a str>,
    pub(crate) query: Vec<(&'a str, &'a str)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) trace: Option<TraceParent>,
}

impl<'a> Call<'a> {
    /// A GET of a path, given by its segments.
    pub fn get(operation: Operation, repeat: ReplaySafety, path: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(operation, repeat, Method::GET, path)
    }

    /// A POST to a path, given by its segments: without body and content type until [`json`](Self::json) is called.
    /// `Content-Length: 0` is sent, because front ends answer 411 without it.
    pub fn post(operation: Operation, repeat: ReplaySafety, path: impl IntoIterator<Item = &'a str>) -> Self {
        let mut call = Self::new(operation, repeat, Method::POST, path);
        call.headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        call
    }

    /// A DELETE of what a path names, given by its segments.
    pub fn delete(
        operation: Operation,
        repeat: ReplaySafety,
        path: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::new(operation, repeat, Method::DELETE, path)
    }

    fn new(
        operation: Operation,
        repeat: ReplaySafety,
        method: Method,
        path: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            operation,
            repeat,
            method,
            path: path.into_iter().collect(),
            query: Vec::new(),
            headers: HeaderMap::with_capacity(USUAL_HEADERS),
            body: Vec::new(),
            deadline: None,
            trace: None,
        }
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
    pub fn json(mut self, value: &impl Serialize) -> Result<Self> {
        self.body = serde_json::to_vec(value)
            .map_err(|_| Error::new(ErrorKind::InvalidRequest, "the request cannot be written as JSON"))?;
        self.headers.remove(CONTENT_LENGTH);
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(self)
    }

    /// Sends a form: `application/x-www-form-urlencoded`.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let written = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body = written.into_bytes();
        self.headers.remove(CONTENT_LENGTH);
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        self
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
            .field("repeat", &self.repeat)
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
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
