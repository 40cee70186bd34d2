//! A history in which every table gets rows, and every phase of a verification occurs.

use std::time::{Duration, SystemTime};

use idv::VerificationReason;
use idv::VerificationStatus::{Approved, InReview};
use idv_conformance::storyline::sandbox::Flow;
use idv_conformance::storyline::{Act, Mishap, Stage as _};
use idv_sandbox::{CannedAnswer, Sandbox};
use idv_tracker::{Phase, Receipt, Started, TrackedStart, VerificationId};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::frozen::reading::CONSUMERS;
use crate::receiver::{Receiver, status};
use crate::stores::Database;
use crate::world::{World, builder};

/// 2026-11-27, at ten o'clock.
const BEGINNING: Duration = Duration::from_secs(1_795_773_600);

const MINUTE: Duration = Duration::from_secs(60);

pub(super) async fn play(database: &Database) {
    let beginning = SystemTime::UNIX_EPOCH + BEGINNING;
    let sandbox = Sandbox::builder().seed(7).frozen_at(beginning).start().await.unwrap();
    lost(&sandbox, database).await;
    let decided = decided(&sandbox, database).await;
    watched(&sandbox, database).await;
    unfinished(&sandbox, database).await;
    parked(&sandbox, database).await;
    told(&sandbox, database, &decided).await;
    assert_phases(&sandbox, database).await;
}

async fn world<'a>(sandbox: &'a Sandbox, kind: &str, database: &Database) -> World<'a> {
    World::new(sandbox, Flow::of_kind(kind).unwrap(), database).await
}

async fn act(world: &World<'_>, started: &Started, acts: impl IntoIterator<Item = Act>) {
    for act in acts {
        world.sandbox.advance(Duration::from_secs(10));
        assert!(world.act(started.verification.session.as_ref().unwrap(), act).await);
    }
    world.deliver().await;
}

/// A start whose session was waited for in vain.
async fn lost(sandbox: &Sandbox, database: &Database) {
    let world = world(sandbox, "veriff", database).await;
    world.stage.arrange(Mishap::LostAnswer).await.unwrap();
    world.tracker.start(world.case.start.clone()).await.unwrap_err();
    sandbox.advance(61 * MINUTE);
    world.tracker.round().await.unwrap();
}

/// Verifications with a decision: an approval, which two purposes share, a rejection with its reasons, and one that was erased.
async fn decided(sandbox: &Sandbox, database: &Database) -> Vec<VerificationId> {
    let nxos = world(sandbox, "nxos", database).await;
    let approved = nxos.start().await;
    act(&nxos, &approved, [Act::Approve]).await;
    let renewal = TrackedStart::new(nxos.case.start.clone()).purpose("renewal");
    nxos.tracker.start(renewal).await.unwrap();
    let sumsub = world(sandbox, "sumsub", database).await;
    let rejected = sumsub.start().await;
    let reject = Act::Reject { reason: VerificationReason::DocumentExpired };
    act(&sumsub, &rejected, [Act::Open, Act::Submit, reject]).await;
    let veriff = world(sandbox, "veriff", database).await;
    let erased = veriff.start().await;
    act(&veriff, &erased, [Act::Open, Act::Submit, Act::Approve]).await;
    veriff.tracker.erase(erased.verification.id).await.unwrap();
    vec![approved.verification.id, rejected.verification.id]
}

/// Verifications that are polled: one within the vendor's rate, one whose answers repeat, one that a worker had claimed when it died, and one that needs the
/// applicant's credential.
async fn watched(sandbox: &Sandbox, database: &Database) {
    let veriff = world(sandbox, "veriff", database).await;
    let started = veriff.start().await;
    act(&veriff, &started, [Act::Open]).await;
    for _ in 0..3 {
        sandbox.advance(MINUTE);
        veriff.tracker.poll_due().await.unwrap();
    }
    let nxos = world(sandbox, "nxos", database).await;
    nxos.start().await;
    sandbox.advance(MINUTE);
    nxos.tracker.poll_due().await.unwrap();
    let claimed = world(sandbox, "session-api", database).await.start().await.verification.id;
    let pool = database.pool().await;
    let claim = "update verification set leased = 1, fence = fence + 1, due_at = due_at + 120000 where id =";
    pool.execute(AssertSqlSafe(format!("{claim} {claimed}"))).await.unwrap();
    pool.close().await;
    let mut baanx = world(sandbox, "baanx-user", database).await;
    baanx.tracker = builder(sandbox, &baanx.registry, database).open().await.unwrap();
    baanx.start().await;
}

/// Starts that did not come to an end: refused, uncertain, and under way when the process died.
async fn unfinished(sandbox: &Sandbox, database: &Database) {
    let veriff = world(sandbox, "veriff", database).await;
    let refusal = CannedAnswer::json(400, r#"{"status":"fail","code":"1104","message":"invalid"}"#);
    veriff.flow.vendor(sandbox).answer_next(refusal);
    veriff.tracker.start(veriff.case.start.clone()).await.unwrap_err();
    let other = world(sandbox, "veriff", database).await;
    other.stage.arrange(Mishap::LostAnswer).await.unwrap();
    other.tracker.start(other.case.start.clone()).await.unwrap_err();
    let died = world(sandbox, "veriff", database).await;
    died.stage.arrange(Mishap::LostAnswer).await.unwrap();
    died.tracker.start(died.case.start.clone()).await.unwrap_err();
    let pool = database.pool().await;
    let begin = "update verification set phase = 'starting' where id = (select max(id) from verification)";
    pool.execute(begin).await.unwrap();
    pool.close().await;
}

/// Events of a session that the store does not know.
async fn parked(sandbox: &Sandbox, database: &Database) {
    let elsewhere = Database::sqlite();
    let stranger = world(sandbox, "veriff", &elsewhere).await;
    let session = stranger.start().await.verification.session.unwrap();
    for act in [Act::Open, Act::Submit] {
        assert!(stranger.act(&session, act).await);
    }
    let world = stranger.another_process(database).await;
    for webhook in stranger.sent().await {
        let receipt = world.receive(&stranger.provider(), &webhook.headers, &webhook.body).await.unwrap();
        assert!(matches!(receipt, Receipt::Parked), "{receipt:?}");
    }
}

/// An application that was told some of it: one transition is a dead letter, one is tried again, and one has no position yet.
async fn told(sandbox: &Sandbox, database: &Database, decided: &[VerificationId]) {
    let receiver = Receiver::start().await;
    let [gone, failing] = [decided[0], decided[1]];
    receiver.answer(move |message| match message.transition() {
        told if told.verification == gone && told.version == 1 => status(410),
        told if told.verification == failing && told.version == 2 => status(500),
        _ => status(204),
    });
    let nxos = world(sandbox, "nxos", database).await;
    let tracker =
        builder(sandbox, &nxos.registry, database).delivery(receiver.delivery()).open().await.unwrap();
    let outcome = tracker.deliver_due().await.unwrap();
    assert_eq!((outcome.dead, outcome.postponed), (1, 1), "{outcome:?}");
    for (name, count) in CONSUMERS.into_iter().zip([3, 1]) {
        let mut consumer = tracker.consumer(name).await.unwrap();
        for _ in 0..count {
            let transition = consumer.next().await.unwrap();
            consumer.acknowledge(&transition).await.unwrap();
        }
    }
    sandbox.advance(MINUTE);
    tracker.decide(gone, InReview, "asked once more").await.unwrap();
    tracker.decide(gone, Approved, "called the vendor").await.unwrap();
}

async fn assert_phases(sandbox: &Sandbox, database: &Database) {
    let world = world(sandbox, "nxos", database).await;
    let mut phases = Vec::new();
    for id in 1..100 {
        let found = world.tracker.get(id.to_string().parse().unwrap()).await.unwrap();
        phases.extend(found.map(|found| found.phase));
    }
    for phase in [
        Phase::Starting,
        Phase::Uncertain,
        Phase::Tracked,
        Phase::Refused,
        Phase::Lost,
        Phase::Joined,
        Phase::Erased,
    ] {
        assert!(phases.contains(&phase), "{phase} does not occur: {phases:?}");
    }
}
