//! The facts about iDenfy that the shared machinery needs.

use axum::http::Method;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::{Credentials, LINK_STAYS, Magic, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::idenfy::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// iDenfy.
    pub const IDENFY: Self = Self::new("idenfy");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::IDENFY,
    credentials: Credentials {
        schema: "IdenfyVendor",
        description: "iDenfy.",
        names: &["base_url", "api_key", "api_secret", "webhook_secret"],
    },
    stream: 13,
    operations: Operations {
        names: &["start", "check", "find", "data", "delete", "other"],
        of: |method: &Method, path| match (method.as_str(), path.trim_end_matches('/')) {
            ("POST", "/api/v2/token") => "start",
            ("POST", "/api/v2/status") => "check",
            ("POST", "/api/v2/data") => "data",
            ("POST", "/api/v2/delete") => "delete",
            ("GET", "/api/v2/identifications" | "/kyc/identifications") => "find",
            _ => "other",
        },
    },
    state_fields: &[".status", "status.overall", "results.status"],
    magic: Magic {
        reference: |_, body| field(body, &["clientId"]),
        refusal: |status, text| CannedAnswer::idenfy_error(status, "INTERNAL_ERROR", text),
    },
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "iDenfy",
        name: "iDenfy",
        leaving: |_| LINK_STAYS,
        reasons: &[
            ("document_unreadable", "The document is blurred"),
            ("document_expired", "The document has expired"),
            ("face_mismatch", "The face is not that of the document"),
            ("data_mismatch", "The data are not those that were given"),
        ],
        embedded: false,
    },
};
