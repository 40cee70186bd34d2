//! Requests of HTTP/1.1, each on a connection of its own: a process that is killed leaves no connection behind.

use std::io;

use ::http::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request that came.
pub(crate) struct Request {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Posts a body to this machine, and gives the status and the body of the answer.
pub(crate) async fn post(
    port: u16,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> io::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut request =
        format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n").into_bytes();
    for (name, value) in headers {
        if !["host", "connection", "content-length", "transfer-encoding"].contains(&name.as_str()) {
            request.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
    }
    request.extend(format!("content-length: {}\r\n\r\n", body.len()).into_bytes());
    request.extend(body);
    stream.write_all(&request).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    read(&answer).ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
}

/// The status and the body, where the answer is whole.
fn read(answer: &[u8]) -> Option<(u16, Vec<u8>)> {
    let (head, body) = split(answer)?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = length(&headers(head));
    length.is_none_or(|length| length == body.len()).then(|| (status, body.to_vec()))
}

/// The request of a connection; `None` where it ended before the request did.
pub(crate) async fn receive(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut all = Vec::new();
    while stream.read_buf(&mut all).await? > 0 {
        let Some((head, body)) = split(&all) else { continue };
        let headers = headers(head);
        if length(&headers) == Some(body.len()) {
            return Ok(Some(Request { headers, body: body.to_vec() }));
        }
    }
    Ok(None)
}

/// The head of a message, once it is whole, and what there is of its body.
fn split(message: &[u8]) -> Option<(&str, &[u8])> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((std::str::from_utf8(&message[..end]).ok()?, &message[end + 4..]))
}

fn headers(head: &str) -> HeaderMap {
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let read = |(name, value): (&str, &str)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value.trim()).ok()?))
    };
    lines.filter_map(read).collect()
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(::http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
