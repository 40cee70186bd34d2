//! What the handles of all vendors have in common.

use crate::clock::Clock;
use crate::tap::Tap;

/// What every vendor handle has: where it listens, the clock, and the tap.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) base_url: String,
    pub(crate) clock: Clock,
    pub(crate) tap: Tap,
    /// Over HTTP no more organizations, users or sessions than this are taken.
    pub(crate) capacity: usize,
}

/// The methods that the three vendor handles share.
macro_rules! front_methods {
    ($handle:ident) => {
        impl $handle {
            pub(crate) fn tap(&self) -> &crate::tap::Tap {
                &self.shared.front.tap
            }

            /// `http://127.0.0.1:PORT`, without a trailing slash.
            #[must_use]
            pub fn base_url(&self) -> &str {
                &self.shared.front.base_url
            }

            /// The requests received so far, oldest first. Visits to hosted pages are not among them. Beyond the
            /// limit set in [`SandboxBuilder::recorded_requests`](crate::SandboxBuilder::recorded_requests) the
            /// oldest are forgotten.
            #[must_use]
            pub fn requests(&self) -> Vec<crate::RecordedRequest> {
                self.shared.front.tap.requests()
            }

            /// Forgets the requests received so far.
            pub fn clear_requests(&self) {
                self.shared.front.tap.clear_requests();
            }

            /// The next request gets this answer instead of the vendor's, whatever it asks and whether or not it is
            /// authenticated. The request is recorded, changes nothing at the vendor, and spends no limit. Several
            /// canned answers queue up.
            pub fn answer_next(&self, answer: crate::CannedAnswer) {
                self.shared.front.tap.answer_next(answer);
            }
        }
    };
}
pub(crate) use front_methods;
