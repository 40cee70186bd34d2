//! The algorithms of the rate limiter, token bucket and sliding window: the exact time at which the next call may be made.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::Rate;

/// A limit, and the calls that it has seen.
#[derive(Debug, Clone)]
pub(super) enum Meter {
    Bucket(Bucket),
    Window(Window),
}

impl Meter {
    pub(super) fn new(rate: &Rate) -> Self {
        match *rate {
            Rate::PerSecond { calls, burst } => {
                // Rounded up, so that the rate is never exceeded.
                let nanos = 1_000_000_000_u64.div_ceil(u64::from(calls.get()));
                let interval = Duration::from_nanos(nanos);
                Self::Bucket(Bucket { interval, slack: interval * (burst.get() - 1), next: None, full: None })
            }
            Rate::Window { calls, per } => {
                // A time beyond all clocks is a year.
                let per = per.min(Duration::from_secs(365 * 24 * 3600));
                Self::Window(Window { calls: calls.get(), per, held: 0, slices: VecDeque::new() })
            }
        }
    }

    /// How long from now until one call may be made.
    pub(super) fn wait(&mut self, now: Instant) -> Duration {
        match self {
            Self::Bucket(bucket) => bucket.ahead(now).saturating_sub(bucket.slack),
            Self::Window(window) => window.wait(now),
        }
    }

    /// How many calls may be made now.
    pub(super) fn left(&mut self, now: Instant) -> u32 {
        match self {
            Self::Bucket(bucket) => bucket.left(now),
            Self::Window(window) => window.left(now),
        }
    }

    /// Counts a call.
    pub(super) fn take(&mut self, now: Instant) {
        match self {
            Self::Bucket(bucket) => bucket.take(now),
            Self::Window(window) => window.take(now),
        }
    }

    /// Forgets a call that was counted at a moment.
    pub(super) fn give_back(&mut self, taken: Instant) {
        match self {
            Self::Bucket(bucket) => bucket.give_back(taken),
            Self::Window(window) => window.give_back(taken),
        }
    }
}

/// A token bucket, kept as the moment at which it is full again (the generic cell rate algorithm).
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    interval: Duration,
    slack: Duration,
    next: Option<Instant>,
    /// When a call last found it full.
    full: Option<Instant>,
}

impl Bucket {
    fn ahead(&self, now: Instant) -> Duration {
        self.next.map_or(Duration::ZERO, |next| next.saturating_duration_since(now))
    }

    fn left(&self, now: Instant) -> u32 {
        let Some(slack) = self.slack.checked_sub(self.ahead(now)) else { return 0 };
        let more = slack.as_nanos() / self.interval.as_nanos().max(1);
        u32::try_from(more).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn take(&mut self, now: Instant) {
        let ahead = self.ahead(now);
        if ahead.is_zero() {
            self.full = Some(now);
        }
        self.next = Some(now + ahead + self.interval);
    }

    /// A token that was taken before the bucket was full has come back already.
    fn give_back(&mut self, taken: Instant) {
        if self.full.is_none_or(|full| taken >= full) {
            self.next = self.next.and_then(|next| next.checked_sub(self.interval));
        }
    }
}

/// A sliding window: in no stretch of its length are more calls made than allowed, wherever the vendor's own begins.
///
/// Calls within a thousandth of the length are kept together and released with the last of them, so that the memory of
/// a day is bounded.
#[derive(Debug, Clone)]
pub(super) struct Window {
    calls: u32,
    per: Duration,
    held: u32,
    slices: VecDeque<Slice>,
}

#[derive(Debug, Clone)]
struct Slice {
    first: Instant,
    last: Instant,
    calls: u32,
}

impl Window {
    /// Forgets what is older than the window.
    fn release(&mut self, now: Instant) {
        while let Some(oldest) = self.slices.front()
            && now.saturating_duration_since(oldest.last) >= self.per
        {
            self.held -= oldest.calls;
            self.slices.pop_front();
        }
    }

    fn left(&mut self, now: Instant) -> u32 {
        self.release(now);
        self.calls.saturating_sub(self.held)
    }

    fn wait(&mut self, now: Instant) -> Duration {
        self.release(now);
        if self.held < self.calls {
            return Duration::ZERO;
        }
        let oldest = self.slices.front().map(|slice| now.saturating_duration_since(slice.last));
        oldest.map_or(Duration::ZERO, |age| self.per.saturating_sub(age))
    }

    fn take(&mut self, now: Instant) {
        self.held += 1;
        match self.slices.back_mut() {
            Some(slice) if now.saturating_duration_since(slice.first) < self.per / 1000 => {
                slice.last = slice.last.max(now);
                slice.calls += 1;
            }
            _ => self.slices.push_back(Slice { first: now, last: now, calls: 1 }),
        }
    }

    fn give_back(&mut self, taken: Instant) {
        let holds = |slice: &Slice| slice.first <= taken && taken <= slice.last;
        let Some(index) = self.slices.iter().rposition(holds) else { return };
        self.held -= 1;
        self.slices[index].calls -= 1;
        if self.slices[index].calls == 0 {
            self.slices.remove(index);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::num::NonZeroU32;

    use proptest::prelude::*;

    use super::*;

    const fn many(count: u32) -> NonZeroU32 {
        NonZeroU32::new(count).unwrap()
    }

    /// The moments, in milliseconds, at which calls are let through that come after these pauses.
    fn passages(rate: &Rate, pauses: &[u64]) -> Vec<u64> {
        let begun = Instant::now();
        let (mut meter, mut now) = (Meter::new(rate), begun);
        let mut passages = Vec::new();
        for pause in pauses {
            now += Duration::from_millis(*pause);
            now += meter.wait(now);
            assert_eq!(meter.wait(now), Duration::ZERO, "who has waited may pass");
            meter.take(now);
            passages.push(u64::try_from((now - begun).as_millis()).unwrap());
        }
        passages
    }

    #[test]
    fn a_bucket_lets_a_burst_through_and_then_the_rate() {
        let rate = Rate::PerSecond { calls: many(25), burst: many(35) };
        let passages = passages(&rate, &[0; 60]);
        assert_eq!((passages[34], passages[35], passages[59]), (0, 40, 25 * 40));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn no_stretch_of_a_window_holds_more_than_is_allowed(
            calls in 1u32..8, pauses in proptest::collection::vec(0u64..400, 1..60),
        ) {
            let rate = Rate::Window { calls: many(calls), per: Duration::from_secs(1) };
            let passages = passages(&rate, &pauses);
            for (index, first) in passages.iter().enumerate() {
                if let Some(later) = passages.get(index + calls as usize) {
                    prop_assert!(later - first >= 1000, "{first} and {later}");
                }
            }
        }

        #[test]
        fn what_is_given_back_is_as_if_it_had_not_been(
            pauses in proptest::collection::vec(0u64..400, 1..40),
        ) {
            for rate in [
                Rate::Window { calls: many(3), per: Duration::from_secs(1) },
                Rate::PerSecond { calls: many(3), burst: many(2) },
            ] {
                let (mut meter, mut now) = (Meter::new(&rate), Instant::now());
                for pause in &pauses {
                    now += Duration::from_millis(*pause);
                    now += meter.wait(now);
                    meter.take(now);
                    meter.give_back(now);
                    prop_assert_eq!(meter.wait(now), Duration::ZERO);
                    meter.take(now);
                }
            }
        }
    }

    /// A connection that took long to fail: its token has come back by itself meanwhile.
    #[test]
    fn what_is_given_back_late_does_not_fill_a_bucket_over_its_brim() {
        for late in [0, 1, 9].map(Duration::from_secs) {
            let rate = Rate::PerSecond { calls: many(1), burst: many(2) };
            let (mut meter, begun) = (Meter::new(&rate), Instant::now());
            meter.take(begun);
            let now = begun + late;
            let mut passages = 0;
            while meter.wait(now).is_zero() {
                meter.take(now);
                passages += 1;
            }
            meter.give_back(begun);
            passages += usize::from(meter.wait(now).is_zero());
            assert_eq!(passages, 2, "{late:?}");
        }
    }

    #[test]
    fn what_is_given_back_takes_nothing_else_along() {
        let second = Duration::from_secs(1);
        let begun = Instant::now();
        let later = begun + second / 2;
        let three = Rate::Window { calls: many(3), per: second };
        let mut meter = Meter::new(&three);
        (0..3).for_each(|_| meter.take(begun));
        meter.give_back(begun);
        for now in [begun, begun + second, begun + second, begun + second] {
            assert_eq!(meter.wait(now), Duration::ZERO);
            meter.take(now);
        }
        assert_eq!(meter.wait(begun + second), second);

        let mut meter = Meter::new(&Rate::Window { calls: many(1), per: second });
        meter.take(begun);
        meter.give_back(begun);
        meter.take(later);
        assert_eq!(meter.wait(later), second, "as if the first had not been");

        let bucket = Rate::PerSecond { calls: many(1), burst: many(2) };
        for (rate, wait) in [(bucket, second / 2), (Rate::Window { calls: many(2), per: second }, second)] {
            let mut meter = Meter::new(&rate);
            meter.take(begun);
            meter.take(later);
            meter.give_back(begun);
            assert_eq!(meter.wait(later), Duration::ZERO, "{rate:?}");
            meter.take(later);
            assert_eq!(meter.wait(later), wait, "{rate:?}");
        }
    }

    #[test]
    fn calls_that_are_kept_together_are_released_with_the_last_of_them() {
        let (second, begun) = (Duration::from_secs(1), Instant::now());
        let mut meter = Meter::new(&Rate::Window { calls: many(2), per: second });
        let soon = begun + Duration::from_micros(500);
        meter.take(begun);
        meter.take(soon);
        assert_eq!(meter.wait(begun + second), soon - begun);
    }

    #[test]
    fn a_day_is_remembered_in_little_memory() {
        let rate = Rate::Window { calls: many(1_000_000), per: Duration::from_secs(24 * 3600) };
        let mut window = Meter::new(&rate);
        let begun = Instant::now();
        for call in 0..200_000 {
            window.take(begun + Duration::from_millis(call * 432));
        }
        let Meter::Window(window) = window else { unreachable!() };
        assert!(window.slices.len() <= 1001, "{}", window.slices.len());
    }
}
