//! nxos's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::lenient::{self, Lenient, Text};

/// "VerificationSession" (docs.nxos.io, "Start verification").
#[derive(Deserialize)]
pub(crate) struct Session {
    pub(crate) url: String,
    #[serde(rename = "accessToken")]
    pub(crate) access_token: Option<String>,
}

/// "OrganizationVerification" (docs.nxos.io, "Get verification"). Only the status has to have its documented form: what
/// stands beside it must not hide it.
#[derive(Deserialize)]
pub(crate) struct OrganizationVerification {
    pub(crate) status: String,
    #[serde(rename = "type")]
    pub(crate) subject: Option<Value>,
    #[serde(rename = "updatedAt")]
    pub(crate) updated_at: Option<Value>,
}

/// The body of an import (docs.nxos.io, "Import verification").
#[derive(Serialize)]
pub(crate) struct Import<'a> {
    #[serde(rename = "shareToken")]
    pub(crate) share_token: &'a str,
}

/// A webhook (docs.nxos.io, "Webhooks").
#[derive(Deserialize)]
pub(crate) struct Event<'a> {
    #[serde(rename = "type", borrow)]
    pub(crate) event_type: Cow<'a, str>,
    #[serde(default, borrow)]
    pub(crate) timestamp: Text<'a>,
    #[serde(default, borrow)]
    pub(crate) data: Data<'a>,
}

impl<'a> Event<'a> {
    /// JSON is UTF-8; serde_json by itself does not look at the texts that no field takes.
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        serde_json::from_str(std::str::from_utf8(body).ok()?).ok()
    }
}

/// `data` of a webhook. Its fields are not documented, so it stays open, and of a name that is repeated the last counts.
#[derive(Default)]
pub(crate) struct Data<'a> {
    pub(crate) organization: Text<'a>,
    pub(crate) status: Text<'a>,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Field {
    #[serde(rename = "organizationId")]
    Organization,
    #[serde(rename = "status")]
    Status,
    #[serde(other)]
    Other,
}

impl<'de> Lenient<'de> for Data<'de> {
    fn object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut data = Self::default();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Organization => data.organization = map.next_value()?,
                Field::Status => data.status = map.next_value()?,
                Field::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(data)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Data<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::read(deserializer)
    }
}
