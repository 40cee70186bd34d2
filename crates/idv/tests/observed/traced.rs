//! Vendors learn to which trace a call belongs, if it belongs to one.

use std::sync::Arc;

use futures_util::FutureExt;
use idv::CheckRequest;
use idv::observe::{TraceParent, TraceSource};
use idv_sandbox::{CannedAnswer, Fault, FaultKind};

use crate::sandboxed::World;

const CALLER: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const SOURCE: &str = "00-11111111111111111111111111111111-2222222222222222-00";

fn caller() -> Option<TraceParent> {
    CALLER.parse().ok()
}

#[derive(Debug)]
struct Always;

impl TraceSource for Always {
    fn current(&self) -> Option<TraceParent> {
        SOURCE.parse().ok()
    }
}

fn sent(world: &World) -> Vec<Option<String>> {
    let requests = world.sandbox.nxos().requests();
    requests.iter().map(|request| request.header("traceparent").map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_caller_without_a_trace_sends_none() {
    let world = World::new().await;
    world.registry.start(&world.start()).await.unwrap();
    world.registry.check(&world.check().trace(None)).await.unwrap();
    assert_eq!(sent(&world), [None, None]);
}

#[tokio::test]
async fn every_attempt_of_a_traced_call_says_so() {
    let world = World::new().await;
    let down = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
    world.sandbox.nxos().add_fault(Fault::new(down)).unwrap();
    world.registry.start(&world.start().trace(caller())).await.unwrap();
    world.registry.check(&world.check().trace(caller())).await.unwrap();
    let said = Some(CALLER.to_owned());
    assert_eq!(sent(&world), [said.clone(), said.clone(), said]);
}

#[tokio::test]
async fn a_source_is_asked_where_the_caller_names_no_trace() {
    let world = World::observed(|observation| observation.trace(Arc::new(Always))).await;
    world.registry.check(&world.check()).await.unwrap();
    world.registry.check(&world.check().trace(caller())).await.unwrap();
    assert_eq!(sent(&world), [Some(SOURCE.to_owned()), Some(CALLER.to_owned())]);
}

#[tokio::test]
async fn a_trace_is_that_of_one_request() {
    let world = World::new().await;
    world.registry.check(&world.check().trace(caller())).await.unwrap();
    world.registry.check(&CheckRequest::new(world.session())).await.unwrap();
    assert_eq!(sent(&world), [Some(CALLER.to_owned()), None]);
}

#[tokio::test]
async fn a_start_keeps_its_trace_when_its_caller_goes_away() {
    let world = World::new().await;
    let request = world.start().trace(caller());
    let mut start = Box::pin(world.registry.start(&request));
    assert!((&mut start).now_or_never().is_none(), "it is under way");
    drop(start);
    while world.records().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(sent(&world), [Some(CALLER.to_owned())]);
}
