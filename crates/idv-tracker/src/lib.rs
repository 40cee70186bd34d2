//! Durable verifications for [`idv`]: started, polled and told of across crashes, on SQLite, or on PostgreSQL for any number of
//! machines.
//!
//! ```
//! use idv::{StartRequest, VerificationStatus};
//! use idv_tracker::{StoreOptions, Tracker};
//! # use std::sync::Arc;
//! # use idv_conformance::storyline::sandbox::{Flow, SandboxClock, SandboxStage};
//! # use idv_conformance::storyline::{Act, Stage};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let url = format!("sqlite://{}", folder.path().join("idv.db").display());
//! # let sandbox = idv_sandbox::Sandbox::builder().start().await?;
//! # let flow = Flow::of_kind("veriff").unwrap();
//! # let stage = SandboxStage::set(&sandbox, flow).await?;
//! # let toml = format!("active = \"{}\"\n{}", flow.id(), flow.literal_configuration(&sandbox));
//! # let document = idv::config::ConfigDocument::from_toml_str(&toml)?;
//! # let registry = idv::Registry::builder().clock(Arc::new(SandboxClock::of(&sandbox))).build(&document)?;
//! # let provider = registry.active();
//! # let store = StoreOptions::new(url);
//! // let store = StoreOptions::new("sqlite://idv.db");
//! let tracker = Tracker::open(registry, store).await?;
//!
//! // The intent is stored first. A second start of the same reference joins this one.
//! let started = tracker.start(StartRequest::new("case-7")).await?;
//! let link = started.session.as_ref().and_then(|session| session.url()).expect("a link for the applicant");
//! # assert!(link.expose().starts_with("http"));
//!
//! # let session = started.verification.session.clone().unwrap();
//! # let case = stage.enter().await?;
//! # for act in [Act::Open, Act::Submit, Act::Approve] {
//! #     stage.act(&case, &session, &act).await?;
//! # }
//! # let webhook = stage.webhooks().await?.pop().unwrap();
//! # let (headers, body) = (webhook.headers, webhook.body);
//! // In the handler of the vendor's webhooks: the status is the answer, once the event is on the disk.
//! let status = tracker.webhook_response(&provider, &headers, &body).await;
//! assert_eq!(status, 200);
//!
//! // In the application: every change, in order, also after a restart.
//! let mut consumer = tracker.consumer("app").await?;
//! loop {
//!     let transition = consumer.next().await?;
//!     consumer.acknowledge(&transition).await?;
//!     if transition.state.status == VerificationStatus::Approved {
//!         break;
//!     }
//! }
//!
//! // In a worker, of which there can be any number: polls, recovers lost starts, sends to the application.
//! tracker.round().await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Tracker::start`] never makes a second session after a lost answer, [`Tracker::receive`] takes webhooks, [`Tracker::run`] is the worker,
//! [`Tracker::consumer`] and [`TrackerBuilder::delivery`] tell the application, and [`merge`] decides what a history adds up to. The page
//! `docs/tracker.md` of the repository explains them.
//!
//! # Features
//! | feature | adds |
//! |---|---|
//! | `sqlite`, `postgres` (both on by default) | the engine |
//! | `axum` | [`axum::webhook`], a handler of webhooks for a router of axum |
//! | `metrics` | counters and gauges for the recorder of the crate `metrics` |

#[cfg(feature = "axum")]
pub mod axum;
mod config;
mod credentials;
mod error;
mod group;
mod intake;
pub mod merge;
mod meters;
mod model;
mod operate;
mod outbox;
mod pause;
mod poll;
mod record;
mod single_flight;
mod start;
mod store;
mod tracker;
mod worker;

pub use config::TrackerConfig;
pub use credentials::CredentialSource;
pub use error::{StoreError, StoreErrorKind, TrackerError};
pub use intake::Receipt;
#[cfg(feature = "metrics")]
pub use meters::describe_metrics;
pub use model::{Observation, Phase, Source, State, Tracked, Transition, VerificationId, Waiting};
pub use operate::{Concern, Counts, Drift, Erased, Health, History, HistoryEntry};
pub use outbox::{Consumer, DeadLetter, Delivered, Delivery, DeliveryError};
pub use poll::Polled;
pub use start::{Opening, Started, TrackedStart};
pub use store::{Engine, StoreOptions};
pub use tracker::{Tracker, TrackerBuilder, TrackerOptions};
