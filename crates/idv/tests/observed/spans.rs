//! What is logged of a call: under documented names, and in the span of the caller.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use idv::{CheckRequest, FindRequest, StartRequest};
use idv_sandbox::{CannedAnswer, Fault, FaultKind};
use tracing::field::{Field, Visit};
use tracing::{Event, Instrument, Level, Subscriber, span};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::sandboxed::World;

const DOCUMENTATION: &str = include_str!("../../../../docs/observation.md");

type Fields = BTreeMap<String, String>;

/// A span, with everything that was recorded of it.
#[derive(Debug, Clone)]
struct Seen {
    name: &'static str,
    root: usize,
    parent: Option<usize>,
    declared: Vec<&'static str>,
    fields: Fields,
}

#[derive(Default)]
struct Log {
    spans: Vec<Seen>,
    /// The root span of each event, its level and fields.
    events: Vec<(usize, Level, Fields)>,
}

/// Where a span stands in the log. A subscriber uses its own ids again.
#[derive(Clone, Copy)]
struct Place(usize);

/// Records everything of the whole process: subscribers that come and go, one for each test, hide spans from each other.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Log>>);

fn place<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>) -> Option<usize> {
    span.extensions().get::<Place>().map(|place| place.0)
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        let mut log = self.0.lock().unwrap();
        let mut fields = Fields::new();
        attributes.record(&mut Reader(&mut fields));
        let parent = span.parent().and_then(|parent| place(&parent));
        let root = parent.map_or(log.spans.len(), |parent| log.spans[parent].root);
        let declared = attributes.metadata().fields().iter().map(|field| field.name()).collect();
        span.extensions_mut().insert(Place(log.spans.len()));
        log.spans.push(Seen { name: attributes.metadata().name(), root, parent, declared, fields });
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        let place = context.span(id).and_then(|span| place(&span)).unwrap();
        values.record(&mut Reader(&mut self.0.lock().unwrap().spans[place].fields));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(place) = context.event_span(event).and_then(|span| place(&span)) else { return };
        let mut log = self.0.lock().unwrap();
        let root = log.spans[place].root;
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        log.events.push((root, *event.metadata().level(), fields));
    }
}

struct Reader<'a>(&'a mut Fields);

impl Reader<'_> {
    /// Logs that print a span print a field as often as it was recorded.
    fn keep(&mut self, field: &Field, value: String) {
        let before = self.0.insert(field.name().to_owned(), value);
        assert_eq!(before, None, "{field} is recorded once");
    }
}

impl Visit for Reader<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.keep(field, format!("{value:?}"));
    }
}

/// What was logged inside one span.
struct Story {
    spans: Vec<(usize, Seen)>,
    events: Vec<(Level, Fields)>,
}

impl Story {
    /// Runs something inside the span `handler`, as the first of its story.
    fn of(run: impl AsyncFnOnce()) -> Self {
        static RECORDER: OnceLock<Recorder> = OnceLock::new();
        let recorder = RECORDER.get_or_init(|| {
            let recorder = Recorder::default();
            let subscriber = tracing_subscriber::registry().with(recorder.clone());
            tracing::subscriber::set_global_default(subscriber).unwrap();
            recorder
        });
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run().instrument(tracing::info_span!("handler", number)));
        let log = recorder.0.lock().unwrap();
        let is_root = |seen: &Seen| seen.name == "handler" && seen.fields["number"] == number.to_string();
        let root = log.spans.iter().position(is_root).unwrap();
        let spans = log.spans.iter().enumerate().filter(|(_, seen)| seen.root == root);
        let events = log.events.iter().filter(|(of, ..)| *of == root);
        Self {
            spans: spans.map(|(place, seen)| (place, seen.clone())).collect(),
            events: events.map(|(_, level, fields)| (*level, fields.clone())).collect(),
        }
    }

    fn named(&self, name: &str) -> (usize, &Seen) {
        let mut found = self.spans.iter().filter(|(_, seen)| seen.name == name);
        found.next_back().map(|(place, seen)| (*place, seen)).unwrap()
    }
}

/// The rows of the table of fields whose second column has the name of a span, or `both`.
fn documented(span: &str) -> BTreeSet<&'static str> {
    let rows = DOCUMENTATION.lines().filter_map(|line| {
        let mut cells = line.split('|').map(|cell| cell.trim());
        let (field, place) = (cells.nth(1)?, cells.next()?);
        (place == "both" || place == format!("`{span}`")).then_some(field.trim_matches('`'))
    });
    rows.collect()
}

#[test]
fn the_fields_are_those_of_the_documentation() {
    let log = Story::of(async || {
        let world = World::new().await;
        world.registry.check(&world.check()).await.unwrap();
    });
    for span in ["idv.call", "idv.attempt"] {
        let (_, seen) = log.named(span);
        let declared: BTreeSet<&str> = seen.declared.iter().copied().collect();
        assert_eq!(declared, documented(span), "{span}");
    }
}

#[test]
fn a_call_is_one_span_of_its_caller_around_its_attempts() {
    let log = Story::of(async || {
        let world = World::new().await;
        let down = FaultKind::Answer { answer: CannedAnswer::nxos_error(503, "unavailable", "x") };
        world.sandbox.nxos().add_fault(Fault::new(down)).unwrap();
        world.registry.start(&world.start()).await.unwrap();
    });
    let (handler, _) = log.named("handler");
    let (call, seen) = log.named("idv.call");
    assert_eq!(seen.parent, Some(handler), "a start runs as a task of its own, and is still the caller's");
    let field = |name: &str| seen.fields.get(name).map(String::as_str);
    assert_eq!(field("idv.provider"), Some("primary"));
    assert_eq!(field("idv.kind"), Some("nxos"));
    assert_eq!(field("idv.operation"), Some("start"));
    assert_eq!(field("idv.outcome"), Some("ok"));
    assert_eq!(field("idv.status"), Some("in_progress"));
    assert_eq!(field("idv.attempts"), Some("2"));
    assert_eq!(field("otel.status_code"), None);
    let attempts = || log.spans.iter().filter(|(_, seen)| seen.name == "idv.attempt");
    assert!(attempts().all(|(_, attempt)| attempt.parent == Some(call)));
    let said: Vec<_> = attempts()
        .map(|(_, attempt)| (attempt.fields["idv.outcome"].as_str(), attempt.fields.get("idv.http_status")))
        .collect();
    assert_eq!(said, [("unavailable", Some(&"503".to_owned())), ("ok", None)]);
}

#[test]
fn an_answer_has_the_vendors_word_and_whom_and_how_long_it_took() {
    let (mut session, mut reference) = (String::new(), String::new());
    let log = Story::of(async || {
        let world = World::new().await;
        session = world.observation.pseudonym(&world.session()).to_string();
        reference = world.observation.pseudonym_of_reference("case-7").to_string();
        world.registry.start(&world.start()).await.unwrap();
        world.registry.check(&world.check()).await.unwrap();
    });
    let calls: Vec<&Fields> =
        log.spans.iter().filter(|(_, seen)| seen.name == "idv.call").map(|(_, seen)| &seen.fields).collect();
    let [start, check] = calls[..] else { panic!("{calls:?}") };
    assert_eq!((&start["idv.reference"], &start["idv.session"]), (&reference, &session));
    assert_eq!((start.get("idv.provider_status"), check.get("idv.reference")), (None, None));
    assert_eq!((&check["idv.session"], check["idv.provider_status"].as_str()), (&session, "PENDING"));
    for call in calls {
        assert!(["idv.wait_ms", "idv.duration_ms"].iter().all(|name| call[*name].parse::<u64>().is_ok()));
    }
}

#[test]
fn a_success_that_cannot_be_used_is_no_success_of_its_attempt() {
    let log = Story::of(async || {
        let world = World::new().await;
        let useless = FaultKind::Answer { answer: CannedAnswer::json(200, r#"{"url":"javascript:x"}"#) };
        world.sandbox.nxos().add_fault(Fault::new(useless)).unwrap();
        world.registry.start(&world.start()).await.unwrap_err();
    });
    for span in ["idv.call", "idv.attempt"] {
        let (_, seen) = log.named(span);
        let field = |name: &str| seen.fields.get(name).map(String::as_str);
        assert_eq!((field("idv.outcome"), field("idv.http_status")), (Some("invalid_response"), Some("200")));
    }
}

#[test]
fn a_search_tells_how_many_it_found() {
    let log = Story::of(async || {
        let (world, sessions) = (World::new().await, "sessions".parse().unwrap());
        let applicant = StartRequest::new("case-7").first_name("Ada").last_name("Sample");
        let applicant = applicant.email("ada@example.com").phone("+4915112345678");
        world.registry.start_at(&sessions, &applicant).await.unwrap();
        world.registry.start_at(&sessions, &applicant).await.unwrap();
        let found = world.registry.find(&sessions, &FindRequest::new("case-7")).await.unwrap();
        assert_eq!(found.len(), 2);
    });
    let (_, search) = log.named("idv.call");
    assert_eq!((search.fields["idv.operation"].as_str(), search.fields["idv.found"].as_str()), ("find", "2"));
}

#[test]
fn an_error_has_its_axes_and_a_session_its_pseudonym() {
    let unknown = "primary:org_404";
    let mut pseudonym = String::new();
    let log = Story::of(async || {
        let world = World::new().await;
        pseudonym = world.observation.pseudonym(&unknown.parse().unwrap()).to_string();
        world.registry.check(&CheckRequest::new(unknown.parse().unwrap())).await.unwrap_err();
    });
    let (_, seen) = log.named("idv.call");
    let field = |name: &str| seen.fields.get(name).map(String::as_str);
    assert_eq!(field("idv.outcome"), Some("not_found"));
    assert_eq!(field("idv.http_status"), Some("404"));
    assert_eq!(field("idv.code"), Some("organization_not_found"));
    assert!(field("idv.request_id").is_some());
    assert_eq!(field("idv.delivery"), Some("answered"));
    assert_eq!(field("idv.retry"), Some("never"));
    assert_eq!(field("otel.status_code"), Some("ERROR"));
    assert_eq!(field("idv.session"), Some(pseudonym.as_str()));
    let all = format!("{:?}{:?}", log.spans, log.events);
    assert!(!all.contains("org_404"), "{all}");
}

#[test]
fn a_word_that_is_not_modelled_is_a_warning_with_the_word() {
    let log = Story::of(async || {
        let world = World::new().await;
        let new_word = FaultKind::UnknownWord { word: Some("ESCALATED".to_owned()) };
        world.sandbox.nxos().add_fault(Fault::new(new_word)).unwrap();
        world.registry.check(&world.check()).await.unwrap();
        world.registry.check(&world.check()).await.unwrap();
    });
    let warnings: Vec<_> = log.events.iter().filter(|(level, _)| *level == Level::WARN).collect();
    let [(_, warning)] = warnings[..] else { panic!("{warnings:?}") };
    assert_eq!(warning["idv.provider_status"], "ESCALATED");
    assert_eq!(warning["message"], "the vendor used a status that is not modelled");
}
