//! Calls wait, and do not block: an application has other work on its threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use idv_core::{Operation, SessionRef, VerificationProvider};
use tokio::sync::watch;

use crate::ask::{Ask, Given};
use crate::cases::Cases;
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::{PATIENCE, Trial};

register! {
    contract {
        calls_do_not_block_the_thread;
    }
}

/// The longest time for which a call may keep a thread: no step takes nearly as long.
const STEP: Duration = Duration::from_millis(25);

/// The number of calls, because a busy machine blocks a thread now and then. An adapter that blocks does so in every
/// call.
const TRIES: usize = 20;

/// The pause between two counts. A task that never slept would be the first that a busy machine keeps waiting.
const PAUSE: Duration = Duration::from_millis(1);

/// While a call is under way, another task on the same thread goes on: before the vendor answers, and when it has answered.
///
/// The call is made on a runtime of one thread beside a task that only counts. The vendor answers when that task has
/// counted on, which never happens if the call blocks while it waits; and the longest time between two counts, in the
/// best of several calls, shows blocking for a limited time.
pub async fn calls_do_not_block_the_thread(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = session(trial, cases).await else { return };
    for operation in trial.calls() {
        for (name, reply) in [
            ("answered", trial.success(operation, 1)),
            ("throttled", Reply::bytes(429, "text/plain", "").header("retry-after", "1")),
        ] {
            let mut longest = Duration::MAX;
            for _ in 0..TRIES {
                if longest < STEP {
                    break;
                }
                let beside = beside(trial, trial.ask(operation, 1, &reference), reply.clone()).await;
                longest = longest.min(beside.map_or(Duration::MAX, |(_, kept)| kept));
            }
            cases.that(format!("{operation} {name}"), longest < STEP, || {
                "another task on the same thread could not go on".to_owned()
            });
        }
    }
}

/// Runs where no other work needs the thread, so that a blocking adapter is detected and not waited for.
async fn session(trial: &Trial<'_>, cases: &mut Cases) -> Option<SessionRef> {
    let reply = trial.success(Operation::Start, 1);
    let outcome = beside(trial, Ask::Start(trial.applicant(1)), reply).await.map(|(outcome, _)| outcome);
    let session = match outcome? {
        Ok(Given::Session(session)) => Ok(session.reference),
        Ok(_) => Err("it gave no session".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    cases.some("start", session)
}

type Outcome = idv_core::Result<Given>;

/// Makes a call beside a task that counts, and gives the longest time between two counts.
async fn beside(trial: &Trial<'_>, ask: Ask, reply: Reply) -> Option<(Outcome, Duration)> {
    let counted = watch::Sender::new(0_u64);
    let vendor = counted.subscribe();
    trial.vendor.play(move |_| {
        let (mut vendor, reply) = (vendor.clone(), reply.clone());
        async move {
            let seen = *vendor.borrow_and_update();
            // Whoever blocks is answered in the end, or nobody would hear of it.
            let _ = tokio::time::timeout(PATIENCE, vendor.wait_for(|count| *count > seen)).await;
            reply
        }
    });
    let provider = Arc::clone(&trial.provider);
    let made = tokio::task::spawn_blocking(move || on_a_thread_of_its_own(&*provider, &ask, counted));
    made.await.ok()?
}

fn on_a_thread_of_its_own(
    provider: &dyn VerificationProvider,
    ask: &Ask,
    counted: watch::Sender<u64>,
) -> Option<(Outcome, Duration)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(async {
        let over = Arc::new(AtomicBool::new(false));
        let mut begun = counted.subscribe();
        let counting = tokio::spawn(count(counted, Arc::clone(&over)));
        begun.wait_for(|count| *count > 0).await.ok()?;
        let outcome = ask.send(provider).await;
        over.store(true, Ordering::Relaxed);
        Some((outcome, counting.await.ok()?))
    })
}

async fn count(counted: watch::Sender<u64>, over: Arc<AtomicBool>) -> Duration {
    let (mut longest, mut last) = (Duration::ZERO, Instant::now());
    loop {
        let done = over.load(Ordering::Relaxed);
        longest = longest.max(last.elapsed());
        last = Instant::now();
        counted.send_modify(|count| *count += 1);
        if done {
            return longest;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
