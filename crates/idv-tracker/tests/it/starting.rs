//! Starts: one session for one subject and purpose, whatever is lost.

use std::time::Duration;

use idv::ErrorKind;
use idv_conformance::storyline::sandbox::Flow;
use idv_conformance::storyline::{Mishap, Stage as _};
use idv_tracker::{Opening, Phase, TrackedStart, TrackerError};

use crate::stores::{Database, on_both};
use crate::world::{World, sandbox};

on_both!(
    starts_at_one_time_share_one_session,
    a_start_of_another_process_joins_the_open_session,
    a_lost_answer_makes_no_second_session,
    a_refused_start_leaves_the_way_free,
    each_lost_start_has_a_hold_of_its_own,
    another_start_that_is_lost_takes_no_place_of_the_open_one,
);

async fn starts_at_one_time_share_one_session(database: Database) {
    let sandbox = sandbox().await;
    for flow in Flow::all() {
        let world = World::new(&sandbox, flow, &database).await;
        let starts = (0..8).map(|_| world.tracker.start(world.case.start.clone()));
        let all = futures_util::future::join_all(starts).await;
        let all: Vec<_> = all.into_iter().map(Result::unwrap).collect();
        let first = &all[0].verification;
        assert!(all.iter().all(|one| one.verification.id == first.id), "{flow:?}");
        assert!(all.iter().all(|one| one.session.is_some()), "{flow:?}: who waits gets the link too");
        assert_eq!(world.stage.held(&world.case).await.unwrap().count, 1, "{flow:?}");
        let other = world.tracker.start(TrackedStart::new(world.case.start.clone()).purpose("renewal")).await;
        match flow.name() {
            // The vendor has one verification for one subject, so both purposes have the same.
            "nxos" | "sumsub" | "baanx-user" | "baanx-registration" | "plaid" => {
                assert_eq!(other.unwrap().verification.id, first.id, "{flow:?}");
            }
            // The reference is the id of the session, so another purpose needs another reference.
            "shufti" => {
                let TrackerError::Vendor(error) = other.unwrap_err() else { panic!("{flow:?}") };
                assert_eq!(error.kind(), ErrorKind::Conflict, "{flow:?}");
            }
            _ => assert_ne!(other.unwrap().verification.id, first.id, "{flow:?}"),
        }
    }
}

async fn a_start_of_another_process_joins_the_open_session(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    let other = world.another_process(&database).await;
    let (one, two) =
        tokio::join!(world.tracker.start(world.case.start.clone()), other.start(world.case.start.clone()));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.verification.id, two.verification.id);
    assert_eq!(world.stage.held(&world.case).await.unwrap().count, 1);
    let openings = [one.opening, two.opening];
    assert!(openings.contains(&Opening::Opened) && openings.contains(&Opening::Shared), "{openings:?}");
}

async fn a_lost_answer_makes_no_second_session(database: Database) {
    let sandbox = sandbox().await;
    for flow in Flow::all() {
        let world = World::new(&sandbox, flow, &database).await;
        world.stage.arrange(Mishap::LostAnswer).await.unwrap();
        let lost = world.tracker.start(world.case.start.clone()).await.unwrap_err();
        assert!(matches!(lost, TrackerError::Vendor(_)), "{flow:?}: {lost:?}");
        let kept = world.tracker.by_reference(&world.case.start.reference).await.unwrap();
        assert_eq!(kept[0].phase, Phase::Uncertain, "{flow:?}");
        // A process that has never seen the first one.
        let other = world.another_process(&database).await;
        match other.start(world.case.start.clone()).await {
            Ok(started) => assert_eq!(started.verification.id, kept[0].id, "{flow:?}"),
            Err(TrackerError::Uncertain { verification, .. }) => assert_eq!(verification.id, kept[0].id),
            Err(error) => panic!("{flow:?}: {error}"),
        }
        assert_eq!(world.stage.held(&world.case).await.unwrap().count, 1, "{flow:?}");
    }
}

async fn a_refused_start_leaves_the_way_free(database: Database) {
    let sandbox = sandbox().await;
    let flow = Flow::of_kind("veriff").unwrap();
    let world = World::new(&sandbox, flow, &database).await;
    flow.vendor(&sandbox).answer_next(idv_sandbox::CannedAnswer::json(
        400,
        r#"{"status":"fail","code":"1104","message":"invalid"}"#,
    ));
    world.tracker.start(world.case.start.clone()).await.unwrap_err();
    let kept = world.tracker.by_reference(&world.case.start.reference).await.unwrap();
    assert_eq!(kept[0].phase, Phase::Refused);
    assert_eq!(world.start().await.opening, Opening::Opened);
}

async fn each_lost_start_has_a_hold_of_its_own(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    let start = || world.tracker.start(world.case.start.clone());
    let is_held = |outcome| matches!(outcome, Err(TrackerError::Uncertain { .. }));
    for sessions in 1..=2 {
        world.stage.arrange(Mishap::LostAnswer).await.unwrap();
        assert!(matches!(start().await, Err(TrackerError::Vendor(_))));
        assert!(is_held(start().await), "after lost start {sessions}");
        assert!(is_held(start().await), "asking again does not shorten it");
        assert_eq!(world.stage.held(&world.case).await.unwrap().count, sessions);
        sandbox.advance(Duration::from_secs(3_700));
    }
    assert_eq!(start().await.unwrap().opening, Opening::Opened);
}

async fn another_start_that_is_lost_takes_no_place_of_the_open_one(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    let open = world.start().await;
    world.stage.arrange(Mishap::LostAnswer).await.unwrap();
    let lost = world.tracker.start(TrackedStart::new(world.case.start.clone()).another()).await.unwrap_err();
    assert!(matches!(lost, TrackerError::Vendor(_)), "the vendor's error is told: {lost:?}");
    let kept = world.tracker.by_reference(&world.case.start.reference).await.unwrap();
    assert_eq!(kept[0].phase, Phase::Uncertain);
    assert_eq!(world.start().await.verification.id, open.verification.id);
}
