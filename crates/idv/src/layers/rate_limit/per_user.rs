//! The quota of each user: how many sessions it has had.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use idv_core::{Randomness, UserToken};
use tokio::time::Instant;

use crate::util::keyed_hash::KeyedHash;

/// How many starts of all users are remembered. Beyond it the oldest is forgotten, and the vendor's own 429 decides.
const MEMORY: usize = 50_000;

/// A user, as a keyed hash of the token: it reveals nothing to a reader of the memory of another process.
pub(super) type User = u128;

/// The starts of users within the period.
pub(super) struct PerUserQuota {
    count: usize,
    per: Duration,
    hash: KeyedHash,
    starts: Mutex<Starts>,
}

#[derive(Default)]
struct Starts {
    /// All starts, the oldest first.
    all: VecDeque<(Instant, User)>,
    of: HashMap<User, VecDeque<Instant>>,
    /// Until when the vendor refuses a user.
    refused: HashMap<User, Instant>,
}

impl PerUserQuota {
    pub(super) fn new(count: NonZeroU32, per: Duration, random: &dyn Randomness) -> Self {
        let count = usize::try_from(count.get()).unwrap_or(usize::MAX);
        Self { count, per, hash: KeyedHash::random(random), starts: Mutex::default() }
    }

    fn starts(&self) -> MutexGuard<'_, Starts> {
        self.starts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn user(&self, token: &UserToken) -> User {
        self.hash.of(&[token.expose()])
    }

    /// Whether the user may have another session now; otherwise, how long from now.
    pub(super) fn check(&self, user: User, now: Instant) -> Result<(), Duration> {
        self.wait(&mut self.starts(), user, now)
    }

    /// Counts a session.
    pub(super) fn acquire(&self, user: User, now: Instant) -> Result<(), Duration> {
        let mut starts = self.starts();
        self.wait(&mut starts, user, now)?;
        if starts.all.len() >= MEMORY {
            starts.forget_oldest();
        }
        starts.all.push_back((now, user));
        starts.of.entry(user).or_default().push_back(now);
        Ok(())
    }

    /// Forgets a session that did not come about.
    pub(super) fn give_back(&self, user: User, taken: Instant) {
        let mut starts = self.starts();
        let Some(index) = starts.all.iter().rposition(|start| *start == (taken, user)) else { return };
        starts.all.remove(index);
        starts.remove(user, taken);
    }

    /// Remembers for how long the vendor wants no session of a user. Calls do not show the vendor's counts (open sessions,
    /// failures), so its refusal is all there is.
    pub(super) fn block(&self, user: User, now: Instant, wait: Duration) {
        let mut starts = self.starts();
        if starts.refused.len() >= MEMORY {
            starts.refused.retain(|_, until| *until > now);
        }
        // A time beyond all clocks is not remembered, and where there is no room, the vendor says it again.
        if let Some(until) = now.checked_add(wait)
            && starts.refused.len() < MEMORY
        {
            starts.refused.insert(user, until);
        }
    }

    fn wait(&self, starts: &mut Starts, user: User, now: Instant) -> Result<(), Duration> {
        while let Some((oldest, _)) = starts.all.front()
            && now.saturating_duration_since(*oldest) >= self.per
        {
            starts.forget_oldest();
        }
        let full = match starts.of.get(&user) {
            Some(own) if own.len() >= self.count => {
                let age = own.front().map(|oldest| now.saturating_duration_since(*oldest));
                self.per.saturating_sub(age.unwrap_or_default())
            }
            _ => Duration::ZERO,
        };
        let wait = full.max(starts.refusal(user, now));
        if wait.is_zero() { Ok(()) } else { Err(wait) }
    }
}

impl Starts {
    /// For how long from now the vendor wants no session of a user.
    fn refusal(&mut self, user: User, now: Instant) -> Duration {
        let left = self.refused.get(&user).map(|until| until.saturating_duration_since(now));
        if left == Some(Duration::ZERO) {
            self.refused.remove(&user);
        }
        left.unwrap_or_default()
    }

    fn forget_oldest(&mut self) {
        if let Some((start, user)) = self.all.pop_front() {
            self.remove(user, start);
        }
    }

    fn remove(&mut self, user: User, start: Instant) {
        let Some(own) = self.of.get_mut(&user) else { return };
        if let Some(index) = own.iter().position(|one| *one == start) {
            own.remove(index);
        }
        if own.is_empty() {
            self.of.remove(&user);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use idv_core::testing::CountingRandomness;

    use super::*;

    fn sizes(users: &PerUserQuota) -> (usize, usize) {
        let starts = users.starts();
        (starts.all.len(), starts.of.len())
    }

    #[test]
    fn memory_is_bounded_and_ends_with_the_period() {
        let per = Duration::from_secs(24 * 3600);
        let users = PerUserQuota::new(NonZeroU32::MIN, per, &CountingRandomness::default());
        let begun = Instant::now();
        for number in 0..MEMORY + 100 {
            users.acquire(users.user(&UserToken::new(number.to_string())), begun).unwrap();
        }
        assert_eq!(sizes(&users), (MEMORY, MEMORY));
        let last = users.user(&UserToken::new((MEMORY + 99).to_string()));
        assert_eq!(users.check(last, begun), Err(per));
        assert_eq!(users.check(last, begun + per), Ok(()));
        assert_eq!(sizes(&users), (0, 0));
    }

    #[test]
    fn refusals_that_are_over_make_room_for_others() {
        let (second, begun) = (Duration::from_secs(1), Instant::now());
        let users = PerUserQuota::new(NonZeroU32::MIN, second, &CountingRandomness::default());
        (0..=MEMORY as User).for_each(|user| users.block(user, begun, second));
        assert_eq!(users.starts().refused.len(), MEMORY);
        users.block(User::MAX, begun + second, second);
        assert_eq!(users.check(User::MAX, begun + second), Err(second));
        assert_eq!(users.starts().refused.len(), 1);
    }

    #[test]
    fn the_hash_is_keyed() {
        let random = CountingRandomness::default();
        let users = || PerUserQuota::new(NonZeroU32::MIN, Duration::from_secs(1), &random);
        let (one, other, token) = (users(), users(), UserToken::new("token"));
        assert_eq!(one.user(&token), one.user(&token));
        assert_ne!(one.user(&token), one.user(&UserToken::new("another")));
        assert_ne!(one.user(&token), other.user(&token));
    }
}
