//! A scripted Stripe, written from its pages.

use std::sync::{Arc, Mutex};

use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    BuiltProvider, OptionValue, ProviderFactory, ProviderOptions, SessionRef, Timestamp, VerificationProvider,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const KEY: &str = "sk_live_canary0000000000000001";
pub(crate) const SECRET: &str = "whsec_vkstripe0004";
pub(crate) const OLD_SECRET: &str = "whsec_vkstripe_old";
pub(crate) const ID: &str = "vs_1SimA";
/// 2026-07-02T13:48:20Z, when the first event of the golden vectors was sent.
pub(crate) const NOW: i64 = 1_783_000_100;

pub(crate) fn built(options: Value) -> Result<BuiltProvider, Vec<String>> {
    let table: OptionValue = serde_json::from_value(options).unwrap();
    let options = ProviderOptions::new("providers.stripe", None, table);
    let secrets = StaticSecrets::new([("KEY", KEY), ("SECRET", SECRET), ("OLD", OLD_SECRET)]);
    let context = testing::context(Timestamp::from_unix_seconds(NOW), secrets);
    idv_stripe::StripeFactory
        .build(&"stripe".parse().unwrap(), &options, &context)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// The least options, and others.
pub(crate) fn options(base: &str, more: Value) -> Value {
    let mut options =
        json!({"base_url": base, "secret_key": {"env": "KEY"}, "webhook_secrets": [{"env": "SECRET"}]});
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

pub(crate) fn reference(id: &str) -> SessionRef {
    format!("stripe:{id}").parse().unwrap()
}

/// A session that requires input, with other members.
pub(crate) fn session(more: Value) -> Value {
    let mut session = json!({
        "id": ID, "object": "identity.verification_session", "client_reference_id": "case-7",
        "client_secret": "vs_1SimA_secret_canary", "created": 1_783_000_000, "last_error": null, "livemode": true,
        "redaction": null, "status": "requires_input", "type": "document", "url": "https://verify.stripe.com/start/canary",
    });
    session.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    session
}

/// A request that came.
#[derive(Clone)]
pub(crate) struct Seen {
    /// Method, path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The fields of the form, sorted.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let mut fields: Vec<_> = url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect();
        fields.sort();
        fields
    }
}

/// A Stripe that answers by method and target.
pub(crate) struct Stripe {
    server: MockServer,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Stripe {
    pub(crate) async fn start(answers: impl Fn(&str) -> ResponseTemplate + Send + Sync + 'static) -> Self {
        let server = MockServer::start().await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let respond = move |request: &Request| {
            let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
            let target = format!("{} {}{query}", request.method, request.url.path());
            let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
            let headers =
                request.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes())));
            let seen = Seen { target: target.clone(), headers: headers.collect(), body: text(&request.body) };
            log.lock().unwrap().push(seen);
            answers(&target)
        };
        Mock::given(any()).respond_with(respond).mount(&server).await;
        Self { server, seen }
    }

    /// One that gives the same session to every request.
    pub(crate) async fn with(answer: Value) -> Self {
        Self::start(move |_| ok(answer.clone())).await
    }

    pub(crate) fn provider(&self) -> Arc<dyn VerificationProvider> {
        self.provider_with(json!({}))
    }

    pub(crate) fn provider_with(&self, more: Value) -> Arc<dyn VerificationProvider> {
        built(options(&self.server.uri(), more)).unwrap().provider
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.target).collect()
    }
}

pub(crate) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(crate) fn refused(status: u16, error: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"error": error}))
}
