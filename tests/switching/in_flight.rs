//! Starts whose answers are still on their way when the registry they came from is replaced.

use std::pin::pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Waker};

use idv::layers::UnclaimedOutcome;
use idv::{Operation, Registry, VerificationStatus};
use idv_sandbox::{Act, Fault, FaultKind, RecordedRequest};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{JoinHandle, JoinSet};

use crate::applicant::Stored;
use crate::flow::Flow;
use crate::ledger::{Ledger, Question};
use crate::world::{Person, World};

/// Long enough that the answer is still out when the registry goes, short enough that nobody waits.
const SLOW: FaultKind = FaultKind::SlowHead { milliseconds: 500 };

impl World {
    /// Keeps the next answers back for a while.
    fn slow(&self, flow: Flow, answers: usize) {
        let answers = answers.try_into().unwrap();
        self.vendor(flow).add_fault(Fault::new(SLOW).times(answers)).unwrap();
    }

    fn requests(&self, flow: Flow) -> Vec<RecordedRequest> {
        self.vendor(flow).requests()
    }

    /// Waits until the vendor has one more request before it, that of this call, not answered yet.
    async fn asked<T>(&self, flow: Flow, before: usize, call: &JoinHandle<T>) {
        while self.requests(flow).len() == before {
            assert!(!call.is_finished(), "{} was not asked", flow.name());
            tokio::task::yield_now().await;
        }
        assert_eq!(self.requests(flow).last().unwrap().status, None, "the answer is still out");
    }
}

/// A registry that hands over what nobody claims.
fn registry(world: &World, active: Flow) -> (Registry, UnboundedReceiver<UnclaimedOutcome>) {
    let (sender, receiver) = unbounded_channel();
    let unclaimed = move |outcome| sender.send(outcome).unwrap();
    let document = world.config().active(active).document();
    (Registry::builder().on_unclaimed(unclaimed).build(&document).unwrap(), receiver)
}

/// The next registry finds the session, made once, at the vendor that was asked.
async fn assert_kept(world: &World, flow: Flow, person: &Person, stored: &Stored) {
    let next = Flow::ALL.into_iter().find(|other| *other != flow).unwrap();
    world.act(flow, person, &Act::Approve);
    let state = stored.check(&world.config().active(next).registry()).await.unwrap();
    assert_eq!((state.reference, state.status), (stored.reference(), VerificationStatus::Approved));
    let mut once = Ledger::default();
    once.add(world, flow, Question::of_start(flow), person);
    once.add(world, flow, Question::of_check(flow, state.provider_status.as_str()), person);
    let mut recorded = Ledger::recorded(world);
    recorded.0.retain(|key, _| once.0.contains_key(key));
    recorded.assert_is(&once);
}

/// Runs a test at every flow, each with vendors of its own: all wait for slow answers, side by side.
async fn at_every_flow<F: Future<Output = ()> + Send + 'static>(test: impl Fn(World, Flow) -> F) {
    let mut running = JoinSet::new();
    for flow in Flow::ALL {
        running.spawn(test(World::new().await, flow));
    }
    running.join_all().await;
}

#[tokio::test]
async fn the_answer_reaches_a_caller_who_waits() {
    at_every_flow(async |world, flow| {
        let person = world.person("case-1");
        let (old, mut unclaimed) = registry(&world, flow);
        let provider = old.provider(&old.active()).unwrap();
        world.slow(flow, 1);
        let request = person.request();
        let call = tokio::spawn(async move { provider.start(&request).await });
        world.asked(flow, 0, &call).await;
        drop(old);
        let session = call.await.unwrap().unwrap();
        assert_kept(&world, flow, &person, &Stored::new(&session.reference, &person)).await;
        assert!(unclaimed.recv().await.is_none(), "{}: it was claimed", flow.name());
    })
    .await;
}

#[tokio::test]
async fn the_answer_is_handed_over_where_the_caller_goes_with_the_registry() {
    at_every_flow(async |world, flow| {
        let person = world.person("case-1");
        let (old, mut unclaimed) = registry(&world, flow);
        let gone: Weak<_> = Arc::downgrade(&old.provider(&old.active()).unwrap());
        world.slow(flow, 1);
        let request = person.request();
        let call = tokio::spawn(async move { old.start(&request).await });
        world.asked(flow, 0, &call).await;
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
        let outcome = unclaimed.recv().await.expect("the outcome is lost");
        assert_handed_over(&world, flow, &person, outcome).await;
        assert!(unclaimed.recv().await.is_none(), "{}: told twice", flow.name());
        assert!(gone.upgrade().is_none(), "nobody holds the old provider");
    })
    .await;
}

/// Not even a request that has not left yet is lost.
#[tokio::test]
async fn a_start_that_was_only_just_begun_is_carried_out() {
    let world = World::new().await;
    for flow in Flow::ALL {
        let person = world.person(&format!("case-{}", flow.name()));
        let (old, mut unclaimed) = registry(&world, flow);
        let before = world.requests(flow).len();
        {
            let request = person.request();
            let mut call = pin!(old.start(&request));
            assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        drop(old);
        assert_eq!(world.requests(flow).len(), before, "nothing has been sent");
        let outcome = unclaimed.recv().await.expect("the outcome is lost");
        assert_handed_over(&world, flow, &person, outcome).await;
    }
}

async fn assert_handed_over(world: &World, flow: Flow, person: &Person, outcome: UnclaimedOutcome) {
    assert_eq!((outcome.provider, outcome.operation), (flow.id(), Operation::Start));
    assert_eq!(outcome.reference.as_ref(), Some(&person.case));
    let session = outcome.result.unwrap().expect("a start has a session");
    assert_eq!(outcome.session, Some(session.reference.clone()));
    assert_kept(world, flow, person, &Stored::new(&session.reference, person)).await;
}

/// Vendors that take their time while the configuration changes again and again.
#[tokio::test]
async fn many_answers_that_are_out_while_registries_come_and_go() {
    const STARTS: usize = 20;
    let world = World::new().await;
    world.home.nxos().hold();
    for flow in [Flow::Direct, Flow::Veriff, Flow::Stripe, Flow::Onfido] {
        world.slow(flow, STARTS * Question::of_start(flow).len());
    }
    let mut calls = Vec::new();
    for number in 0..STARTS {
        for flow in [Flow::Primary, Flow::Direct, Flow::Veriff, Flow::Stripe, Flow::Onfido] {
            let person = world.person(&format!("case-{number}-{}", flow.name()));
            let (old, _) = registry(&world, flow);
            let before = world.requests(flow).len();
            let request = person.request();
            let call = tokio::spawn(async move { old.start(&request).await });
            world.asked(flow, before, &call).await;
            calls.push((flow, person, call));
        }
    }
    world.home.nxos().release();
    let mut kept = Vec::new();
    for (flow, person, call) in calls {
        let session = call.await.unwrap().unwrap();
        kept.push((flow, Stored::new(&session.reference, &person), person));
    }
    for (flow, stored, person) in kept {
        assert_kept(&world, flow, &person, &stored).await;
    }
}
