//! A scripted Onfido, written from its pages.

use std::sync::{Arc, Mutex};

use idv_core::testing::{self, StaticSecrets};
use idv_core::{
    BuiltProvider, OptionValue, ProviderFactory, ProviderOptions, SessionRef, StartRequest, Timestamp,
    VerificationProvider,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const TOKEN: &str = "api_live.canary000000000000000001";
pub(crate) const SECRET: &str = "sim-onfido-token";
pub(crate) const NEXT_SECRET: &str = "sim-onfido-token-2";
pub(crate) const RUN: &str = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
pub(crate) const APPLICANT: &str = "1b2c3d4e-0000-4000-8000-000000000001";
/// 2026-07-01T09:00:00Z.
pub(crate) const NOW: i64 = 1_782_896_400;

pub(crate) fn built(options: Value) -> Result<BuiltProvider, Vec<String>> {
    let table: OptionValue = serde_json::from_value(options).unwrap();
    let options = ProviderOptions::new("providers.onfido", None, table);
    let secrets = StaticSecrets::new([("TOKEN", TOKEN), ("SECRET", SECRET), ("NEXT", NEXT_SECRET)]);
    let context = testing::context(Timestamp::from_unix_seconds(NOW), secrets);
    idv_onfido::OnfidoFactory
        .build(&"onfido".parse().unwrap(), &options, &context)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// The least options, and others. An option that is `null` is left out.
pub(crate) fn options(base: &str, more: Value) -> Value {
    let mut options = json!({
        "base_url": format!("{base}/v3.6"), "api_token": {"env": "TOKEN"}, "workflow_id": "workflow-7",
        "webhook_secrets": [{"env": "SECRET"}],
    });
    let table = options.as_object_mut().unwrap();
    table.extend(more.as_object().unwrap().clone());
    table.retain(|_, value| !value.is_null());
    options
}

pub(crate) fn reference(id: &str) -> SessionRef {
    format!("onfido:{id}").parse().unwrap()
}

/// A start with what is needed.
pub(crate) fn ada() -> StartRequest {
    StartRequest::new("case-7").first_name("Ada").last_name("Lovelace")
}

/// A run that waits for the applicant, with other members.
pub(crate) fn run(more: Value) -> Value {
    let mut run = json!({
        "id": RUN, "applicant_id": APPLICANT, "workflow_id": "workflow-7", "workflow_version_id": 7,
        "status": "awaiting_input", "dashboard_url": "https://dashboard.onfido.com/results/canary",
        "output": {}, "reasons": [], "error": null, "sdk_token": "eyJcanary", "customer_user_id": "case-7",
        "tags": ["case-7"], "link": {"url": "https://eu.onfido.app/l/canary", "completed_redirect_url": null,
            "expired_redirect_url": null, "expires_at": null, "language": null},
        "created_at": "2026-07-01T09:00:00Z", "updated_at": "2026-07-01T09:05:00Z",
    });
    run.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    run
}

/// The applicant that was made.
pub(crate) fn applicant() -> Value {
    json!({"id": APPLICANT, "first_name": "Ada", "last_name": "Lovelace", "delete_at": null, "sandbox": false})
}

/// A request that came.
#[derive(Clone)]
pub(crate) struct Seen {
    /// Method, path and query.
    pub(crate) target: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: Value,
}

/// An Onfido that answers by method and target.
pub(crate) struct Onfido {
    server: MockServer,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Onfido {
    pub(crate) async fn start(answers: impl Fn(&str) -> ResponseTemplate + Send + Sync + 'static) -> Self {
        let server = MockServer::start().await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let respond = move |request: &Request| {
            let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
            let target = format!("{} {}{query}", request.method, request.url.path());
            let authorization = request.headers.get("authorization");
            log.lock().unwrap().push(Seen {
                target: target.clone(),
                authorization: authorization.map(|value| value.to_str().unwrap().to_owned()),
                body: serde_json::from_slice(&request.body).unwrap_or_default(),
            });
            answers(&target)
        };
        Mock::given(any()).respond_with(respond).mount(&server).await;
        Self { server, seen }
    }

    /// One that makes every applicant, and gives the same answer to every other request.
    pub(crate) async fn with(answer: ResponseTemplate) -> Self {
        Self::start(move |target| match target {
            "POST /v3.6/applicants" => ResponseTemplate::new(201).set_body_json(applicant()),
            _ => answer.clone(),
        })
        .await
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

pub(crate) fn refused(status: u16, kind: &str) -> ResponseTemplate {
    let error = json!({"type": kind, "message": "canary", "fields": {"first_name": ["canary"]}});
    ResponseTemplate::new(status).set_body_json(json!({"error": error}))
}
