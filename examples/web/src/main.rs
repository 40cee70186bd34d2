//! A web application that verifies its users: small enough to copy from.
//!
//! `settings` is what it is told from outside, `router` the routes with their middleware, `verify`, `handoff`, `embedded`, `returning`,
//! `status` and `operator` the pages, `app` the state that all of them share. `sandbox` simulates the vendors; delete it in your own.

mod accounts;
mod addresses;
mod app;
mod configuration;
mod database;
mod doors;
mod embedded;
mod failure;
mod handoff;
mod inputs;
mod links;
mod live;
mod news;
mod nonces;
mod operator;
mod owned;
mod page;
mod publish;
mod refresh;
mod returning;
mod router;
mod sandbox;
mod security;
mod settings;
mod sign_in;
mod signed_in;
mod start_limit;
mod status;
mod stop;
mod telemetry;
mod user;
mod verify;
mod wording;

use std::error::Error;
use std::process::ExitCode;

use tokio::net::TcpListener;

use crate::app::App;
use crate::settings::Settings;

#[tokio::main]
#[allow(clippy::print_stderr, reason = "an error of the start is for the person who started it")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    telemetry::log();
    let metrics = telemetry::metrics()?;
    let settings = Settings::from_environment()?;
    let listener = TcpListener::bind((settings.host, settings.port)).await?;
    let internal = TcpListener::bind((settings.host, settings.internal_port)).await?;
    let stop = stop::on_signal()?;

    let simulated = match &settings.configuration {
        None => Some(sandbox::Simulated::start().await?),
        Some(_) => None,
    };
    let app = App::open(&settings, listener.local_addr()?.port(), simulated.as_ref(), stop.clone()).await?;
    if let Some(simulated) = &simulated {
        simulated.send_to(&app.addresses.url, &app.addresses.return_url)?;
    }
    announce(&app, &internal, simulated.as_ref())?;

    let worker = tokio::spawn({
        let (tracker, stop) = (app.tracker.clone(), stop.clone());
        async move { tracker.run(stop::requested(stop)).await }
    });
    let news = tokio::spawn(publish::publish(app.clone()));
    let serving = axum::serve(internal, telemetry::router(app.clone(), metrics));
    let serving_internal =
        tokio::spawn(serving.with_graceful_shutdown(stop::requested(stop.clone())).into_future());
    axum::serve(listener, router::router(app)).with_graceful_shutdown(stop::requested(stop)).await?;

    // Requests are answered; now the work that no request waits for comes to its end.
    worker.await?;
    news.await?;
    serving_internal.await??;
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the addresses are the program's output")]
fn announce(
    app: &App,
    internal: &TcpListener,
    simulated: Option<&sandbox::Simulated>,
) -> std::io::Result<()> {
    println!("The application: {}", app.addresses.url);
    println!("Health and metrics, not for the public: http://{}/metrics", internal.local_addr()?);
    if let Some(simulated) = simulated {
        println!("Simulated vendors, where you decide: {}", simulated.operator_url());
    }
    Ok(())
}
