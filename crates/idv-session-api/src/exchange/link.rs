//! The way to the vendor in an answer: a link, a token, or both, and how long it lives.

use std::borrow::Cow;
use std::time::Duration;

use idv_core::{AccessToken, Expiry, Handoff, Result, SessionUrl, Timestamp};
use idv_http::JsonClient;
use idv_http::json::Node;

use crate::description::spec::LinkPlaces;

/// The hand-off of a session with this id.
pub(super) fn handoff(
    places: &LinkPlaces,
    client: &JsonClient,
    id: &str,
    answer: &Node<'_>,
) -> Result<Handoff> {
    let token = places.token.text(answer).optional()?;
    let given = places.url.text(answer).optional()?;
    let link: Option<Cow<'_, str>> = match (given, &places.template) {
        (Some(url), _) => Some(url),
        (None, Some(template)) if template.needs_token() && token.is_none() => None,
        (None, Some(template)) => Some(Cow::Owned(template.of(id, token.as_deref().unwrap_or_default()))),
        (None, None) => None,
    };
    let url: Option<SessionUrl> = link.map(|link| client.session_url(&link)).transpose()?;
    let token = token.map(|token| AccessToken::from(&*token));
    match (url, token) {
        (Some(url), token) => Ok(Handoff::from(url).with_token(token)),
        (None, Some(token)) => Ok(Handoff::from(token)),
        (None, None) => {
            let places = if places.url.is_nowhere() { &places.token } else { &places.url };
            Err(places.missing().into())
        }
    }
}

/// When a link ends that was asked for at a moment.
pub(super) fn expiry(places: &LinkPlaces, answer: &Node<'_>, asked_at: Timestamp) -> Option<Expiry> {
    if let Some(at) = places.expires_at.time(answer) {
        return Some(Expiry::documented(at));
    }
    let lifetime = places.lifetime.seconds(answer).map(Duration::from_secs);
    let documented = lifetime.map(|lifetime| Expiry::documented(asked_at.saturating_add(lifetime)));
    documented.or_else(|| Some(Expiry::estimated(asked_at.saturating_add(places.lives?))))
}
