//! The facts about Plaid that the shared machinery needs.

use axum::http::Method;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::{Credentials, LINK_STAYS, Magic, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::plaid::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// Plaid Identity Verification.
    pub const PLAID: Self = Self::new("plaid");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::PLAID,
    credentials: Credentials {
        schema: "PlaidVendor",
        description: "Plaid Identity Verification.",
        names: &["base_url", "client_id", "secret", "template_id"],
    },
    stream: 15,
    operations: Operations {
        names: &["start", "check", "find", "retry", "other"],
        of: |_: &Method, path| match path {
            "/identity_verification/create" => "start",
            "/identity_verification/get" => "check",
            "/identity_verification/list" => "find",
            "/identity_verification/retry" => "retry",
            _ => "other",
        },
    },
    state_fields: &["status"],
    magic: Magic {
        reference: |_, body| field(body, &["client_user_id"]),
        refusal: |status, text| CannedAnswer::plaid_error(status, "API_ERROR", "INTERNAL_SERVER_ERROR", text),
    },
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Plaid",
        name: "Plaid",
        leaving: |_| LINK_STAYS,
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("face_mismatch", "The face is not that of the document"),
        ],
        embedded: false,
    },
};
