//! Browsers that come back after a switch.

use idv::{ErrorKind, NextAction, Redirect, VerificationStatus};
use idv_sandbox::{Act, Reason};

use crate::applicant::Stored;
use crate::flow::Flow;
use crate::world::World;

fn fail(reason: &str) -> Act {
    Act::Fail { reason: Reason::new(reason).unwrap() }
}

#[tokio::test]
async fn a_return_url_is_read_by_the_provider_that_sent_the_applicant_away() {
    let world = World::new().await;
    let ends = [
        (Act::Submit, VerificationStatus::InReview),
        (Act::Leave, VerificationStatus::Abandoned),
        (fail("face_mismatch"), VerificationStatus::Failed),
        (fail("session_expired"), VerificationStatus::Expired),
    ];
    for (number, (act, status)) in ends.into_iter().enumerate() {
        let person = world.person(&format!("case-{number}"));
        let session = world.start(Flow::Sessions, &person).await;
        let stored = Stored::new(&session.reference, &person);
        let url = world.act(Flow::Sessions, &person, &act).redirect_url.expect("the browser is sent back");
        for active in Flow::ALL {
            let registry = world.config().active(active).registry();
            let back = registry.parse_redirect(&Redirect::new(&stored.reference(), &url)).unwrap();
            assert_eq!((back.reference.clone(), back.status()), (stored.reference(), status), "{act:?}");
            assert_eq!(back.next_action(), NextAction::Check);
        }
    }
}

#[tokio::test]
async fn a_return_url_says_nothing_of_another_session() {
    let world = World::new().await;
    let [mine, yours] = ["case-mine", "case-yours"].map(|case| world.person(case));
    let stored = Stored::new(&world.start(Flow::Sessions, &mine).await.reference, &mine);
    world.start(Flow::Sessions, &yours).await;
    let url = world.act(Flow::Sessions, &yours, &Act::Submit).redirect_url.expect("the browser is sent back");
    let mut elsewhere = Vec::new();
    for flow in [Flow::Europe, Flow::Direct, Flow::Veriff, Flow::Stripe, Flow::Onfido] {
        elsewhere.push((flow, Stored::new(&world.start(flow, &yours).await.reference, &yours)));
    }
    for active in Flow::ALL {
        let registry = world.config().active(active).registry();
        let refusal = |expected| registry.parse_redirect(&Redirect::new(&expected, &url)).unwrap_err();
        let error = refusal(stored.reference());
        assert_eq!(
            (error.kind(), error.provider()),
            (ErrorKind::RedirectRejected, Some(&Flow::Sessions.id()))
        );
        for (flow, stored) in &elsewhere {
            let error = refusal(stored.reference());
            assert_eq!((error.kind(), error.provider()), (ErrorKind::Unsupported, Some(&flow.id())));
        }
    }
}

/// Sumsub, Veriff, Stripe and Onfido add nothing to the return URL: their sessions are never read in the words of another vendor.
#[tokio::test]
async fn a_return_url_without_words_is_not_read_whichever_provider_is_active() {
    let world = World::new().await;
    for flow in [Flow::Direct, Flow::Veriff, Flow::Stripe, Flow::Onfido] {
        let person = world.person(&format!("case-{}", flow.name()));
        let stored = Stored::new(&world.start(flow, &person).await.reference, &person);
        let url = world.act(flow, &person, &Act::Submit).redirect_url.expect("the browser is sent back");
        assert_eq!(url, "https://app.example/back?case=7");
        for active in Flow::ALL {
            let registry = world.config().active(active).registry();
            let error = registry.parse_redirect(&Redirect::new(&stored.reference(), &url)).unwrap_err();
            assert_eq!((error.kind(), error.provider()), (ErrorKind::Unsupported, Some(&flow.id())));
        }
    }
}
