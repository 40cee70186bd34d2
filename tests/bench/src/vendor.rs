//! All vendors at once, with canned answers, in a process of their own: what they take is nobody's cost.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::calls::VERIFF_KEYS;
use crate::signed_by_hand::hmac_hex;
use crate::stripe_by_hand;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A path that begins with this is answered after [`SLOW`].
pub(crate) const SLOW_PREFIX: &str = "/slow";

/// How long a slow vendor takes.
const SLOW: Duration = Duration::from_secs(1);

/// The first argument of a process that is to play the vendors.
pub(crate) const COMMAND: &str = "vendors";

/// The process that plays the vendors. It ends with its owner.
#[derive(Debug)]
pub struct Vendors {
    child: Child,
    /// Where they are.
    pub base_url: String,
}

impl Vendors {
    /// Starts them.
    ///
    /// # Panics
    /// When they cannot be started.
    #[must_use]
    pub fn start() -> Self {
        let program = std::env::current_exe().expect("a program knows where it is");
        let mut command = Command::new(program);
        command.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the vendors start");
        let out = child.stdout.take().expect("their output is piped");
        let mut base_url = String::new();
        BufReader::new(out).read_line(&mut base_url).expect("they say where they are");
        Self { child, base_url: base_url.trim().to_owned() }
    }

    /// Where a vendor is that takes its time.
    pub(crate) fn slow_url(&self) -> String {
        format!("{}{SLOW_PREFIX}", self.base_url)
    }
}

impl Drop for Vendors {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Plays the vendors until standard input ends, which it does with the process that started this one.
pub(crate) fn play() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    std::thread::spawn(|| {
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        println!("http://{}", listener.local_addr().expect("its address"));
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("no delay");
            tokio::spawn(serve(stream));
        }
    });
}

async fn serve(mut stream: TcpStream) {
    let mut received = Vec::with_capacity(4096);
    loop {
        while let Some((length, slow, answer)) = request(&received) {
            received.drain(..length);
            if slow {
                tokio::time::sleep(SLOW).await;
            }
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
        match stream.read_buf(&mut received).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// The length of the request that was received whole, whether its vendor is slow, and the answer.
fn request(received: &[u8]) -> Option<(usize, bool, String)> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut parsed = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = parsed.parse(received).expect("a request") else { return None };
    let length = parsed.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok());
    let whole = head + length.unwrap_or(0usize);
    let (method, path) = (parsed.method.expect("a method"), parsed.path.expect("a path"));
    let (slow, path) = match path.strip_prefix(SLOW_PREFIX) {
        Some(path) => (true, path),
        None => (false, path),
    };
    (received.len() >= whole).then(|| (whole, slow, answer(method, path)))
}

fn answer(method: &str, target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let mut signature = String::new();
    let body = match (method, path) {
        ("GET", _) if path.ends_with("/decision") => {
            signature =
                format!("x-hmac-signature: {}\r\n", hmac_hex(VERIFF_KEYS[1], &[VERIFF_DECISION.as_bytes()]));
            VERIFF_DECISION
        }
        ("POST", "/resources/sdkIntegrations/levels/-/websdkLink") => SUMSUB_LINK,
        ("GET", _) if path.starts_with("/resources/applicants/") => SUMSUB_APPLICANT,
        ("POST", "/v1/organizations/verification") => NXOS_SESSION,
        ("GET", "/v1/organizations/verification") => NXOS_STATE,
        ("GET", "/v1/user/verification") | ("POST", "/v1/auth/register/verification") => BAANX_SESSION,
        ("GET", "/v1/user" | "/v1/auth/register") => BAANX_USER,
        ("POST", "/v1/sessions") => CREATED_SESSION,
        ("POST", "/veriff/v1/sessions") => VERIFF_SESSION,
        ("GET", _) if path.starts_with("/v1/sessions/") => SESSION_RECORD,
        (_, "/v1/identity/verification_sessions") => stripe_by_hand::ANSWER,
        ("GET", _) if path.starts_with("/v1/identity/verification_sessions/") => stripe_by_hand::ANSWER,
        _ => panic!("no vendor answers {method} {path}"),
    };
    format!(
        "HTTP/1.1 200 OK\r\ndate: Wed, 01 Jul 2026 09:12:44 GMT\r\ncontent-type: application/json\r\n\
         {signature}content-length: {}\r\nx-request-id: req_1f2e3d4c5b6a79880716253443526170\r\n\r\n{body}",
        body.len()
    )
}

const NXOS_SESSION: &str = r#"{"object":"verification_session","url":"https://in.sumsub.com/idensic/l/#/sbx_Q7kS1mTok","accessToken":"_act-sbx-jwt-9b1e4f60-6d0e-4a6c-9a3e-2f1f6f2f7f10-v2"}"#;

const NXOS_STATE: &str = r#"{"object":"organization_verification","status":"PENDING","type":"BUSINESS","updatedAt":"2026-07-01T09:12:44.000Z"}"#;

const BAANX_SESSION: &str = r#"{"sessionUrl":"https://magic.veriff.me/v/eyJhbGciOiJIUzI1NiJ9.eyJzZXNzaW9uX2lkIjoiNGQzYzJiMWEifQ.c2lnbmF0dXJl"}"#;

const BAANX_USER: &str = r#"{"id":"3f0a6f5e-7d55-4c1b-8a61-2b90c7d1e2aa","firstName":"Ada","lastName":"Sample","dateOfBirth":"1990-01-01","email":"ada@example.test","phoneNumber":"7000000001","phoneCountryCode":"+44","verificationState":"PENDING","addressLine1":"1 Sample Street","addressLine2":null,"city":"London","zip":"N1 1AA","countryOfResidence":"GB","countryOfNationality":"GB"}"#;

const CREATED_SESSION: &str = r#"{"id":"6b1d2f34-90ab-4cde-8f01-23456789abcd","session_url":"https://app.deepidv.com/s/6b1d2f34","externalId":"case-7781","links":[]}"#;

const SESSION_RECORD: &str = r#"{"session_record":{"id":"6b1d2f34-90ab-4cde-8f01-23456789abcd","organization_id":"org_sim","user_id":"usr_sim1","sender_user_id":"usr_sim2","external_id":"case-7781","status":"SUBMITTED","type":"verification","session_progress":"COMPLETED","created_at":"2026-07-01T09:00:00.000Z","updated_at":"2026-07-01T09:12:44.000Z","submitted_at":"2026-07-01T09:12:40.000Z"}}"#;

const SUMSUB_LINK: &str = r#"{"url":"https://in.sumsub.com/websdk/p/aB3dE5fG7hJ9kL1m"}"#;

const SUMSUB_APPLICANT: &str = r#"{"id":"66f0a1b2c3d4e5f601234567","createdAt":"2026-07-01 09:00:00","key":"SIMKEY","clientId":"simclient","inspectionId":"66f0a1b2c3d4e5f601234568","externalUserId":"case-7781","email":"ada@example.test","applicantPlatform":"API","requiredIdDocs":{"docSets":[{"idDocSetType":"IDENTITY","types":["PASSPORT","ID_CARD"]},{"idDocSetType":"SELFIE","types":["SELFIE"],"videoRequired":"passiveLiveness"}]},"review":{"reviewId":"rvA","attemptId":"atA","attemptCnt":1,"elapsedSincePendingMs":73000,"elapsedSinceQueuedMs":70000,"levelName":"basic-kyc","createDate":"2026-07-01 09:00:00+0000","reviewStatus":"pending","priority":0},"lang":"en","type":"individual"}"#;

const VERIFF_DECISION: &str = r#"{"status":"success","verification":{"id":"6b1d2f34-90ab-4cde-8f01-23456789abcd","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","vendorData":"case-7781","endUserId":null,"status":"declined","code":9102,"reason":"Suspected document tampering","reasonCode":102,"acceptanceTime":"2026-07-01T09:00:10.000Z","decisionTime":"2026-07-01T09:03:44.476108Z","person":{"firstName":null,"lastName":null,"dateOfBirth":null},"document":{"type":"PASSPORT","number":null,"country":"NG","validUntil":null},"riskLabels":[],"comments":[]},"technicalData":{"ip":"0.0.0.0"}}"#;

const VERIFF_SESSION: &str = r#"{"status":"success","verification":{"id":"6b1d2f34-90ab-4cde-8f01-23456789abcd","url":"https://sim.veriff.test/v/tok","vendorData":"case-7781","host":"https://sim.veriff.test","status":"created","sessionToken":"tok"}}"#;
