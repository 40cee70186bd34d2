//! From `tracing` to OpenTelemetry, and the current span as a `traceparent`.

use std::error::Error;

use idv::observe::{TraceParent, TraceSource};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Level, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends the spans of this program to a collector.
pub(crate) struct Spans(SdkTracerProvider);

impl Spans {
    pub(crate) fn to(endpoint: &str) -> Result<Self, Box<dyn Error>> {
        let exporter = SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("example-observability"));
        // Only our own spans: HTTP libraries print what they send.
        let ours =
            Targets::new().with_target("idv", Level::INFO).with_target("example_observability", Level::INFO);
        tracing_subscriber::registry().with(layer.with_filter(ours)).try_init()?;
        Ok(Self(provider))
    }

    /// Sends what is still here.
    pub(crate) fn flush(&self) -> Result<(), Box<dyn Error>> {
        Ok(self.0.force_flush()?)
    }
}

/// The vendor's spans become children of the span in which the call is made: that of the attempt.
#[derive(Debug)]
pub(crate) struct CurrentSpan;

impl TraceSource for CurrentSpan {
    fn current(&self) -> Option<TraceParent> {
        let context = Span::current().context();
        let span = context.span();
        let (trace, id) = (span.span_context().trace_id(), span.span_context().span_id());
        let flags = span.span_context().trace_flags().to_u8();
        TraceParent::new(u128::from_be_bytes(trace.to_bytes()), u64::from_be_bytes(id.to_bytes()), flags).ok()
    }
}
