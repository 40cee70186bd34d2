//! A layer of an application: it keeps a trail of what was asked of which vendor, and what came of it.

use std::sync::{Arc, Mutex, PoisonError};

use idv::Result;
use idv::layers::{Answer, Layer, Next, Request, Response, Target};

/// Keeps a line for each call. Clones write into the same trail.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trail(Arc<Mutex<Vec<String>>>);

impl Trail {
    /// The lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Layer for Trail {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        let outcome = next.call(request).await;
        let about = match request.target() {
            // A reference of the application's own may tell of the applicant.
            Target::Reference(_) => "a case".to_owned(),
            Target::Session(session) => session.to_string(),
            _ => "nothing yet".to_owned(),
        };
        let came_of_it = match outcome.as_ref().map(Response::answer) {
            Ok(Answer::Session(session)) => format!("a session that is {}", session.status),
            Ok(Answer::Verification(verification)) => verification.status.to_string(),
            Ok(Answer::Verifications(found)) => format!("{} found", found.len()),
            Ok(_) => "done".to_owned(),
            Err(error) => format!("failed: {}", error.kind()),
        };
        let line = format!("{} {} of {about}: {came_of_it}", next.id(), R::OPERATION);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        outcome
    }
}
