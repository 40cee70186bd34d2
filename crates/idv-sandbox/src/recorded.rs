//! The request recorder's view of a request.

use axum::http::request::Parts;

/// One request that a simulated vendor received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The method, such as `POST`.
    pub method: String,
    /// The path, percent-encoded as sent.
    pub path: String,
    /// The query without its question mark, percent-encoded as sent.
    pub query: Option<String>,
    /// The headers in the order received, names in lower case. Bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The body as sent; empty where it was larger than one mebibyte.
    pub body: Vec<u8>,
    /// The status answered; `None` while the vendor is processing, or when the client disconnected before the answer.
    pub status: Option<u16>,
    /// The name of the [fault](crate::FaultKind) that hit it.
    pub fault: Option<&'static str>,
}

impl RecordedRequest {
    pub(crate) fn new(parts: &Parts, body: &[u8]) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = parts.headers.iter();
        Self {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
            body: body.to_vec(),
            status: None,
            fault: None,
        }
    }

    /// The value of the first header of this name; the name is compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
