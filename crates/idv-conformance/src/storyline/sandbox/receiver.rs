//! Receives the webhooks of the simulated vendors, over HTTP as an application does.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::storyline::Webhook;

type Arrived = Arc<Mutex<Vec<Webhook>>>;

/// A server on loopback that keeps what arrives and answers 204. Dropping it stops it.
#[derive(Debug)]
pub(super) struct Receiver {
    port: u16,
    arrived: Arrived,
    server: JoinHandle<()>,
}

impl Receiver {
    pub(super) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let arrived = Arrived::default();
        let router = Router::new().route("/", post(keep)).with_state(Arc::clone(&arrived));
        let server = tokio::spawn(async move {
            // The server ends with its task; nobody waits for its result.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { port, arrived, server })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The webhooks that arrived since the last call.
    pub(super) fn take(&self) -> Vec<Webhook> {
        std::mem::take(&mut self.arrived.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn keep(State(arrived): State<Arrived>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let webhook = Webhook { headers, body: body.to_vec() };
    arrived.lock().unwrap_or_else(PoisonError::into_inner).push(webhook);
    StatusCode::NO_CONTENT
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}
