//! Polls of a batch of which something else changes a part meanwhile.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use idv::VerificationStatus::{InReview, OnHold};
use idv::config::ConfigDocument;
use idv::profile::Cadence;
use idv::testing::{CheckFn, FactoryFn, profile};
use idv::{CheckRequest, NextAction, ProviderKind, Registry, VendorWord, Verification};
use idv_tracker::Tracker;
use sqlx::Executor as _;

use crate::stores::{Database, on_both};

on_both!(a_batch_of_which_a_part_was_decided_meanwhile_is_settled);

const PAUSE: Duration = Duration::from_secs(60);

/// A registry whose vendor says that all is in review. Once there is a tracker in `other`, it decides about the first verification while
/// the vendor is asked about it.
fn registry(other: &Arc<OnceLock<Tracker>>) -> Registry {
    let document = ConfigDocument::from_toml_str("active = \"acme\"\n[providers.acme]\nkind = \"acme\"\n");
    let other = Arc::clone(other);
    let factory = FactoryFn::new(ProviderKind::from_static("acme"), move |id| {
        let mut profile = profile();
        profile.actions.cadence = Cadence::every(PAUSE);
        let other = Arc::clone(&other);
        Arc::new(CheckFn::new(id.clone(), profile, move |request: &CheckRequest| {
            let (session, other) = (request.session.clone(), Arc::clone(&other));
            async move {
                if let (Some(other), "s-1") = (other.get(), session.key()) {
                    other.decide("1".parse().unwrap(), OnHold, "by hand").await.unwrap();
                }
                let action = NextAction::Wait { poll_after: PAUSE };
                Ok(Verification::new(session, InReview, VendorWord::new("PENDING"), action))
            }
        }))
    });
    Registry::builder().factory(factory).build(&document.unwrap()).unwrap()
}

async fn a_batch_of_which_a_part_was_decided_meanwhile_is_settled(database: Database) {
    let other = Arc::new(OnceLock::new());
    let tracker = Tracker::open(registry(&other), database.options.clone()).await.unwrap();
    let pool = database.pool().await;
    for session in ["s-1", "s-2"] {
        let row = "insert into verification (reference, purpose, exclusive, phase, provider, session, created_at, due_at, fresh_since) \
                   values ($1, '', 1, 'tracked', 'acme', 'acme:' || $1, 1, 1, 1)";
        sqlx::query(row).bind(session).execute(&pool).await.unwrap();
    }
    assert_eq!(tracker.poll_due().await.unwrap().news, 2);
    pool.execute("update verification set due_at = 1").await.unwrap();
    other.set(tracker.clone()).unwrap();
    let polled = tracker.poll_due().await.unwrap();
    assert_eq!((polled.checks, polled.lost), (2, 0), "{polled:?}");
    let leased = "select count(*) from verification where leased = 1";
    let leased: i64 = sqlx::query_scalar(leased).fetch_one(&pool).await.unwrap();
    assert_eq!(leased, 0, "all are given back");
}
