//! Drain: a retired provider serves its existing sessions only.

use std::fmt;
use std::sync::Arc;

use idv_core::{Error, ErrorKind, Operation, ProviderId, Request, Result, Target};

use super::layer::{Layer, Next};
use super::observe::Observer;

/// Drain: takes no new sessions, as `retired = true` in a provider's table asks for: `start` and `import` are refused with
/// [`ErrorKind::Config`] and send nothing. Everything about existing sessions goes on as before.
///
/// # Order of layers
/// Right: `Drain` over `Detach`: what is refused reaches no other layer. In a registry it is observed all the same.
/// Wrong: `Detach` over `Drain`: a task is spawned to hear a refusal.
#[derive(Default)]
#[doc(alias = "retired")]
pub struct Drain {
    observer: Option<Arc<Observer>>,
}

impl Drain {
    /// Refuses starts and imports.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reports refusals to an observer.
    pub(crate) fn observed(observer: Arc<Observer>) -> Self {
        Self { observer: Some(observer) }
    }

    fn refuse(&self, id: &ProviderId, operation: Operation, target: Target<'_>) -> Error {
        let message = format!("the provider `{id}` is retired: it takes no new sessions");
        let error =
            Error::new(ErrorKind::Config, message).with_provider(id.clone()).with_operation(operation);
        match &self.observer {
            Some(observer) => observer.refused(operation, target, error),
            None => error,
        }
    }
}

impl fmt::Debug for Drain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Drain")
    }
}

impl Layer for Drain {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        match R::OPERATION {
            Operation::Start | Operation::Import => {
                Err(self.refuse(next.id(), R::OPERATION, request.target()))
            }
            _ => next.call(request).await,
        }
    }
}
