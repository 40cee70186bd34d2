//! The receiving end of OTLP, in place of a collector.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use tokio::net::TcpListener;
use tonic::transport::server::{Server, TcpIncoming};
use tonic::{Request, Response, Status};

/// Keeps the spans that it is sent.
#[derive(Clone)]
pub(crate) struct Receiver {
    url: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Receiver {
    pub(crate) async fn listen() -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let receiver = Self { url, spans: Arc::default() };
        let service = TraceServiceServer::new(receiver.clone());
        let incoming = TcpIncoming::from(listener);
        tokio::spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
        Ok(receiver)
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// The spans, each indented below its parent.
    pub(crate) fn tree(&self) -> String {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        let mut children: BTreeMap<&[u8], Vec<&Span>> = BTreeMap::new();
        for span in &*spans {
            children.entry(&span.parent_span_id).or_default().push(span);
        }
        let mut text = String::new();
        write_below(&[], 1, &children, &mut text);
        text
    }
}

fn write_below(parent: &[u8], depth: usize, children: &BTreeMap<&[u8], Vec<&Span>>, text: &mut String) {
    let mut below: Vec<&Span> = children.get(parent).into_iter().flatten().copied().collect();
    below.sort_by_key(|span| span.start_time_unix_nano);
    for span in below {
        let outcome = attribute(span, "idv.outcome").unwrap_or_default();
        let _ = writeln!(text, "{}{} {outcome}", "  ".repeat(depth), span.name);
        write_below(&span.span_id, depth + 1, children, text);
    }
}

fn attribute<'a>(span: &'a Span, name: &str) -> Option<&'a str> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text),
        _ => None,
    }
}

#[tonic::async_trait]
impl TraceService for Receiver {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let scopes =
            request.into_inner().resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
        let sent = scopes.flat_map(|scope| scope.spans);
        self.spans.lock().unwrap_or_else(PoisonError::into_inner).extend(sent);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}
