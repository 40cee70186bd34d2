//! Deliveries to the application's URL: signed, at least once, in order for each verification.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use idv::VerificationStatus::{Approved, InReview, OnHold};
use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::Sandbox;
use idv_tracker::{Delivered, Delivery, DeliveryError, Tracker, VerificationId};
use standardwebhooks::Webhook;

use crate::receiver::{OLD_SECRET, Received, Receiver, SECRET, endless, silence, status, with_header};
use crate::stores::{Database, on_both};
use crate::world::{World, builder};

on_both!(
    a_transition_arrives_signed,
    a_failing_transition_holds_up_its_own_verification_alone,
    retries_follow_the_schedule_until_the_letter_is_dead,
    a_gone_endpoint_and_few_attempts_end_early,
    dead_letters_and_accepted_ones_can_be_sent_again,
    workers_that_share_the_work_send_each_once,
    a_killed_worker_sends_again_with_the_same_id,
    a_late_worker_cannot_settle,
    a_receiver_that_asks_for_a_wait_gets_it,
    answers_are_judged_by_their_status_alone,
    no_answer_is_told_in_a_word,
    an_erased_verification_is_not_sent,
    a_worker_sends_what_another_process_stores,
);

/// Time passes when a test says so.
async fn sandbox() -> Sandbox {
    Sandbox::builder().frozen_at(SystemTime::now()).start().await.unwrap()
}

/// A world with verifications whose transitions are sent to a receiver.
struct Line<'a> {
    world: World<'a>,
    receiver: Receiver,
    sender: Tracker,
}

impl<'a> Line<'a> {
    async fn new(sandbox: &'a Sandbox, database: &Database) -> Self {
        Self::with(sandbox, database, |delivery| delivery).await
    }

    async fn with(
        sandbox: &'a Sandbox,
        database: &Database,
        change: impl FnOnce(Delivery) -> Delivery,
    ) -> Self {
        let world = World::new(sandbox, Flow::of_kind("veriff").unwrap(), database).await;
        let receiver = Receiver::start().await;
        let delivery = change(receiver.delivery());
        let sender = builder(sandbox, &world.registry, database).delivery(delivery).open().await.unwrap();
        Self { world, receiver, sender }
    }

    async fn another_sender(&self, database: &Database) -> Tracker {
        let builder = builder(self.world.sandbox, &self.world.registry, database);
        builder.delivery(self.receiver.delivery()).open().await.unwrap()
    }

    /// Starts a verification, which is its first transition.
    async fn start(&self, reference: &str) -> VerificationId {
        let mut start = self.world.case.start.clone();
        start.reference = reference.to_owned();
        self.world.tracker.start(start).await.unwrap().verification.id
    }

    /// Makes one more transition.
    async fn news(&self, id: VerificationId, note: &str) {
        self.pass(1);
        // Each of them is another status than the one before.
        let status = if note == "two" { OnHold } else { InReview };
        self.world.tracker.decide(id, status, note).await.unwrap();
    }

    fn pass(&self, seconds: u64) {
        self.world.sandbox.advance(Duration::from_secs(seconds));
    }

    async fn send(&self) -> Delivered {
        self.sender.deliver_due().await.unwrap()
    }

    /// What came since the last call: references and versions.
    fn told(&self) -> Vec<(String, i64)> {
        self.receiver.take().iter().map(Received::told).collect()
    }
}

fn delivered(accepted: usize, postponed: usize, dead: usize, lost: usize) -> Delivered {
    let mut delivered = Delivered::default();
    (delivered.accepted, delivered.postponed) = (accepted, postponed);
    (delivered.dead, delivered.lost) = (dead, lost);
    delivered
}

async fn a_transition_arrives_signed(database: Database) {
    let sandbox = sandbox().await;
    let world = World::new(&sandbox, Flow::of_kind("veriff").unwrap(), &database).await;
    let receiver = Receiver::start().await;
    let delivery = Delivery::new(&receiver.url, &[SECRET.into(), OLD_SECRET.into()]).unwrap();
    let sender = builder(&sandbox, &world.registry, &database).delivery(delivery).open().await.unwrap();
    let started = world.start().await;
    assert_eq!(sender.deliver_due().await.unwrap(), delivered(1, 0, 0, 0));
    let messages = receiver.take();
    let [first] = &messages[..] else { panic!("{messages:?}") };
    for secret in [SECRET, OLD_SECRET] {
        Webhook::new(secret).unwrap().verify(&first.body, &first.headers).unwrap();
    }
    assert!(!first.is_signed_with("whsec_FRYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"));
    let told = first.json();
    let transition = &world.transitions().await[0];
    assert_eq!(told["type"], "verification.transition");
    assert_eq!(told["timestamp"], transition.at.to_string());
    assert_eq!(told["data"]["status"], "in_progress");
    assert_eq!(first.transition(), *transition);
    assert_eq!(first.header("content-type"), "application/json");
    assert!(first.id().starts_with("trn_") && first.id().ends_with("_1"), "{}", first.id());

    world.tracker.decide(started.verification.id, Approved, "by hand").await.unwrap();
    assert_eq!(sender.deliver_due().await.unwrap(), delivered(1, 0, 0, 0));
    assert_eq!(sender.deliver_due().await.unwrap(), Delivered::default(), "each is sent once");
    let messages = receiver.take();
    assert_eq!(messages.len(), 1);
    assert_ne!(messages[0].id(), first.id());
}

async fn a_failing_transition_holds_up_its_own_verification_alone(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::new(&sandbox, &database).await;
    line.receiver.answer(|message| status(if message.told().0 == "a" { 500 } else { 200 }));
    let (a, b) = (line.start("a").await, line.start("b").await);
    line.news(a, "one").await;
    line.news(b, "one").await;
    assert_eq!(line.send().await, delivered(2, 1, 0, 0));
    let mut told = line.told();
    told.sort();
    assert_eq!(told, [("a".into(), 1), ("b".into(), 1), ("b".into(), 2)]);

    // One that comes while an earlier one waits is not sent before it either.
    line.news(a, "two").await;
    assert_eq!(line.send().await, Delivered::default());
    assert_eq!(line.sender.counts().await.unwrap().undelivered, 3);

    line.receiver.answer(|_| status(200));
    line.pass(6);
    assert_eq!(line.send().await, delivered(3, 0, 0, 0));
    assert_eq!(line.told(), [("a".into(), 1), ("a".into(), 2), ("a".into(), 3)]);
    assert_eq!(line.sender.counts().await.unwrap().undelivered, 0);
}

async fn retries_follow_the_schedule_until_the_letter_is_dead(database: Database) {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 3600;
    let sandbox = sandbox().await;
    let line = Line::new(&sandbox, &database).await;
    line.receiver.answer(|message| status(if message.told().1 == 1 { 500 } else { 200 }));
    let id = line.start("a").await;
    line.news(id, "one").await;
    assert_eq!(line.send().await, delivered(0, 1, 0, 0));
    let pauses = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
    for (attempt, pause) in (2..).zip(pauses) {
        line.pass(pause - 2);
        assert_eq!(line.send().await, Delivered::default(), "attempt {attempt} is not made early");
        // The jitter is at most four in a hundred.
        line.pass(pause / 25 + 3);
        let expected = if attempt == 10 { delivered(1, 0, 1, 0) } else { delivered(0, 1, 0, 0) };
        assert_eq!(line.send().await, expected, "attempt {attempt}");
    }
    let messages = line.receiver.take();
    assert_eq!(messages.len(), 11);
    assert_eq!(messages[10].told(), ("a".into(), 2), "after a dead letter, the next one goes on");
    assert!(messages[..10].iter().all(|message| message.id() == messages[0].id()));
    assert!(messages.iter().all(|message| message.is_signed_with(SECRET)));
    let dead = line.sender.dead_letters(10).await.unwrap();
    assert_eq!((dead.len(), dead[0].attempts, &*dead[0].error), (1, 10, "status_500"));
    assert_eq!((dead[0].transition.version, &*dead[0].target), (1, "application"));
    assert_eq!(line.sender.counts().await.unwrap().dead, 1);
}

async fn a_gone_endpoint_and_few_attempts_end_early(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::with(&sandbox, &database, |delivery| delivery.attempts(2)).await;
    line.receiver.answer(|message| status(if message.told().0 == "a" { 410 } else { 503 }));
    line.start("a").await;
    line.start("b").await;
    assert_eq!(line.send().await, delivered(0, 1, 1, 0));
    line.pass(6);
    assert_eq!(line.send().await, delivered(0, 0, 1, 0));
    let dead = line.sender.dead_letters(10).await.unwrap();
    let told: Vec<_> = dead.iter().map(|letter| (&*letter.error, letter.attempts)).collect();
    assert_eq!(told, [("status_410", 1), ("status_503", 2)]);
    assert_eq!(line.sender.dead_letters(1).await.unwrap().len(), 1);
}

async fn dead_letters_and_accepted_ones_can_be_sent_again(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::with(&sandbox, &database, |delivery| delivery.attempts(1)).await;
    line.receiver.answer(|message| status(if message.told().1 == 1 { 500 } else { 200 }));
    let id = line.start("a").await;
    line.news(id, "one").await;
    assert_eq!(line.send().await, delivered(1, 0, 1, 0));
    let first = line.receiver.take();
    let dead = line.world.tracker.dead_letters(10).await.unwrap();
    let position = dead[0].transition.position;
    assert!(!line.sender.redeliver(position + 1).await.unwrap(), "that one was accepted");

    line.receiver.answer(|_| status(200));
    // A process without a delivery can ask for it.
    assert!(line.world.tracker.redeliver(position).await.unwrap());
    assert!(line.sender.dead_letters(10).await.unwrap().is_empty());
    assert_eq!(line.send().await, delivered(1, 0, 0, 0));
    let again = line.receiver.take();
    assert_eq!((again.len(), again[0].id()), (1, first[0].id()));

    assert_eq!(line.sender.replay("application", 0).await.unwrap(), 2);
    assert_eq!(line.sender.replay("elsewhere", 0).await.unwrap(), 0);
    assert_eq!(line.send().await, delivered(2, 0, 0, 0));
    let ids = |messages: &[Received]| messages.iter().map(|one| one.id().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&line.receiver.take()), ids(&first));
    assert_eq!(line.sender.replay("application", position).await.unwrap(), 1);
}

async fn workers_that_share_the_work_send_each_once(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::new(&sandbox, &database).await;
    let other = line.another_sender(&database).await;
    for number in 0..20 {
        let id = line.start(&format!("case-{number}")).await;
        line.news(id, "one").await;
        line.news(id, "two").await;
    }
    let (one, two) = tokio::join!(line.sender.deliver_due(), other.deliver_due());
    let (mut sum, two) = (one.unwrap(), two.unwrap());
    let shares = (sum.accepted, two.accepted);
    sum += two;
    assert_eq!(sum, delivered(60, 0, 0, 0));
    assert!(shares.0 > 0 && shares.1 > 0, "both worked: {shares:?}");
    let mut versions = BTreeMap::<String, Vec<i64>>::new();
    for (reference, version) in line.told() {
        versions.entry(reference).or_default().push(version);
    }
    assert_eq!(versions.len(), 20);
    assert!(versions.values().all(|versions| *versions == [1, 2, 3]), "{versions:?}");
}

async fn a_killed_worker_sends_again_with_the_same_id(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::new(&sandbox, &database).await;
    line.receiver.answer(|_| silence());
    line.start("a").await;
    let other = line.another_sender(&database).await;
    let sender = line.sender.clone();
    let sending = tokio::spawn(async move { sender.deliver_due().await });
    line.receiver.wait_for(1).await;
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());

    line.receiver.answer(|_| status(200));
    assert_eq!(other.deliver_due().await.unwrap(), Delivered::default(), "the lease is not over");
    line.pass(46);
    assert_eq!(other.deliver_due().await.unwrap(), delivered(1, 0, 0, 0));
    let messages = line.receiver.take();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].id(), messages[1].id());
    assert_eq!(messages[0].body, messages[1].body);
}

async fn a_late_worker_cannot_settle(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::new(&sandbox, &database).await;
    let (release, released) = tokio::sync::watch::channel(false);
    line.receiver.answer(move |_| {
        let mut released = released.clone();
        Box::pin(async move {
            released.wait_for(|released| *released).await.unwrap();
            status(500).await
        })
    });
    line.start("a").await;
    let other = line.another_sender(&database).await;
    let sender = line.sender.clone();
    let sending = tokio::spawn(async move { sender.deliver_due().await });
    line.receiver.wait_for(1).await;
    line.pass(46);
    line.receiver.answer(|_| status(200));
    assert_eq!(other.deliver_due().await.unwrap(), delivered(1, 0, 0, 0));
    release.send_replace(true);
    assert_eq!(sending.await.unwrap().unwrap(), delivered(0, 0, 0, 1));
    line.pass(3600);
    assert_eq!(line.send().await, Delivered::default(), "it stays accepted");
}

async fn a_receiver_that_asks_for_a_wait_gets_it(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::new(&sandbox, &database).await;
    line.receiver.answer(|message| match &*message.told().0 {
        "limited" => with_header(429, "retry-after", "3600"),
        "down" => with_header(503, "retry-after", "60"),
        "at once" => with_header(429, "retry-after", "0"),
        "never" => with_header(503, "retry-after", "99999999"),
        _ => with_header(500, "retry-after", "3600"),
    });
    for reference in ["limited", "down", "at once", "never", "broken"] {
        line.start(reference).await;
    }
    assert_eq!(line.send().await, delivered(0, 5, 0, 0));
    line.receiver.take();
    line.receiver.answer(|_| status(200));
    let day = 24 * 3600;
    for (seconds, expected) in
        [(4, &[][..]), (2, &["at once", "broken"]), (58, &["down"]), (3700, &["limited"]), (day, &["never"])]
    {
        line.pass(seconds);
        line.send().await;
        let mut told: Vec<String> = line.told().into_iter().map(|(reference, _)| reference).collect();
        told.sort();
        assert_eq!(told, expected, "after {seconds} more seconds");
    }
}

async fn answers_are_judged_by_their_status_alone(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::with(&sandbox, &database, |delivery| delivery.attempts(1)).await;
    line.receiver.answer(|message| match &*message.told().0 {
        "moved" => with_header(307, "location", "/elsewhere"),
        "long" => endless(),
        _ => status(202),
    });
    for reference in ["moved", "long", "usual"] {
        line.start(reference).await;
    }
    assert_eq!(line.send().await, delivered(2, 0, 1, 0));
    assert_eq!(line.receiver.take().len(), 3, "a redirect is not followed");
    assert_eq!(line.sender.dead_letters(1).await.unwrap()[0].error, "status_307");
}

async fn no_answer_is_told_in_a_word(database: Database) {
    let sandbox = sandbox().await;
    let impatient = |delivery: Delivery| delivery.attempts(1).time_limit(Duration::from_millis(200));
    let line = Line::with(&sandbox, &database, impatient).await;
    line.receiver.answer(|_| silence());
    line.start("a").await;
    assert_eq!(line.send().await, delivered(0, 0, 1, 0));
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let delivery = Delivery::new(&format!("http://{closed}/"), &[SECRET.into()]).unwrap();
    let delivery = delivery.attempts(1).target("elsewhere");
    let other = builder(&sandbox, &line.world.registry, &database).delivery(delivery).open().await.unwrap();
    assert_eq!(other.deliver_due().await.unwrap(), delivered(0, 0, 1, 0));
    let mut dead = line.sender.dead_letters(10).await.unwrap();
    dead.sort_by(|one, other| one.target.cmp(&other.target));
    let told: Vec<_> = dead.iter().map(|letter| (&*letter.target, &*letter.error)).collect();
    assert_eq!(told, [("application", "timeout"), ("elsewhere", "connection")]);
}

async fn an_erased_verification_is_not_sent(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::new(&sandbox, &database).await;
    line.receiver.answer(|_| status(500));
    let (a, _) = (line.start("a").await, line.start("b").await);
    assert_eq!(line.send().await, delivered(0, 2, 0, 0));
    line.receiver.take();
    line.receiver.answer(|_| status(200));
    line.world.tracker.erase(a).await.unwrap();
    line.pass(6);
    assert_eq!(line.send().await, delivered(1, 0, 0, 0));
    assert_eq!(line.told(), [("b".into(), 1)]);
}

async fn a_worker_sends_what_another_process_stores(database: Database) {
    let sandbox = sandbox().await;
    let line = Line::new(&sandbox, &database).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let sender = line.sender.clone();
    let working = tokio::spawn(async move {
        sender.run(async { drop(stopped.await) }).await;
    });
    let id = line.start("a").await;
    line.receiver.wait_for(1).await;
    // A slow answer does not hold up other verifications.
    let (release, released) = tokio::sync::watch::channel(false);
    line.receiver.answer(move |message| {
        let (is_slow, mut released) = (message.told().0 == "a", released.clone());
        Box::pin(async move {
            released.wait_for(|released| *released || !is_slow).await.unwrap();
            status(200).await
        })
    });
    line.news(id, "one").await;
    line.receiver.wait_for(2).await;
    line.start("b").await;
    line.receiver.wait_for(3).await;
    assert_eq!(line.told(), [("a".into(), 1), ("a".into(), 2), ("b".into(), 1)]);

    // An attempt that is under way at the end is settled.
    stop.send(()).unwrap();
    release.send_replace(true);
    working.await.unwrap();
    assert_eq!(line.sender.counts().await.unwrap().undelivered, 0);
}

#[test]
fn only_a_url_and_secrets_that_are_safe_are_taken() {
    let secrets = [SECRET.into()];
    for url in
        ["https://app.example/hook?auth=1", "http://127.0.0.1:1/", "http://localhost/", "http://[::1]/"]
    {
        assert!(Delivery::new(url, &secrets).is_ok(), "{url}");
    }
    for url in ["http://app.example/", "ftp://127.0.0.1/", "app.example", "", "file:///hook"] {
        assert_eq!(Delivery::new(url, &secrets).unwrap_err(), DeliveryError::Url, "{url}");
    }
    for url in ["https://ada@app.example/", "https://ada:pw@app.example/", "https://:pw@app.example/"] {
        assert_eq!(Delivery::new(url, &secrets).unwrap_err(), DeliveryError::Credentials, "{url}");
    }
    let url = "https://app.example/";
    assert_eq!(Delivery::new(url, &[]).unwrap_err(), DeliveryError::NoSecret);
    for bad in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_***", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
        let refused = Delivery::new(url, &[SECRET.into(), bad.into()]).unwrap_err();
        assert_eq!(refused, DeliveryError::Secret { number: 2 }, "{bad}");
    }
    let mut http = idv::adapter::HttpOptions::default();
    http.proxy = Some("socks://user:canary@proxy".into());
    let refused = Delivery::new(url, &secrets).unwrap().http(&http).unwrap_err();
    assert!(matches!(&refused, DeliveryError::Http(text) if !text.contains("canary")), "{refused:?}");
}
