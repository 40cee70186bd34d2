//! The way in which a vendor signs and words its webhooks.

use crate::random::Random;

/// The names and values of headers.
pub(crate) type Headers = Vec<(&'static str, String)>;

/// The way in which a vendor signs and words its webhooks.
#[derive(Debug)]
pub(crate) struct Scheme {
    /// The headers that go with a message.
    pub(crate) headers: fn(&Message<'_>) -> Headers,
    /// The header that proves the origin.
    pub(crate) proof: &'static str,
    /// The time for which a replaced key signs too, in milliseconds.
    pub(crate) overlap: i64,
    pub(crate) new_key: fn(&Random) -> String,
    pub(crate) new_endpoint_id: fn(&Random) -> String,
    /// The id of an event with a body of the caller's; empty where events have none.
    pub(crate) new_event_id: fn(&Random) -> String,
    /// The fields that can hold the type of an event: names, or JSON pointers.
    pub(crate) type_fields: &'static [&'static str],
    /// The field with the content of an event: a name, or a JSON pointer.
    pub(crate) content_field: &'static str,
    /// The fields beside it that repeat parts of the content.
    pub(crate) copied_fields: &'static [&'static str],
    /// The word for an approval, in events.
    pub(crate) approval: &'static str,
}

/// A body that is sent at some time.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    /// The keys that sign it, of which there is at least one; the current one comes first.
    pub(crate) keys: Vec<&'a str>,
    pub(crate) event_id: &'a str,
    /// The signature algorithm, where the vendor lets it be configured; empty stands for its default.
    pub(crate) algorithm: &'static str,
    /// The time of sending, in seconds.
    pub(crate) seconds: String,
    pub(crate) body: &'a [u8],
}

/// The signing key of an endpoint, and the one before it.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) current: String,
    /// The signature algorithm, where the vendor lets it be configured; empty stands for its default.
    pub(crate) algorithm: &'static str,
    previous: Option<(String, i64)>,
}

impl Keys {
    pub(crate) fn new(current: String) -> Self {
        Self { current, algorithm: "", previous: None }
    }

    /// Replaces the key.
    pub(crate) fn rotate(&mut self, scheme: &Scheme, fresh: String, now: i64) {
        let old = std::mem::replace(&mut self.current, fresh);
        self.previous = Some((old, now.saturating_add(scheme.overlap)));
    }

    fn live(&self, now: i64) -> Vec<&str> {
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until);
        std::iter::once(self.current.as_str()).chain(previous.map(|(key, _)| key.as_str())).collect()
    }

    /// The headers that go with a body sent at `timestamp`, in milliseconds.
    pub(crate) fn headers(
        &self,
        scheme: &Scheme,
        event_id: &str,
        body: &[u8],
        now: i64,
        timestamp: i64,
    ) -> Headers {
        let seconds = timestamp.div_euclid(1000).to_string();
        let algorithm = self.algorithm;
        (scheme.headers)(&Message { keys: self.live(now), event_id, algorithm, seconds, body })
    }
}
