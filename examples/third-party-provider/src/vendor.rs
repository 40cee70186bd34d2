//! Lumen, a vendor that does not exist, on loopback.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The words of a case, one for each look at it.
const WORDS: [&str; 3] = ["OPEN", "AT_THE_NOTARY", "GOOD"];

type Looks = State<Arc<AtomicUsize>>;

/// Starts it, and gives its address.
pub(crate) async fn start() -> io::Result<String> {
    let routes = Router::new().route("/cases", post(open)).route("/cases/{id}", get(look));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(axum::serve(listener, routes.with_state(Arc::default())).into_future());
    Ok(format!("http://{address}"))
}

fn has_key(headers: &HeaderMap) -> bool {
    headers.get("x-lumen-key").is_some_and(|key| key == "lumen-key")
}

async fn open(headers: HeaderMap, Json(request): Json<Value>) -> Result<Json<Value>, StatusCode> {
    if !has_key(&headers) || !request["surname"].is_string() {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Json(json!({ "case": "c-1", "page": "https://lumen.example/c-1" })))
}

async fn look(
    State(looks): Looks,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, StatusCode> {
    match (has_key(&headers), id.as_str()) {
        (false, _) => Err(StatusCode::UNAUTHORIZED),
        (true, "c-1") => {
            let look = looks.fetch_add(1, Ordering::Relaxed);
            Ok(Json(json!({ "case": id, "word": WORDS[look.min(WORDS.len() - 1)] })))
        }
        (true, _) => Err(StatusCode::NOT_FOUND),
    }
}
