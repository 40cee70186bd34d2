//! The commands, one function each.

mod arguments;
mod check;
mod config;
mod doctor;
mod ending;
mod providers;
mod route;
mod sandbox;
mod watch;
mod webhook;

use clap::CommandFactory;
use idv::routing::RouteRequest;
use idv::{
    FindRequest, ImportRequest, Operation, RefreshRequest, Registry, Result, StartRequest,
    VerificationSession,
};
use serde_json::{Value, json};

use crate::args::{Args, Command, Existing, Find, Import, Redirect, Start};
use crate::failure::Failure;
use crate::stop::seen_through;
use crate::{compare, demo, json, output, qr, report, subject, view};

use arguments::{provider_id, registry, session_ref};

pub(crate) async fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::Demo => demo::run(args).await,
        Command::Compare(options) => compare::run(args, options).await,
        Command::Providers => providers::run(args),
        Command::Route(route) => route::run(args, route),
        Command::Start(start) => self::start(args, start).await,
        Command::Refresh(existing) => refresh(args, existing).await,
        Command::Check(check) => check::run(args, check).await,
        Command::Watch(options) => watch::run(args, options).await,
        Command::Find(find) => self::find(args, find).await,
        Command::Import(import) => self::import(args, import).await,
        Command::Cancel(existing) => ending::cancel(args, existing).await,
        Command::Erase(erase) => ending::erase(args, erase).await,
        Command::Redirect(redirect) => self::redirect(args, redirect),
        Command::Webhook(webhook) => webhook::run(args, webhook),
        Command::Config(config) => config::run(args, config),
        Command::Doctor => doctor::run(args).await,
        Command::Sandbox(sandbox) => sandbox::run(args, sandbox).await,
        Command::Completions { shell } => {
            // Written in one go: the generator panics where the reader goes away, as `head` does.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "idv", &mut script);
            output::print_text(&String::from_utf8_lossy(&script))
        }
    }
}

async fn start(args: &Args, start: &Start) -> Result<(), Failure> {
    let registry = registry(args)?;
    let request = subject::start_request(start)?;
    let session = match &start.provider {
        Some(id) => {
            let id = provider_id(id)?;
            seen_through(Operation::Start, registry.start_at(&id, &request)).await?
        }
        None => seen_through(Operation::Start, routed(args, &registry, &request)).await?,
    };
    let document = json::session(&registry, &session);
    output::print_made(args, Operation::Start, &session.reference, document, || view::session(&session))?;
    if start.qr {
        let code = qr::render(session.url())?;
        // The code is for people: in JSON mode stdout stays one document.
        if args.json {
            output::note(&code);
        } else {
            output::print_text(&code)?;
        }
    }
    Ok(())
}

/// Starts at the provider that `[routing]` chooses, and reports every provider that failed.
async fn routed(args: &Args, registry: &Registry, request: &StartRequest) -> Result<VerificationSession> {
    match registry.start_routed(&RouteRequest::from(request), request).await {
        Ok(routed) => {
            report::tried(&routed.failed, args.json);
            Ok(routed.session)
        }
        Err(vain) => {
            report::tried(&vain.failed, args.json);
            Err(vain.error)
        }
    }
}

async fn refresh(args: &Args, existing: &Existing) -> Result<(), Failure> {
    let mut request = RefreshRequest::new(session_ref(Operation::Refresh, &existing.session)?);
    (request.user_token, request.onboarding_id) = subject::credentials_of(&existing.credentials)?;
    let registry = registry(args)?;
    let session = seen_through(Operation::Refresh, registry.refresh(&request)).await?;
    let document = json::session(&registry, &session);
    output::print_made(args, Operation::Refresh, &session.reference, document, || view::session(&session))
}

async fn find(args: &Args, find: &Find) -> Result<(), Failure> {
    let registry = registry(args)?;
    let request = FindRequest::new(&find.reference);
    let found = registry.find(&provider_id(&find.provider)?, &request).await?;
    let documents: Vec<Value> = found.iter().map(|one| json::verification(&registry, one)).collect();
    output::print(args, json!({"verifications": documents}), || view::verifications(&found))
}

async fn import(args: &Args, import: &Import) -> Result<(), Failure> {
    let registry = registry(args)?;
    let mut request = ImportRequest::new(subject::env(&import.share_token_env)?);
    request.organization.clone_from(&import.organization);
    let id = provider_id(&import.provider)?;
    let made = seen_through(Operation::Import, registry.import(&id, &request)).await?;
    let document = json!({"verification": json::verification(&registry, &made)});
    output::print_made(args, Operation::Import, &made.reference, document, || view::verification(&made))
}

fn redirect(args: &Args, redirect: &Redirect) -> Result<(), Failure> {
    let session = session_ref(Operation::Redirect, &redirect.session)?;
    let outcome = registry(args)?.parse_redirect(&idv::Redirect::new(&session, &redirect.url))?;
    output::print(args, json::redirect(&outcome), || view::redirect(&outcome))
}
