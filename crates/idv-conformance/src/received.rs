//! The requests that the mock vendor receives.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// Largest request that is read, in bytes.
const LIMIT: usize = 1 << 20;

/// One request that the mock vendor received.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// The method, in capitals.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query, without the `?`, still percent-encoded.
    pub query: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// The first value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The segments of the path, still percent-encoded: `["cases", "7"]` of `/cases/7`.
    #[must_use]
    pub fn segments(&self) -> Vec<&str> {
        self.path.split('/').skip(1).collect()
    }

    /// The request without the parts that differ from one connection to another.
    pub(crate) fn essence(&self) -> Self {
        let mut essence = self.clone();
        essence.headers.retain(|(name, _)| name != "host");
        essence.headers.sort();
        essence
    }

    /// Method and path: the same for every request to one endpoint about one session.
    pub(crate) fn endpoint(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The whole request as one text, for searches.
    pub(crate) fn text(&self) -> String {
        let headers: Vec<String> =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let body = String::from_utf8_lossy(&self.body);
        format!("{} {}?{}\n{}\n\n{body}", self.method, self.path, self.query, headers.join("\n"))
    }
}

/// The reader of a key in the request of a start.
pub type NaturalKey = fn(&Received) -> Option<String>;

/// The signer of an answer: the headers that a vendor sends with this body to this request.
pub type ReplySigner = fn(&Received, &[u8]) -> Vec<(&'static str, String)>;

/// Reads one request from a connection; `None` where it is no request of HTTP/1.1.
pub(crate) async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(head) = request.parse(&bytes).ok()? {
            let received = received(&request)?;
            let length = received.header("content-length").map_or(Some(0), |text| text.parse().ok())?;
            return body(stream, bytes.split_off(head), length, received).await;
        }
        if bytes.len() > LIMIT || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn received(request: &httparse::Request<'_, '_>) -> Option<Received> {
    // A proxy is sent the whole URL (RFC 9112, section 3.2.2).
    let target = request.path?;
    let target =
        target.strip_prefix("http://").and_then(|rest| Some(&rest[rest.find('/')?..])).unwrap_or(target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |header: &httparse::Header<'_>| {
        (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
    };
    Some(Received {
        method: request.method?.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: request.headers.iter().map(header).collect(),
        body: Vec::new(),
    })
}

async fn body(
    stream: &mut TcpStream,
    mut bytes: Vec<u8>,
    length: usize,
    received: Received,
) -> Option<Received> {
    while bytes.len() < length {
        if bytes.len() > LIMIT || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    bytes.truncate(length);
    Some(Received { body: bytes, ..received })
}
