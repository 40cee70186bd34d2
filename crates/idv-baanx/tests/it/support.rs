//! What the tests share: both flows behind one name, a vendor that says what it is told, and signatures.

use std::sync::Arc;

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use idv_baanx::{BaanxRegistrationFactory, BaanxUserFactory};
use idv_core::testing::{StaticSecrets, context};
use idv_core::{
    CheckRequest, ConfigProblem, Input, OptionValue, ProviderFactory, ProviderOptions, RefreshRequest,
    SessionRef, StartRequest, Timestamp, VerificationProvider,
};
use serde_json::{Value, json};
use sha2::Sha256;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// 2026-01-01T00:00:00Z, where the clock stands.
pub(crate) const NOW: i64 = 1_767_225_600;
pub(crate) const CLIENT_KEY: &str = "client-key-canary";
pub(crate) const TOKEN: &str = "US_token-canary";
/// With characters that mean something in a query.
pub(crate) const ONBOARDING: &str = "US_onboarding-canary&x=1#+%2F";
pub(crate) const WEBHOOK_KEY: &str = "whk_canary";

/// What an answer of either start may look like.
pub(crate) const SESSION: &str = r#"{"sessionUrl":"https://magic.veriff.example/v/link-canary","new":1}"#;

pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(NOW)
}

/// One of the two flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    User,
    Registration,
}

impl Flow {
    pub(crate) const BOTH: [Self; 2] = [Self::User, Self::Registration];

    pub(crate) fn factory(self) -> &'static dyn ProviderFactory {
        match self {
            Self::User => &BaanxUserFactory,
            Self::Registration => &BaanxRegistrationFactory,
        }
    }

    /// The instance's name.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::User => "cards",
            Self::Registration => "signup",
        }
    }

    pub(crate) fn credential(self) -> Input {
        match self {
            Self::User => Input::USER_TOKEN,
            Self::Registration => Input::ONBOARDING_ID,
        }
    }

    pub(crate) fn reference(self) -> SessionRef {
        format!("{}:case-7", self.id()).parse().unwrap()
    }

    /// Built at a time that stands still.
    pub(crate) fn build(self, options: &Value) -> Result<Arc<dyn VerificationProvider>, Vec<ConfigProblem>> {
        let table: OptionValue = serde_json::from_value(options.clone()).unwrap();
        let options = ProviderOptions::new(format!("providers.{}", self.id()), None, table);
        let secrets = StaticSecrets::new([("CLIENT_KEY", CLIENT_KEY), ("WEBHOOK_KEY", WEBHOOK_KEY)]);
        self.factory()
            .build(&self.id().parse().unwrap(), &options, &context(now(), secrets))
            .map(|built| built.provider)
    }

    pub(crate) fn at(self, base_url: &str) -> Arc<dyn VerificationProvider> {
        self.build(&options(base_url)).unwrap()
    }

    /// The same, in the US environment.
    pub(crate) fn in_the_us(self, base_url: &str) -> Arc<dyn VerificationProvider> {
        let mut options = options(base_url);
        options["region"] = json!("us");
        self.build(&options).unwrap()
    }

    /// An instance that nobody will ask over HTTP.
    pub(crate) fn offline(self) -> Arc<dyn VerificationProvider> {
        self.at("http://127.0.0.1:9")
    }
}

pub(crate) fn options(base_url: &str) -> Value {
    json!({
        "base_url": base_url,
        "client_key": {"env": "CLIENT_KEY"},
        "webhook_secrets": [{"env": "WEBHOOK_KEY"}],
    })
}

/// With both credentials, as an application sends it that does not know which vendor will get it.
pub(crate) fn start() -> StartRequest {
    StartRequest::new("case-7").user_token(TOKEN).onboarding_id(ONBOARDING)
}

pub(crate) fn refresh(flow: Flow) -> RefreshRequest {
    RefreshRequest::new(flow.reference()).user_token(TOKEN).onboarding_id(ONBOARDING)
}

pub(crate) fn check(flow: Flow) -> CheckRequest {
    CheckRequest::new(flow.reference()).user_token(TOKEN).onboarding_id(ONBOARDING)
}

/// A vendor that gives one answer to everything.
pub(crate) struct Vendor(MockServer);

impl Vendor {
    pub(crate) async fn answering(answer: ResponseTemplate) -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        Self(server)
    }

    pub(crate) async fn json(status: u16, body: &str) -> Self {
        Self::answering(ResponseTemplate::new(status).set_body_raw(body, "application/json")).await
    }

    pub(crate) fn url(&self) -> String {
        self.0.uri()
    }

    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.0.received_requests().await.unwrap()
    }

    /// The one request that came.
    pub(crate) async fn request(&self) -> Request {
        let mut requests = self.requests().await;
        assert_eq!(requests.len(), 1, "exactly one attempt");
        requests.remove(0)
    }
}

/// `Some(value)` of a header that is there exactly once.
pub(crate) fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let values: Vec<_> = request.headers.get_all(name).iter().collect();
    assert!(values.len() < 2, "{name} is repeated");
    values.first().map(|value| value.to_str().unwrap())
}

/// Lower-case hex of HMAC-SHA256 of `timestamp.body`.
pub(crate) fn signature(key: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// No secret of these tests is in a text.
#[track_caller]
pub(crate) fn assert_no_secret(text: &str) {
    assert!(!text.contains("canary"), "{text}");
}
