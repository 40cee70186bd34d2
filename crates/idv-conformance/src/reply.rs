//! The answers of the mock vendor, well-behaved or not.

use std::time::Duration;

use http::{HeaderName, StatusCode};
use serde_json::Value;

use crate::json;

/// One answer of the mock vendor.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) manner: Manner,
}

/// The manner in which an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Whole.
    Whole,
    /// The connection closes in place of an answer.
    Lost,
    /// The connection closes within the head.
    CutHead,
    /// The connection closes after half of the body that the head announced.
    CutBody,
    /// Nothing comes, and the connection stays open.
    Silent,
    /// Whole, after this time.
    After(Duration),
}

impl Reply {
    /// An answer in JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::bytes(status, "application/json", body.to_string())
    }

    /// An answer of any content.
    #[must_use]
    pub fn bytes(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into(), manner: Manner::Whole }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The answer with another value in place of a text, where its body is JSON.
    pub(crate) fn with_other(mut self, text: &str, value: &Value) -> Self {
        if let Ok(body) = serde_json::from_slice(&self.body) {
            self.body = json::replace(&body, text, value).to_string().into_bytes();
        }
        self
    }

    pub(crate) fn in_manner(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    /// The bytes that go over the wire; `None` for an answer that never comes.
    pub(crate) fn wire(&self) -> Option<Vec<u8>> {
        match self.manner {
            Manner::Silent => return None,
            Manner::Lost => return Some(Vec::new()),
            Manner::CutHead => return Some(format!("HTTP/1.1 {} ", self.status).into_bytes()),
            Manner::Whole | Manner::CutBody | Manner::After(_) => {}
        }
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        let mut wire = format!("HTTP/1.1 {} {}\r\n", self.status, reason.unwrap_or("Unknown")).into_bytes();
        for (name, value) in &self.headers {
            // A header that HTTP does not allow would break the stand-in, not the adapter.
            if HeaderName::try_from(name.as_str()).is_ok() && !value.contains(['\r', '\n']) {
                wire.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
            }
        }
        let length = match self.manner {
            Manner::CutBody => self.body.len().max(2),
            _ => self.body.len(),
        };
        if self.status != 204 && self.status != 304 {
            wire.extend_from_slice(format!("content-length: {length}\r\n").as_bytes());
        }
        wire.extend_from_slice(b"connection: close\r\n\r\n");
        match self.manner {
            Manner::CutBody => wire.extend_from_slice(&self.body[..self.body.len() / 2]),
            _ => wire.extend_from_slice(&self.body),
        }
        Some(wire)
    }
}
