//! A provider that only sees its sessions through.

use std::fmt;
use std::sync::Arc;

use idv_core::{Error, ErrorKind, Operation, ProviderId, Request, Result, Target, VerificationProvider};

use super::layer::{Layer, Layered, Next, Provider};
use super::observe::Observer;

/// A provider that takes nobody new, as `retired = true` in its table asks for: `start` and `import` are refused with
/// [`ErrorKind::Config`] and send nothing. Everything about sessions that it has goes on as before.
///
/// # Order of layers
/// Right: `Retired::new(Shield::new(…))`: what is refused reaches no other layer. In a registry it is observed all the same.
/// Wrong: `Shield::new(Retired::new(…), …)`: a task is spawned to hear a refusal.
#[derive(Default)]
pub struct Drain {
    observer: Option<Arc<Observer>>,
}

/// A provider that is drained.
pub type Retired<P> = Layered<Drain, Provider<P>>;

impl<P: VerificationProvider> Retired<P> {
    /// Retires a provider.
    pub fn new(inner: P) -> Self {
        Self::around(Drain::default(), inner)
    }
}

impl Drain {
    /// Tells an observer of what is refused.
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
