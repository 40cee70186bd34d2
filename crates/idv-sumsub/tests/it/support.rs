//! A scripted Sumsub, written from its pages: it verifies each signature with `hmac` and `sha2`.

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

pub(crate) const TOKEN: &str = "prd:canary-app-token";
pub(crate) const SECRET: &str = "vk-sumsub-secret-01";
pub(crate) const WEBHOOK: &str = "vk-sumsub-webhook-02";
pub(crate) const APPLICANT: &str = "66f0a1b2c3d4e5f601234567";
pub(crate) const NOW: i64 = 1_783_000_000;

pub(crate) fn built(options: Value) -> Result<BuiltProvider, Vec<String>> {
    let table: OptionValue = serde_json::from_value(options).unwrap();
    let options = ProviderOptions::new("providers.direct", None, table);
    let secrets = StaticSecrets::new([("TOKEN", TOKEN), ("SECRET", SECRET), ("WEBHOOK", WEBHOOK)]);
    let context = testing::context(Timestamp::from_unix_seconds(NOW), secrets);
    idv_sumsub::SumsubFactory
        .build(&"direct".parse().unwrap(), &options, &context)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

pub(crate) fn options(base: &str) -> Value {
    json!({
        "base_url": base, "app_token": {"env": "TOKEN"}, "secret_key": {"env": "SECRET"}, "level": "basic-kyc",
        "webhook_secrets": [{"env": "WEBHOOK"}],
    })
}

/// What the server received: the method with the target as it was sent, and the body.
pub(crate) type Seen = (String, Value);

/// A Sumsub that answers by method and target, and refuses what is not signed as its pages say.
pub(crate) struct Sumsub {
    server: MockServer,
    pub(crate) seen: Arc<Mutex<Vec<Seen>>>,
}

impl Sumsub {
    pub(crate) async fn start(answers: impl Fn(&str) -> (u16, Value) + Send + Sync + 'static) -> Self {
        let server = MockServer::start().await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let respond = move |request: &Request| {
            let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
            let target = format!("{}{query}", request.url.path());
            let asked = format!("{} {target}", request.method);
            log.lock()
                .unwrap()
                .push((asked.clone(), serde_json::from_slice(&request.body).unwrap_or(Value::Null)));
            let (status, body) = match is_signed(request, &target) {
                true => answers(&asked),
                false => (
                    401,
                    json!({
                        "description": "Request signature mismatch", "code": 401, "correlationId": "c-1", "errorCode": 4003,
                        "errorName": "app-token-signature mismatch",
                    }),
                ),
            };
            ResponseTemplate::new(status).set_body_json(body)
        };
        Mock::given(any()).respond_with(respond).mount(&server).await;
        Self { server, seen }
    }

    pub(crate) fn provider(&self) -> Arc<dyn VerificationProvider> {
        self.with(json!({}))
    }

    pub(crate) fn with(&self, more: Value) -> Arc<dyn VerificationProvider> {
        let mut options = options(&self.server.uri());
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        built(options).unwrap().provider
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|(target, _)| target.clone()).collect()
    }
}

/// Seconds, method, target and body, without anything between them (docs.sumsub.com, "Authentication").
fn is_signed(request: &Request, target: &str) -> bool {
    let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let Some(time) = header("x-app-access-ts") else { return false };
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    for part in [time.as_bytes(), request.method.as_str().as_bytes(), target.as_bytes(), &request.body] {
        mac.update(part);
    }
    let right: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    header("x-app-token").as_deref() == Some(TOKEN)
        && header("x-app-access-sig") == Some(right)
        && time.parse::<i64>().is_ok_and(|time| time.abs_diff(NOW) <= 60)
}
