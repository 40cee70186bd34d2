//! Bodies that vendors and the proxies before them send on a bad day.

use crate::Reply;

/// Larger than any adapter has to accept.
const TOO_LARGE: usize = (1 << 20) + 1;

/// Bodies of an error answer, by name. Some name a verdict, which is nobody's business in an error.
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
