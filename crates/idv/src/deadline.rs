//! Requests with another deadline than their caller gave.

use std::borrow::Cow;
use std::time::Duration;

use idv_core::{CheckRequest, FindRequest, ImportRequest, RefreshRequest, StartRequest};

/// A request that has a deadline.
pub(crate) trait Timed: Clone {
    fn deadline(&mut self) -> &mut Option<Duration>;
    fn has_deadline(&self, deadline: Option<Duration>) -> bool;
}

/// The request with this deadline. It is copied only where that is another one: a request holds a dozen texts.
pub(crate) fn within<R: Timed>(request: &R, deadline: Option<Duration>) -> Cow<'_, R> {
    let mut request = Cow::Borrowed(request);
    if !request.has_deadline(deadline) {
        *request.to_mut().deadline() = deadline;
    }
    request
}

macro_rules! timed {
    ($($request:ident),+) => {$(
        impl Timed for $request {
            fn deadline(&mut self) -> &mut Option<Duration> {
                &mut self.deadline
            }

            fn has_deadline(&self, deadline: Option<Duration>) -> bool {
                self.deadline == deadline
            }
        }
    )+};
}

timed!(CheckRequest, FindRequest, ImportRequest, RefreshRequest, StartRequest);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_copied_only_for_another_deadline() {
        let request = StartRequest::new("case-7").deadline(Duration::from_secs(3));
        assert!(matches!(within(&request, Some(Duration::from_secs(3))), Cow::Borrowed(_)));
        for other in [None, Some(Duration::from_secs(2))] {
            let copied = within(&request, other);
            assert_eq!((copied.reference.as_str(), copied.deadline), ("case-7", other));
        }
    }
}
