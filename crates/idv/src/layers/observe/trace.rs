//! In which trace calls are made.

use std::future::Future;
use std::sync::Arc;

use idv_core::{TraceParent, TraceSource};

tokio::task_local! {
    static CALLERS: TraceParent;
}

/// Makes the calls of a future part of a trace: vendors get its `traceparent`. Without a context the future runs as it
/// would without this. It goes before [`Observation::trace`](crate::Observation::trace), and holds for calls that are seen
/// through after their caller went away.
///
/// ```no_run
/// # async fn handler(registry: idv::Registry, headers: http::HeaderMap) -> idv::Result<()> {
/// let parent = idv::TraceParent::of(&headers);
/// let session = idv::in_trace(parent, registry.start(&idv::StartRequest::new("case-7"))).await?;
/// # Ok(())
/// # }
/// ```
pub async fn in_trace<F: Future>(parent: Option<TraceParent>, calls: F) -> F::Output {
    match parent {
        Some(parent) => CALLERS.scope(parent, calls).await,
        None => calls.await,
    }
}

/// Takes the caller's trace along into another task.
pub(crate) fn carried<F: Future>(call: F) -> impl Future<Output = F::Output> {
    in_trace(current(), call)
}

fn current() -> Option<TraceParent> {
    CALLERS.try_with(|parent| *parent).ok()
}

/// The trace that [`in_trace`] names, else that of the application's own source.
#[derive(Debug)]
pub(crate) struct Callers {
    pub(super) otherwise: Option<Arc<dyn TraceSource>>,
}

impl TraceSource for Callers {
    fn current(&self) -> Option<TraceParent> {
        current().or_else(|| self.otherwise.as_ref()?.current())
    }
}
