//! One request of HTTP/1.1 on a connection of its own: a process that is killed leaves no connection behind.

use std::io;

use ::http::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

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
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let body = answer[end + 4..].to_vec();
    length.is_none_or(|length| length == body.len()).then_some((status, body))
}
