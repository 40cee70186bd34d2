//! The state of a verification as server-sent events.

use std::convert::Infallible;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::Stream;
use futures_util::stream::unfold;
use idv_tracker::VerificationId;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::app::App;
use crate::owned::Owned;
use crate::stop;
use crate::wording::{Step, View};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/verifications/{id}/events", get(events))
}

/// The part of the page that changes.
#[derive(Template)]
#[template(path = "state.html")]
struct Fragment {
    view: View,
}

struct Watching {
    app: App,
    id: VerificationId,
    news: Receiver<VerificationId>,
    is_first: bool,
}

/// The state at once, and after each change. The stream ends with the application, and the browser connects again by itself.
async fn events(State(app): State<App>, owned: Owned) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // Subscribed before the state is read, so that no change falls between.
    let news = app.news.subscribe();
    let watching = Watching { id: owned.verification.id, news, is_first: true, app };
    let stream = unfold(watching, async |mut watching| {
        let stop = stop::requested(watching.app.stop.clone());
        let event = tokio::select! {
            event = watching.next() => event,
            () = stop => None,
        };
        event.map(|event| (Ok(event), watching))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

impl Watching {
    async fn next(&mut self) -> Option<Event> {
        while !std::mem::take(&mut self.is_first) {
            match self.news.recv().await {
                Ok(id) if id == self.id => break,
                Ok(_) => {}
                // So much has changed that some of it was dropped: look.
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return None,
            }
        }
        self.event().await
    }

    async fn event(&self) -> Option<Event> {
        let verification = self.app.tracker.get(self.id).await.ok()??;
        let view = crate::status::view(&self.app, &verification).ok()?;
        let version = view.version.to_string();
        Some(Event::default().event("state").id(version).data(Fragment { view }.render().ok()?))
    }
}
