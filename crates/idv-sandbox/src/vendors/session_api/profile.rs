//! The facts about the session API that the shared machinery needs.

use crate::profile::{Credentials, LINK_STAYS, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::session_api::operations::{MAGIC, OPERATIONS};
use crate::vendors::session_api::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// The session API, in the shape of deepidv.
    pub const SESSION_API: Self = Self::new("session-api");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::SESSION_API,
    credentials: Credentials {
        schema: "SessionApiVendor",
        description: "The session API.",
        names: &["base_url", "api_key", "sandbox_key", "webhook_secret"],
    },
    stream: 3,
    operations: OPERATIONS,
    state_fields: &["status"],
    magic: MAGIC,
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "session API",
        name: "the session API",
        leaving: |_| LINK_STAYS,
        // Documented words, and an undocumented one last.
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("face_mismatch", "The face is not that of the document"),
            ("session_expired", "The session has expired"),
            ("internal_error", "The vendor has an error"),
            ("unknown", "Unknown"),
            ("simulated_new_reason", "A reason that the documentation does not list"),
        ],
        embedded: false,
    },
};
