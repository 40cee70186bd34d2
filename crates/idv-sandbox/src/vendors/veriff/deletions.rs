//! The limits of deletions: five in an hour, ten in a day (Veriff documentation, delete a session).

use std::collections::VecDeque;

use crate::webhooks::HOUR;

const PER_HOUR: usize = 5;
const PER_DAY: usize = 10;

/// The times of the deletions of the last day.
#[derive(Debug, Default)]
pub(crate) struct Deletions(VecDeque<i64>);

impl Deletions {
    /// Counts one deletion; false if there are too many.
    pub(crate) fn take(&mut self, now: i64) -> bool {
        self.0.retain(|at| now.saturating_sub(*at) < 24 * HOUR);
        let lately = self.0.iter().filter(|at| now.saturating_sub(**at) < HOUR).count();
        if lately >= PER_HOUR || self.0.len() >= PER_DAY {
            return false;
        }
        self.0.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_in_an_hour_and_ten_in_a_day_are_taken() {
        let mut deletions = Deletions::default();
        let mut burst = |now: i64| (0..6).filter(|_| deletions.take(now)).count();
        assert_eq!([burst(0), burst(HOUR - 1), burst(HOUR), burst(2 * HOUR)], [5, 0, 5, 0]);
        assert_eq!([burst(24 * HOUR), burst(25 * HOUR)], [5, 5]);
    }
}
