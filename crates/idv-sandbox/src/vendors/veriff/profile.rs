//! The facts about Veriff that the shared machinery needs.

use crate::profile::{Credentials, LINK_STAYS, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::veriff::operations::{MAGIC, OPERATIONS};
use crate::vendors::veriff::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// Veriff, asked directly.
    pub const VERIFF: Self = Self::new("veriff");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::VERIFF,
    credentials: Credentials {
        schema: "VeriffVendor",
        description: "Veriff.",
        names: &["base_url", "api_key", "shared_secret"],
    },
    stream: 7,
    operations: OPERATIONS,
    // The field `status` beside the verification says whether the call succeeded.
    state_fields: &["verification.status", "verifications.status"],
    magic: MAGIC,
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Veriff",
        name: "Veriff",
        leaving: |_| LINK_STAYS,
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("document_missing", "A photo is missing"),
            ("document_expired", "The document has expired"),
            ("document_tampered", "The document was tampered with"),
            ("face_mismatch", "The face is not that of the document"),
        ],
        embedded: false,
    },
};
