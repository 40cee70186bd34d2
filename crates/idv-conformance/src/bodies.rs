//! Malformed and error bodies that vendors and the proxies before them send.

use crate::Reply;

/// The size of a body that is larger than any adapter has to accept.
const TOO_LARGE: usize = (1 << 20) + 1;

/// Bodies of an error answer, by name. Some contain a verdict, which an error must not become.
pub(crate) fn of_errors(status: u16) -> Vec<(&'static str, Reply)> {
    let coded =
        r#"{"error":{"code":"conformance_code","message":"A sentence.","requestId":"req_conformance"}}"#;
    let bait = r#"{"code":7,"message":{"text":[]},"status":"APPROVED","verificationState":"VERIFIED"}"#;
    let mut bodies = useless(status);
    if status.is_multiple_of(100) {
        bodies.push(("too large", too_large(status)));
    }
    bodies.push(("code", Reply::bytes(status, "application/json", coded)));
    bodies.push(("sentence", Reply::bytes(status, "application/json", r#"{"error":"A sentence."}"#)));
    bodies.push(("verdict", Reply::bytes(status, "application/json", bait)));
    bodies
}

/// Bodies that no vendor documents as a success, by name.
pub(crate) fn useless(status: u16) -> Vec<(&'static str, Reply)> {
    let json = |body: &str| Reply::bytes(status, "application/json", body);
    vec![
        ("empty", json("")),
        ("empty object", json("{}")),
        ("null", json("null")),
        ("list", json("[]")),
        ("text", Reply::bytes(status, "text/plain", "Service restarting, please wait.")),
        ("html", Reply::bytes(status, "text/html", "<!doctype html><title>Bad gateway</title><p>approved")),
        ("cut json", json(r#"{"status":"APPROVED","verificationState":"VERIFI"#)),
        ("not utf-8", Reply::bytes(status, "application/json", b"{\"status\":\"\xff\xfe\"}".as_slice())),
        ("deep", json(&"[".repeat(10_000))),
    ]
}

/// A body that is larger than any adapter has to accept.
pub(crate) fn too_large(status: u16) -> Reply {
    Reply::bytes(status, "application/json", format!("{{{}}}", " ".repeat(TOO_LARGE)))
}

/// A body in gzip (RFC 1952) that is only wrapped and not compressed, which gzip allows.
pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut gzip = HEAD.to_vec();
    let mut blocks = body.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        gzip.push(u8::from(blocks.peek().is_none()));
        gzip.extend(length.to_le_bytes());
        gzip.extend((!length).to_le_bytes());
        gzip.extend(block);
    }
    gzip.extend(crc32(body).to_le_bytes());
    gzip.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
    gzip
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
