//! Reads transitions, for the pages that are open.

use std::time::Duration;

use idv_tracker::StoreError;

use crate::app::App;
use crate::stop;

/// How long to wait for a database that is away.
const PAUSE: Duration = Duration::from_secs(1);

/// Reads transitions from the database as long as the application runs. On PostgreSQL those of all processes arrive here at once, so a
/// page shows a change whichever of them took the webhook.
pub(crate) async fn publish(app: App) {
    tokio::select! {
        () = stop::requested(app.stop.clone()) => {}
        () = read(&app) => {}
    }
}

async fn read(app: &App) {
    loop {
        if let Err(error) = read_on(app).await {
            tracing::error!(%error, "transitions cannot be read; trying again");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn read_on(app: &App) -> Result<(), StoreError> {
    let mut consumer = app.tracker.consumer("web").await?;
    loop {
        let transition = consumer.next().await?;
        app.news.tell(transition.verification);
        consumer.acknowledge(&transition).await?;
    }
}
