//! An application's process: starts, webhooks, polls, and a consumer.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path as InPath, State};
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use idv::Registry;
use idv::config::ConfigDocument;
use idv_tracker::{StoreOptions, TrackedStart, Tracker, TrackerError, TrackerOptions};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{log, stopped, tell};
use crate::settings::{Ahead, Answer, Wanted};

pub(super) async fn serve(
    database: &str,
    configuration: &str,
    log: &Path,
    ahead: Duration,
    stop: watch::Receiver<bool>,
) {
    let tracker = open(database, configuration, ahead).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let router = Router::new()
        .route("/start", post(start))
        .route("/webhooks/{provider}", post(webhook))
        .with_state(tracker.clone());
    tell(listener.local_addr().unwrap().port());
    let serving = axum::serve(listener, router).with_graceful_shutdown(stopped(stop.clone()));
    let working = async { tokio::join!(serving.into_future(), tracker.run(stopped(stop))) };
    tokio::select! {
        (served, ()) = working => served.unwrap(),
        () = log::keep(&tracker, log) => {}
    }
}

async fn open(database: &str, configuration: &str, ahead: Duration) -> Tracker {
    let document = ConfigDocument::from_toml_str(configuration).unwrap();
    let registry = Registry::builder().clock(Arc::new(Ahead(ahead))).build(&document).unwrap();
    let mut store = StoreOptions::new(database);
    store.patience = Duration::from_secs(1);
    Tracker::builder(registry, store).options(options()).clock(Arc::new(Ahead(ahead))).open().await.unwrap()
}

/// Leases that are over soon, and polls that are never far away.
fn options() -> TrackerOptions {
    let mut options = TrackerOptions::default();
    options.start_lease = Duration::from_secs(10);
    options.lease = Duration::from_secs(10);
    options.cadence.longest_backoff = Duration::from_secs(2);
    options
}

async fn start(State(tracker): State<Tracker>, Json(wanted): Json<Wanted>) -> Json<Answer> {
    let start = TrackedStart::new(wanted.request()).at(wanted.provider.parse().unwrap());
    Json(match tracker.start(start).await {
        Ok(started) => match started.verification.session {
            Some(session) => Answer::Session(session.to_string()),
            None => Answer::Failed("a start without a session".to_owned()),
        },
        Err(TrackerError::Uncertain { .. }) => Answer::Uncertain,
        Err(error) => Answer::Failed(error.to_string()),
    })
}

async fn webhook(
    State(tracker): State<Tracker>,
    InPath(provider): InPath<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    tracker.webhook_response(&provider.parse().unwrap(), &headers, &body).await
}
