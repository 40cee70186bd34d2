//! The facts about Shufti that the shared machinery needs.

use axum::http::Method;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::{Credentials, Magic, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::shufti::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// Shufti.
    pub const SHUFTI: Self = Self::new("shufti");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::SHUFTI,
    credentials: Credentials {
        schema: "ShuftiVendor",
        description: "Shufti.",
        names: &["base_url", "client_id", "secret_key"],
    },
    stream: 14,
    operations: Operations {
        names: &["start", "check", "delete", "other"],
        of: |method: &Method, path| match (method.as_str(), path) {
            ("POST", "/") => "start",
            ("POST", "/status") => "check",
            ("POST", "/delete") => "delete",
            _ => "other",
        },
    },
    state_fields: &["event"],
    magic: Magic {
        reference: |_, body| field(body, &["reference"]),
        refusal: |status, text| CannedAnswer::shufti_error(status, "request.invalid", text),
    },
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Shufti",
        name: "Shufti",
        leaving: |_| "Leaving cancels the verification.",
        reasons: &[
            ("face_mismatch", "The face is not that of the document"),
            ("liveness_failed", "The face may not be a living one"),
            ("document_tampered", "The document was edited"),
            ("data_mismatch", "The name is another one"),
        ],
        embedded: false,
    },
};
