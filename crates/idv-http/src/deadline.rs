//! The time that the calls of one operation share.

use std::time::Duration;

use tokio::time::Instant;

/// When an operation that makes several calls has to be over.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// What a request allows, from now on. None, or more than a clock can tell, is no deadline.
    #[must_use]
    pub fn from_now(allowed: Option<Duration>) -> Self {
        Self(allowed.and_then(|allowed| Instant::now().checked_add(allowed)))
    }

    /// What is left for the next call: zero once the deadline has passed, `None` where there is no deadline.
    #[must_use]
    pub fn left(self) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_share_what_is_allowed() {
        let deadline = Deadline::from_now(Some(Duration::from_secs(3)));
        assert_eq!(deadline.left(), Some(Duration::from_secs(3)));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(deadline.left(), Some(Duration::from_secs(1)));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(deadline.left(), Some(Duration::ZERO));
    }

    #[test]
    fn without_a_deadline_there_is_no_end() {
        assert_eq!(Deadline::from_now(None).left(), None);
        assert_eq!(Deadline::from_now(Some(Duration::MAX)).left(), None);
    }
}
