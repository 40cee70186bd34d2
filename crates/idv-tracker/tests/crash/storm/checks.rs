//! The checks after a storm.

use std::collections::HashSet;
use std::time::Duration;

use idv::Timestamp;
use idv_conformance::storyline::Stage as _;
use idv_tracker::{Phase, Tracker};
use sqlx::{AnyPool, Row as _};

use super::books::Entry;
use super::log::{self, Transitions};
use super::{Storm, applicants};
use crate::process::Process;
use crate::settings::Wanted;
use crate::wait::until;

/// Longer than any pause between two polls, and than any lease.
const LONG: Duration = Duration::from_secs(600);

/// How long a lost session is waited for.
const HOLD: Duration = Duration::from_secs(3600);

/// Longer than that.
const BEYOND_HOLD: Duration = Duration::from_secs(3700);

/// Longer than the lease of an attempt to deliver.
const LONGER_THAN_LEASES: Duration = Duration::from_secs(60);

/// The tables as they are at the end.
struct Rows {
    /// The digests of all events.
    digests: HashSet<String>,
    observations: usize,
    /// Events that neither belong to a verification nor wait for one.
    strays: i64,
}

async fn end(processes: Vec<Process>) {
    for process in processes {
        process.end().await;
    }
}

impl Storm<'_> {
    /// Lets clean processes work until nothing changes, and checks all that a storm can damage.
    pub(crate) async fn check(&self, processes: Vec<Process>) {
        let tracker = self.tracker().await;
        let processes = self.later(processes, LONG).await;
        self.quiet(&tracker).await;
        self.deliver().await;
        self.quiet(&tracker).await;
        self.check_events().await;
        self.check_transitions(&tracker).await;
        for entry in self.books.entries() {
            self.check_entry(&tracker, &entry).await;
        }
        let processes = self.later(processes, BEYOND_HOLD).await;
        self.check_release(&tracker).await;
        end(processes).await;
        println!("\n{}", self.totals.finish(self.name.clone()));
    }

    /// Other processes, at a later time.
    async fn later(&self, processes: Vec<Process>, time: Duration) -> Vec<Process> {
        (0..processes.len()).for_each(|place| self.publish(place, None));
        end(processes).await;
        self.pass(time);
        self.processes().await
    }

    /// Waits until the store agrees with the vendors, and the logs and the application's endpoint with the store.
    async fn quiet(&self, tracker: &Tracker) {
        let pool = self.database.pool().await;
        until("a store that agrees with the vendors", async || {
            let stored: usize = log::stored(tracker).await.values().map(Vec::len).sum();
            for log in self.logs() {
                let logged: usize = log::read(&log)?.0.values().map(Vec::len).sum();
                if logged < stored {
                    return Err(format!("{logged} of {stored} transitions are in {}", log.display()));
                }
            }
            if let Some(wait) = self.longest_rest(&pool).await {
                self.pass(wait);
            }
            let waiting = tracker.counts().await.map_err(|error| error.to_string())?.undelivered;
            if waiting > 0 {
                return Err(format!("{waiting} transitions are not delivered"));
            }
            let drift = tracker.reconcile(false).await.map_err(|error| error.to_string())?;
            if drift.is_empty() { Ok(()) } else { Err(format!("{drift:#?}")) }
        })
        .await;
        pool.close().await;
    }

    /// How long nothing is sent to the application, where all that waits was sent in vain before: no attempt is under way then.
    async fn longest_rest(&self, pool: &AnyPool) -> Option<Duration> {
        let next = "select min(due_at) from delivery where outcome = 'pending'";
        let next: Option<i64> = sqlx::query_scalar(next).fetch_one(pool).await.unwrap();
        let now = Timestamp::from(self.sandbox.now()).unix_millis();
        let wait = Duration::from_millis(u64::try_from(next? - now).ok()?);
        (wait > LONGER_THAN_LEASES).then_some(wait)
    }

    /// Every event that was acknowledged is there.
    async fn check_events(&self) {
        let rows = self.rows().await;
        let acknowledged = self.books.acknowledged();
        let lost: Vec<_> = acknowledged.difference(&rows.digests).collect();
        assert!(lost.is_empty(), "acknowledged, and not stored: {lost:?}");
        assert_eq!(rows.strays, 0, "events that will never be joined");
        self.totals.observations.add(rows.observations);
    }

    async fn rows(&self) -> Rows {
        let pool = self.database.pool().await;
        let events = sqlx::query("select facts from observation where source = 'webhook'");
        let events = events.fetch_all(&pool).await.unwrap();
        let digests = events.iter().map(|row| {
            let facts: serde_json::Value = serde_json::from_str(&row.get::<String, _>("facts")).unwrap();
            facts["digest"].as_str().unwrap().to_owned()
        });
        let count = async |statement| sqlx::query_scalar::<_, i64>(statement).fetch_one(&pool).await.unwrap();
        let rows = Rows {
            digests: digests.collect(),
            observations: usize::try_from(count("select count(*) from observation").await).unwrap(),
            strays: count(
                "select count(*) from observation where verification_id is null and id not in (select observation_id from parked)",
            )
            .await,
        };
        pool.close().await;
        rows
    }

    /// The logs and the application's endpoint have every transition of the store: 1, 2, 3 and so on.
    async fn check_transitions(&self, tracker: &Tracker) {
        let stored: Transitions = log::stored(tracker).await;
        for (verification, transitions) in &stored {
            let versions: Vec<_> = transitions.iter().map(|told| told.version).collect();
            assert!(versions.iter().copied().eq(1..=versions.len() as i64), "{verification}: {versions:?}");
            let kept = tracker.get(*verification).await.unwrap().unwrap();
            assert_eq!(kept.version, versions.len() as i64, "{kept:?}");
            let last = transitions.last().unwrap();
            assert!(!last.state.differs_from(kept.state.as_ref().unwrap()), "{last:?} {kept:?}");
        }
        for log in self.logs() {
            let (logged, repetitions) = log::read(&log).unwrap();
            assert_eq!(logged, stored);
            self.totals.repetitions.add(repetitions);
        }
        self.receiver.check(&stored, &self.totals);
        assert_eq!(tracker.counts().await.unwrap().dead, 0, "none is given up");
        self.totals.transitions.add(stored.values().map(Vec::len).sum());
    }

    /// One session for one applicant, known to the store or reported as uncertain.
    async fn check_entry(&self, tracker: &Tracker, entry: &Entry) {
        let place = self.places.iter().find(|place| place.flow == entry.flow).unwrap();
        let held = place.stage.held(&entry.case).await.unwrap();
        assert!(held.count <= 1, "{entry:?}: {held:?}");
        let rows = tracker.by_reference(&entry.case.start.reference).await.unwrap();
        let of_phase = |phase| rows.iter().filter(|row| row.phase == phase).count();
        let [tracked, waiting, lost] = [Phase::Tracked, Phase::Uncertain, Phase::Lost].map(of_phase);
        // One whose session is not waited for any more, after so long a time, was uncertain before.
        let is_hold_over = self.sandbox.now().duration_since(self.begun).is_ok_and(|time| time > HOLD);
        let uncertain = if is_hold_over { waiting + lost } else { waiting };
        assert_eq!(tracked + uncertain, 1, "one open verification for one start: {entry:?} {rows:#?}");
        let over = of_phase(Phase::Refused) + of_phase(Phase::Joined);
        assert_eq!(tracked + uncertain + over, rows.len(), "{entry:?} {rows:#?}");
        for session in [&entry.session, &entry.revealed].into_iter().flatten() {
            assert_eq!(held.count, 1, "{entry:?}");
            let known = tracker.by_session(session).await.unwrap();
            let known =
                known.unwrap_or_else(|| panic!("the store does not know {session}: {entry:?} {rows:#?}"));
            assert_eq!(known.reference, entry.case.start.reference, "{entry:?}");
        }
        if uncertain > 0 {
            assert!(entry.is_uncertain, "the application was not told: {entry:?} {rows:#?}");
        }
        if entry.revealed.is_some() {
            self.totals.revealed.add(1);
        }
    }

    /// After the hold the way is free for those whose session was never seen.
    async fn check_release(&self, tracker: &Tracker) {
        until("the end of the hold", async || match tracker.counts().await {
            Ok(counts) if counts.uncertain == 0 => Ok(()),
            counts => Err(format!("{counts:?}")),
        })
        .await;
        for entry in self.books.entries() {
            let rows = tracker.by_reference(&entry.case.start.reference).await.unwrap();
            if rows.iter().all(|row| row.phase != Phase::Lost) {
                continue;
            }
            let wanted = Wanted {
                provider: entry.flow.id().to_owned(),
                reference: entry.case.start.reference.clone(),
                organization: None,
            };
            assert!(applicants::start(self, &wanted).await.is_some(), "{entry:?}");
        }
    }
}
