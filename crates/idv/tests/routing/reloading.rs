//! What counts against a cap is not forgotten when the configuration is read again.

use std::task::{Context, Waker};

use idv::routing::{RouteRequest, SkipReason};
use idv::{Error, ErrorKind, Registry, StartRequest};

use crate::vendors::{Script, editable, id, three};

fn capped(cap: u64) -> String {
    three(&format!("[routing]\ncaps = {{ primary = {cap} }}\n"))
}

/// The table of `primary` is edited, so that it is built anew.
fn edited(cap: u64) -> String {
    let text = capped(cap).replace("recheck_after = \"30d\"", "recheck_after = \"60d\"");
    assert_ne!(text, capped(cap));
    text
}

fn request() -> StartRequest {
    StartRequest::new("case-7")
}

fn counted(registry: &Registry) -> u64 {
    registry.pinned().router().sessions(&id("primary"))
}

#[tokio::test]
async fn a_count_survives_reloads_also_where_the_provider_is_built_anew() {
    let (registry, edit) = editable(&capped(3), Script::new());
    for (text, count) in [(capped(3), 1), (edited(3), 2), (capped(3), 3)] {
        registry.start(&request()).await.unwrap();
        assert_eq!(counted(&registry), count);
        edit(&text);
        assert_eq!(counted(&registry), count);
    }
    let error = registry.start(&request()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable, "the cap is reached");
    edit(&capped(4));
    registry.start(&request()).await.unwrap();
    assert_eq!(counted(&registry), 4, "a larger cap leaves room for one more");
}

#[tokio::test]
async fn a_provider_that_was_away_counts_anew() {
    let (registry, edit) =
        editable(&three("").replace("active = \"primary\"", "active = \"cards\""), Script::new());
    registry.start_at(&id("primary"), &request()).await.unwrap();
    assert_eq!(counted(&registry), 1);
    edit("active = \"cards\"\n[providers.cards]\nkind = \"acme\"\n");
    assert_eq!(counted(&registry), 0);
    edit(&capped(3));
    assert_eq!(counted(&registry), 0);
}

/// The start is taken back by the configuration in which it began, and the place is free in the one that holds now.
#[tokio::test]
async fn a_start_over_a_reload_is_taken_back_where_it_counts_now() {
    let down = Some(Error::new(ErrorKind::Connection, "no"));
    let (registry, edit) = editable(&capped(1), Script::from([("primary", vec![down])]));
    let (begun, request) = (registry.clone(), request());
    let mut start = Box::pin(begun.start(&request));
    assert!(start.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    for text in [capped(1), edited(1)] {
        edit(&text);
        let decision = registry.pinned().router().decide(&RouteRequest::new("case-8"));
        assert_eq!(decision.why_not(&id("primary")), Some(&SkipReason::AtCap), "the start is under way");
    }
    assert_eq!(start.await.unwrap_err().kind(), ErrorKind::Connection);
    assert_eq!(counted(&registry), 0);
    registry.start(&request).await.unwrap();
    assert_eq!(registry.start(&request).await.unwrap_err().kind(), ErrorKind::Unavailable);
}
