//! Every record that any crate writes, and the search for what must not be in it.

use std::fmt::{self, Debug, Write};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Metadata, Subscriber, span};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// All events, spans and records of all crates in this process, at every level, as text.
///
/// There is one for the whole process, so that what a background task writes is not missed. A test that needs to know
/// what *it* caused looks for values of its own.
#[derive(Debug, Clone, Copy)]
pub struct Log(&'static Mutex<String>);

impl Log {
    /// Begins to record. Later calls give the same log.
    ///
    /// # Panics
    /// When this process has another subscriber or logger already.
    #[must_use]
    pub fn capture() -> Self {
        static LOG: OnceLock<Mutex<String>> = OnceLock::new();
        static READY: OnceLock<()> = OnceLock::new();
        let log = Self(LOG.get_or_init(Mutex::default));
        READY.get_or_init(|| {
            let subscriber = tracing_subscriber::registry().with(Recorder(log));
            tracing::subscriber::set_global_default(subscriber).expect("this is the only subscriber");
            // Crates that write through `log` instead of `tracing`.
            tracing_log::LogTracer::init().expect("this is the only logger");
        });
        log
    }

    /// Everything recorded so far.
    #[must_use]
    pub fn text(&self) -> String {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'static, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Recorder(Log);

impl Recorder {
    fn write(&self, what: &str, metadata: &Metadata<'_>, fields: impl FnOnce(&mut Fields<'_>)) {
        let mut log = self.0.lock();
        let _ = write!(log, "{} {what} {} {}", metadata.level(), metadata.target(), metadata.name());
        fields(&mut Fields(&mut log));
        log.push('\n');
    }
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.write("event", event.metadata(), |fields| event.record(fields));
    }

    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        self.write("span", attributes.metadata(), |fields| attributes.record(fields));
    }

    fn on_record(&self, _: &span::Id, values: &span::Record<'_>, _: Context<'_, S>) {
        values.record(&mut Fields(&mut self.0.lock()));
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

/// Fails if one of the canaries is in the text: as it is, percent-encoded, in hex, or as a list of bytes, which is how
/// `Debug` prints a `Vec<u8>`; whatever the case of its letters.
///
/// # Panics
/// When a canary is found, or is so short that it could be there by chance.
#[track_caller]
pub fn assert_clean(text: &str, canaries: &[&str]) {
    let text = text.to_lowercase();
    for canary in canaries {
        assert!(canary.len() >= 8, "{canary:?} could be found by chance");
        for form in forms(canary) {
            if let Some(position) = text.find(&form.to_lowercase()) {
                let line = text[position..].lines().next().unwrap_or_default();
                let before = text[..position].lines().next_back().unwrap_or_default();
                panic!("the canary {canary:?} is in: {before}{line}");
            }
        }
    }
}

fn forms(canary: &str) -> [String; 4] {
    let hex = canary.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let list = canary.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    [canary.to_owned(), utf8_percent_encode(canary, NON_ALPHANUMERIC).to_string(), hex, list]
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lock())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_spans_and_records_of_every_thread_are_kept() {
        let log = Log::capture();
        std::thread::spawn(|| {
            let span = tracing::trace_span!("outer", late = tracing::field::Empty, early = "canary-early");
            span.record("late", "canary-late");
            let _entered = span.enter();
            tracing::trace!(number = 7, "canary-event");
            tracing_log::log::trace!(target: "elsewhere", "canary-record");
        })
        .join()
        .unwrap();
        let text = log.text();
        for word in ["canary-early", "canary-late", "canary-event", "number=7", "canary-record"] {
            assert!(text.contains(word), "{word} is missing in {text}");
        }
        assert_eq!(Log::capture().text().matches("canary-record").count(), 1, "one log, not two");
    }

    #[test]
    fn a_canary_is_found_in_every_form() {
        assert_clean("nothing here", &["ada@canary.example"]);
        let bytes = format!("{:?}", b"x ada@canary.example".to_vec());
        for text in [
            "mail ADA@canary.example",
            "a=ada%40canary%2Eexample",
            "6164614063616e6172792e6578616d706c65",
            &bytes,
        ] {
            let found = std::panic::catch_unwind(|| assert_clean(text, &["ada@canary.example"]));
            assert!(found.is_err(), "{text}");
        }
    }
}
