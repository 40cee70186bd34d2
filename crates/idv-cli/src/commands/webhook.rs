//! `idv webhook`.

use std::path::Path;
use std::time::SystemTime;

use http::{HeaderMap, HeaderName, HeaderValue};
use idv::{Result, Timestamp, WebhookRequest};

use super::arguments;
use crate::args::{Args, Webhook};
use crate::failure::{self, Failure};
use crate::input;
use crate::output::Document;

pub(super) async fn run(args: &Args, webhook: &Webhook) -> Result<(), Failure> {
    let provider = arguments::provider_id(&webhook.provider)?;
    let headers = headers(&webhook.headers)?;
    let body = input::read_file(&webhook.body)?;
    let received_at = match &webhook.at {
        Some(text) => text.parse().map_err(|error| failure::usage(format!("--at: {error}")))?,
        None => Timestamp::from(SystemTime::now()),
    };
    let request = WebhookRequest::new(&headers, &body, received_at);
    #[cfg(feature = "tracker")]
    if webhook.track {
        let tracker = crate::store::open(args).await?;
        let outcome = tracker.registry().verify_webhook(&provider, &request)?;
        let receipt = tracker.receive(&provider, &headers, &body).await?;
        return args.output().show(&Document::Received(&outcome, &receipt));
    }
    let outcome = arguments::registry(args)?.verify_webhook(&provider, &request)?;
    args.output().show(&Document::Webhook(&outcome))
}

/// Reads `Name: value` lines. A value is never repeated in an error: it may be a secret.
fn headers(path: &Path) -> Result<HeaderMap> {
    let bytes = input::read_file(path)?;
    let mut headers = HeaderMap::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        let (name, value) = header(line).ok_or_else(|| {
            failure::usage(format!("{}, line {}: expected `Name: value`", path.display(), index + 1))
        })?;
        headers.append(name, value);
    }
    Ok(headers)
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at(colon);
    let name = HeaderName::from_bytes(name.trim_ascii()).ok()?;
    let value = HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?;
    Some((name, value))
}
