//! The facts about a simulated vendor that stay the same while it runs.

use axum::http::request::Parts;

use crate::fault::{CannedAnswer, Operations};
use crate::vendor::Vendor;
use crate::verification::Subject;
use crate::webhooks::{Schedule, Scheme};

/// The hint for an applicant who leaves a page that stays open.
pub(crate) const LINK_STAYS: &str = "You can come back with the same link.";

/// The facts about one vendor.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) vendor: Vendor,
    pub(crate) credentials: Credentials,
    /// The number of the vendor's random sequence. Each vendor has one of its own, so that ids differ under one seed; 4
    /// and 5 are taken by the first signing keys and by fault mixes.
    pub(crate) stream: u64,
    pub(crate) operations: Operations,
    /// The fields of answers and events that hold the word for a state; `outer.inner` where the name alone is not clear.
    pub(crate) state_fields: &'static [&'static str],
    pub(crate) magic: Magic,
    pub(crate) scheme: Scheme,
    pub(crate) schedule: Schedule,
    pub(crate) pages: PageTexts,
}

/// The base URL, keys and secrets of a vendor, as the control API lists them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credentials {
    /// The name of their schema.
    pub(crate) schema: &'static str,
    pub(crate) description: &'static str,
    pub(crate) names: &'static [&'static str],
}

/// The magic references of a vendor.
#[derive(Debug)]
pub(crate) struct Magic {
    /// The reference of a start, by its head and body.
    pub(crate) reference: fn(&Parts, &[u8]) -> Option<String>,
    /// The error that a reference can ask for, by its status and its text.
    pub(crate) refusal: fn(u16, &str) -> CannedAnswer,
}

/// The texts of a vendor on pages.
#[derive(Debug)]
pub(crate) struct PageTexts {
    /// The name in a list of vendors.
    pub(crate) title: &'static str,
    /// The name in the middle of a sentence.
    pub(crate) name: &'static str,
    /// The hint for an applicant who leaves, as the vendor documents it.
    pub(crate) leaving: fn(Subject) -> &'static str,
    /// The reasons for a failure that the hosted page offers, with their texts.
    pub(crate) reasons: &'static [(&'static str, &'static str)],
    /// Whether the hosted page leads on to an embedded flow.
    pub(crate) embedded: bool,
}
