//! What the flaws make of an error.

use http::StatusCode;
use idv_core::{CredentialOwner, Delivery, Error, ErrorKind, Retry};

use super::AcmeProvider;
use crate::flaw::Flaw;

impl AcmeProvider {
    /// What the flaws make of an error.
    pub(super) fn spoil(&self, error: Error) -> Error {
        match self.flaw {
            Some(Flaw::RepeatsDuplicates)
                if error.code().is_some_and(|code| code.as_str() == "duplicate_reference") =>
            {
                error.with_retry(Retry::Allowed { after: None })
            }
            Some(Flaw::LogsRefusals) if error.http_status().is_some_and(|status| status < 500) => {
                let text = error.vendor_text().map(|text| text.expose().to_owned());
                tracing::warn!(text, "refused");
                error
            }
            Some(Flaw::ClaimsNothingWasSent) if error.delivery() == Delivery::Unknown => {
                error.with_delivery(Delivery::NotSent)
            }
            Some(Flaw::IgnoresRetryAfter) if matches!(error.retry(), Retry::Allowed { .. }) => {
                error.with_retry(Retry::Allowed { after: None })
            }
            Some(Flaw::KeepsTheVendorsText) => {
                let text = error.vendor_text().map(|text| text.expose().to_owned()).unwrap_or_default();
                error.with_source(text)
            }
            Some(Flaw::PrintsAddresses) => {
                let message = format!("{} ({})", error.message(), self.client.base().as_url());
                let kind = error.kind();
                self.retold(&error, Error::new(kind, message)).with_code(error.code().cloned())
            }
            Some(Flaw::BelievesPages)
                if error.kind() == ErrorKind::Unavailable && matches!(error.http_status(), Some(401)) =>
            {
                self.retold(&error, Error::unauthenticated(CredentialOwner::Application))
                    .with_retry(Retry::Never)
            }
            Some(Flaw::GivesUpAfterTimeOuts) if matches!(error.http_status(), Some(408 | 421 | 425)) => {
                error.with_retry(Retry::Never)
            }
            Some(Flaw::HidesWhatTheAnswerWas) if error.kind() == ErrorKind::InvalidResponse => {
                self.retold(&error, Error::new(ErrorKind::InvalidResponse, "the answer is no good"))
            }
            Some(Flaw::ReadsWholeErrorsOnly)
                if error.vendor_text().is_none_or(|text| text.expose().contains('\u{fffd}')) =>
            {
                error.with_code(None).with_request_id(None)
            }
            Some(Flaw::TrustsItsOwnClock) => self.by_its_own_clock(error),
            _ => error,
        }
    }

    /// Counts a date from here, though the vendor says what time it is there.
    fn by_its_own_clock(&self, error: Error) -> Error {
        match (error.retry(), error.answered_at()) {
            (Retry::Allowed { after: Some(after) }, Some(there)) => {
                let after = there.saturating_add(after).saturating_since(self.context.clock.now());
                error.with_retry(Retry::Allowed { after: Some(after) })
            }
            _ => error,
        }
    }

    /// Another error in the place of one.
    fn retold(&self, error: &Error, mut other: Error) -> Error {
        other = other.with_delivery(error.delivery()).with_retry(error.retry());
        other = other.with_provider(self.id.clone());
        if let Some(operation) = error.operation() {
            other = other.with_operation(operation);
        }
        match error.http_status().and_then(|status| StatusCode::from_u16(status).ok()) {
            Some(status) => other.with_http_status(status),
            None => other,
        }
    }
}
