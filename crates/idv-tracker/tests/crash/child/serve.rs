//! An application's process: starts, webhooks, polls, deliveries, and a consumer.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path as InPath, State};
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use idv::Registry;
use idv::config::ConfigDocument;
use idv_tracker::{
    Delivery, StoreErrorKind, StoreOptions, TrackedStart, Tracker, TrackerError, TrackerOptions,
};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{log, stopped, tell};
use crate::settings::{Answer, Serving, SharedClock, Wanted};

/// How long an attempt to deliver may take. A lease is half a minute longer, which is what a kill delays a transition by.
const TIME_LIMIT: Duration = Duration::from_secs(1);

pub(super) async fn serve(database: &str, serving: &Serving, stop: watch::Receiver<bool>) {
    let tracker = open(database, serving).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let router = Router::new()
        .route("/start", post(start))
        .route("/webhooks/{provider}", post(webhook))
        .with_state(tracker.clone());
    tell(listener.local_addr().unwrap().port());
    let server = axum::serve(listener, router).with_graceful_shutdown(stopped(stop.clone()));
    let working = async { tokio::join!(server.into_future(), tracker.run(stopped(stop))) };
    tokio::select! {
        (served, ()) = working => served.unwrap(),
        () = log::keep(&tracker, &serving.consumer, &serving.log) => {}
    }
}

async fn open(database: &str, serving: &Serving) -> Tracker {
    let clock = Arc::new(SharedClock::of_file(&serving.clock));
    let document = ConfigDocument::from_toml_str(&serving.configuration).unwrap();
    let registry = Registry::builder().clock(Arc::clone(&clock) as _).build(&document).unwrap();
    let mut store = StoreOptions::new(database);
    store.patience = Duration::from_secs(1);
    let (url, secret) = &serving.deliver_to;
    let delivery = Delivery::new(url, &[secret.as_str().into()]).unwrap().time_limit(TIME_LIMIT);
    loop {
        let builder = Tracker::builder(registry.clone(), store.clone()).options(options());
        let builder = builder.clock(Arc::clone(&clock) as _).delivery(delivery.clone());
        match builder.open().await {
            // A busy machine may take longer than a process is patient.
            Err(error) if error.kind() == StoreErrorKind::Unavailable => {}
            tracker => return tracker.unwrap(),
        }
    }
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
