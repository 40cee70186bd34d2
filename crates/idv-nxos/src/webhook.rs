//! Webhook verification: Svix over the raw body, then as much as the body says.

use idv_core::signature::Svix;
use idv_core::{
    Correlation, Error, NextAction, ProviderId, Result, SessionRef, VendorWord, WebhookEvent, WebhookOutcome,
    WebhookRequest,
};

use crate::mapping::{self, OwnOrganization};
use crate::wire;

/// The one event type about verifications (docs.nxos.io, "Webhooks").
const TYPES: &[(&str, ())] = &[("organization.verification.updated", ())];

/// Verifies and reads a webhook.
///
/// The next action is always a check: what `data` holds is not documented, so a status in it is kept but not acted on.
pub(crate) fn read(
    provider: &ProviderId,
    keys: &Svix,
    own: &OwnOrganization,
    webhook: &WebhookRequest<'_>,
) -> Result<WebhookOutcome> {
    let id = keys.verify(webhook)?;
    let event = wire::Event::parse(webhook.body).map_err(|error| {
        Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
    })?;
    let (ours, event_type) = VendorWord::lookup_ignore_case(TYPES, &event.event_type);
    if ours.is_none() {
        return Ok(WebhookOutcome::Ignored { provider: provider.clone(), provider_event_type: event_type });
    }
    let organization = event.organization.as_deref();
    let mut read = WebhookEvent::signed(provider.clone(), id, event_type);
    read.reference = organization
        .filter(|id| mapping::is_organization(id))
        .and_then(|id| SessionRef::new(provider.clone(), own.key(id)).ok());
    read.correlation = Correlation::new().with(Correlation::ORGANIZATION_ID, organization);
    read.occurred_at = event.timestamp;
    if let Some(word) = event.status {
        let (status, word) = mapping::status(&word);
        read = read.with_status(status, word, Vec::new(), NextAction::Check);
    }
    Ok(WebhookOutcome::Event(Box::new(read)))
}
