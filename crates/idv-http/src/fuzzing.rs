//! Answers of a fuzzer in place of a vendor's. This module exists under `cfg(fuzzing)` only, and with it nothing is sent.

use std::cell::RefCell;
use std::collections::VecDeque;

use http::{Response, StatusCode};

thread_local! {
    static ANSWERS: RefCell<VecDeque<Response<Vec<u8>>>> = const { RefCell::new(VecDeque::new()) };
}

/// Answers the next calls of this thread with these, in order, whatever is asked. Answers that are left from before are
/// forgotten; a call that finds none is answered with a 503.
pub fn answer_with(answers: impl IntoIterator<Item = Response<Vec<u8>>>) {
    ANSWERS.set(answers.into_iter().collect());
}

pub(crate) fn answer(_: reqwest::Request) -> reqwest::Response {
    let answer = ANSWERS.with_borrow_mut(VecDeque::pop_front);
    answer.unwrap_or_else(unavailable).into()
}

fn unavailable() -> Response<Vec<u8>> {
    let mut answer = Response::new(Vec::new());
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    answer
}
