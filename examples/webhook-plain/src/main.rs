//! Webhooks without a framework: the headers and the raw body are all that the verification needs.
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::collections::HashSet;
use std::convert::Infallible;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use idv::{ProviderId, Registry, StartRequest, WebhookOutcome, WebhookRequest};
use idv_sandbox::{Act, Sandbox};
use tokio::net::TcpListener;

/// More than any vendor sends.
const LIMIT: usize = 1024 * 1024;

#[derive(Clone)]
struct Receiver {
    registry: Registry,
    seen: Arc<Mutex<HashSet<String>>>,
}

impl Receiver {
    async fn answer(self, request: Request<Incoming>) -> StatusCode {
        let (head, body) = request.into_parts();
        let provider = head.uri.path().strip_prefix("/webhooks/").map(str::parse::<ProviderId>);
        let (Some(Ok(provider)), Method::POST) = (provider, head.method) else {
            return StatusCode::NOT_FOUND;
        };
        let Ok(body) = Limited::new(body, LIMIT).collect().await else {
            return StatusCode::PAYLOAD_TOO_LARGE;
        };
        // The bytes as they came: JSON that was parsed and written again has another signature.
        let body = body.to_bytes();
        match self
            .registry
            .verify_webhook(&provider, &WebhookRequest::new(&head.headers, &body, SystemTime::now()))
        {
            Ok(WebhookOutcome::Event(event)) => {
                // A vendor that got no answer in time sends the same event again. Yours are in a database, with the event.
                let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
                if seen.insert(event.id.to_string()) {
                    println!(
                        "{:?} says {:?}; next: {}",
                        event.reference,
                        event.status(),
                        event.next_action.as_str()
                    );
                }
                StatusCode::OK
            }
            Ok(_) => StatusCode::OK,
            Err(error) => {
                println!("refused: {error}");
                error.webhook_response_status()
            }
        }
    }
}

async fn serve(listener: TcpListener, receiver: Receiver) {
    while let Ok((stream, _)) = listener.accept().await {
        let receiver = receiver.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let receiver = receiver.clone();
                async move {
                    let mut response = Response::new(Empty::<Bytes>::new());
                    *response.status_mut() = receiver.answer(request).await;
                    Ok::<_, Infallible>(response)
                }
            });
            // A vendor that hangs up is no error of ours.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let veriff = sandbox.veriff();
    let registry = Registry::from_toml_str(&format!(
        r#"
        active = "veriff"

        [providers.veriff]
        kind = "veriff"
        base_url = "{}"
        api_key = "{}"
        shared_secrets = ["{}"]
        "#,
        veriff.base_url(),
        veriff.api_key(),
        veriff.shared_secret(),
    ))?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhooks/veriff", listener.local_addr()?);
    tokio::spawn(serve(listener, Receiver { registry: registry.clone(), seen: Arc::default() }));

    let session = registry.start(&StartRequest::new("case-7")).await?;
    for act in [Act::Open, Act::Submit, Act::Approve] {
        veriff.act(session.reference.key(), &act)?;
    }
    let mut event = veriff.decision_webhook(session.reference.key())?;
    println!("the vendor delivers: {}", sandbox.deliver(&event, &url).await?);
    println!("and once more: {}", sandbox.deliver(&event, &url).await?);
    event.body.push(b' ');
    println!("a byte is added on the way: {}", sandbox.deliver(&event, &url).await?);
    Ok(())
}
