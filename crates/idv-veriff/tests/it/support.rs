//! A scripted Veriff, written from its pages: it verifies each signature and signs each answer with `hmac` and `sha2`.

use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    BuiltProvider, OptionValue, ProviderFactory, ProviderOptions, Timestamp, VerificationProvider,
};
use serde_json::{Value, json};
use sha2::Sha256;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const KEY: &str = "canary-veriff-api-key";
pub(crate) const SECRET: &str = "vk-veriff-shared-03";
pub(crate) const OLD_SECRET: &str = "vk-veriff-shared-02";
pub(crate) const ID: &str = "8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10";
/// 2026-07-01T09:00:00Z.
pub(crate) const NOW: i64 = 1_782_896_400;

/// Lower-case hex of HMAC-SHA256 (devdocs.veriff.com, "HMAC authentication").
pub(crate) fn sign(secret: &str, text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn built(options: Value) -> Result<BuiltProvider, Vec<String>> {
    let table: OptionValue = serde_json::from_value(options).unwrap();
    let options = ProviderOptions::new("providers.people", None, table);
    let secrets = StaticSecrets::new([("KEY", KEY), ("SECRET", SECRET), ("OLD", OLD_SECRET)]);
    let context = testing::context(Timestamp::from_unix_seconds(NOW), secrets);
    idv_veriff::VeriffFactory
        .build(&"people".parse().unwrap(), &options, &context)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

pub(crate) fn options(base: &str) -> Value {
    json!({"base_url": base, "api_key": {"env": "KEY"}, "shared_secrets": [{"env": "SECRET"}, {"env": "OLD"}]})
}

pub(crate) fn provider(base: &str) -> Arc<dyn VerificationProvider> {
    built(options(base)).unwrap().provider
}

/// One answer of the scripted Veriff.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// The secret that it is signed under; `None` for no signature.
    pub(crate) secret: Option<&'static str>,
}

impl Answer {
    pub(crate) fn ok(body: Value) -> Self {
        Self { status: 200, body: body.to_string(), secret: Some(SECRET) }
    }
}

/// A Veriff that answers by method and path, and refuses what is not signed as its pages say.
pub(crate) struct Veriff {
    server: MockServer,
    pub(crate) seen: Arc<Mutex<Vec<(String, String, Value)>>>,
}

impl Veriff {
    pub(crate) async fn start(answers: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let server = MockServer::start().await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let respond = move |request: &Request| {
            let path = request.url.path().to_owned();
            let target = format!("{} {path}", request.method);
            let body = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
            log.lock().unwrap().push((target.clone(), header(request, "x-hmac-signature"), body));
            // The body of a POST; of everything else the id, which is the third part of the path.
            let signed = match request.method.as_str() {
                "POST" => request.body.clone(),
                _ => path.split('/').nth(3).unwrap_or_default().as_bytes().to_vec(),
            };
            let answer = match header(request, "x-auth-client") == KEY
                && header(request, "x-hmac-signature") == sign(SECRET, &signed)
            {
                true => answers(&target),
                false => Answer {
                    status: 401,
                    body: json!({"status": "fail", "code": "1818", "message": "signature"}).to_string(),
                    secret: None,
                },
            };
            let template =
                ResponseTemplate::new(answer.status).set_body_raw(answer.body.clone(), "application/json");
            match answer.secret {
                Some(secret) => template
                    .insert_header("x-auth-client", KEY)
                    .insert_header("x-hmac-signature", sign(secret, answer.body.as_bytes())),
                None => template,
            }
        };
        Mock::given(any()).respond_with(respond).mount(&server).await;
        Self { server, seen }
    }

    pub(crate) fn provider(&self) -> Arc<dyn VerificationProvider> {
        provider(&self.server.uri())
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|(target, ..)| target.clone()).collect()
    }
}

fn header(request: &Request, name: &str) -> String {
    request.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}
