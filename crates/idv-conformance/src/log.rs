//! The log recorder: every record that the crates below write while a check runs.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber, span};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// The records of this thread, at every level, as text. A check runs on one thread with all its tasks.
pub(crate) struct Log {
    text: Arc<Mutex<String>>,
    _guard: DefaultGuard,
}

impl Log {
    /// Begins to record, until dropped.
    pub(crate) fn capture() -> Self {
        static BRIDGE: Once = Once::new();
        // Crates that write through `log`. Where the process has a logger of its own, their records go there.
        BRIDGE.call_once(|| drop(tracing_log::LogTracer::init()));
        let text = Arc::new(Mutex::new(String::new()));
        let subscriber = tracing_subscriber::registry().with(Recorder(Arc::clone(&text)));
        Self { text, _guard: tracing::subscriber::set_default(subscriber) }
    }

    pub(crate) fn text(&self) -> String {
        lock(&self.text).clone()
    }
}

fn lock(text: &Mutex<String>) -> MutexGuard<'_, String> {
    text.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Recorder(Arc<Mutex<String>>);

impl Recorder {
    fn write(&self, metadata: &Metadata<'_>, fields: impl FnOnce(&mut Fields<'_>)) {
        let mut text = lock(&self.0);
        let _ = write!(text, "{} {} {}", metadata.level(), metadata.target(), metadata.name());
        fields(&mut Fields(&mut text));
        text.push('\n');
    }
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.write(event.metadata(), |fields| event.record(fields));
    }

    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        self.write(attributes.metadata(), |fields| attributes.record(fields));
    }

    fn on_record(&self, _: &span::Id, values: &span::Record<'_>, _: Context<'_, S>) {
        values.record(&mut Fields(&mut lock(&self.0)));
    }
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut next = Some(value);
        while let Some(error) = next {
            let _ = write!(self.0, " {}={error} {error:?}", field.name());
            next = error.source();
        }
    }
}
