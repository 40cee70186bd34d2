//! The application's own endpoint: keeps what it was sent, and answers as a test wants.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use idv_tracker::{Delivery, Transition};
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::sync::watch;

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(crate) const OLD_SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
pub(crate) const TOKEN: &str = "token-in-the-query";

/// A message that came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) query: String,
}

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;
type Rule = Arc<dyn Fn(&Received) -> Answer + Send + Sync>;

struct Kept {
    messages: watch::Sender<Vec<Received>>,
    rule: Mutex<Rule>,
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    kept: Arc<Kept>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let rule: Rule = Arc::new(|_| status(204));
        let kept = Arc::new(Kept { messages: watch::Sender::new(Vec::new()), rule: Mutex::new(rule) });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?auth={TOKEN}", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(Arc::clone(&kept));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, kept }
    }

    /// From now on, every message is answered by this rule.
    pub(crate) fn answer(&self, rule: impl Fn(&Received) -> Answer + Send + Sync + 'static) {
        *self.kept.rule.lock().unwrap() = Arc::new(rule);
    }

    pub(crate) fn delivery(&self) -> Delivery {
        Delivery::new(&self.url, &[SECRET.into()]).unwrap()
    }

    /// All that came, in the order in which it came.
    pub(crate) fn messages(&self) -> Vec<Received> {
        self.kept.messages.borrow().clone()
    }

    /// The messages that came since the last call.
    pub(crate) fn take(&self) -> Vec<Received> {
        self.kept.messages.send_replace(Vec::new())
    }

    /// Waits for this many messages.
    pub(crate) async fn wait_for(&self, count: usize) {
        let mut messages = self.kept.messages.subscribe();
        messages.wait_for(|messages| messages.len() >= count).await.unwrap();
    }
}

async fn take(State(kept): State<Arc<Kept>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let received = Received { headers, body, query: uri.query().unwrap_or_default().to_owned() };
    // A test that waits for a message may change the rule for the next ones.
    let answer = Arc::clone(&*kept.rule.lock().unwrap())(&received);
    kept.messages.send_modify(|messages| messages.push(received));
    answer.await
}

/// Answers with a status.
pub(crate) fn status(code: u16) -> Answer {
    answer(StatusCode::from_u16(code).unwrap().into_response())
}

/// Answers with a status and a header.
pub(crate) fn with_header(code: u16, name: &'static str, value: &'static str) -> Answer {
    answer((StatusCode::from_u16(code).unwrap(), [(name, value)]).into_response())
}

/// Answers with a head, and a body that never ends.
pub(crate) fn endless() -> Answer {
    let chunks =
        futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 1024])));
    answer(Response::new(Body::from_stream(chunks)))
}

/// Never answers.
pub(crate) fn silence() -> Answer {
    Box::pin(std::future::pending())
}

fn answer(response: Response) -> Answer {
    Box::pin(std::future::ready(response))
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn transition(&self) -> Transition {
        serde_json::from_value(self.json()["data"].clone()).unwrap()
    }

    /// The reference and the version of the transition.
    pub(crate) fn told(&self) -> (String, i64) {
        let transition = self.transition();
        (transition.reference, transition.version)
    }

    /// Whether the signature for a secret is among the signatures, whatever the time is.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let timestamp = self.header("webhook-timestamp").parse().unwrap();
        let expected = Webhook::new(secret).unwrap().sign(self.id(), timestamp, &self.body).unwrap();
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}
