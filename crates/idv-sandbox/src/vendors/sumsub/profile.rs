//! The facts about Sumsub that the shared machinery needs.

use crate::profile::{Credentials, LINK_STAYS, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::sumsub::operations::{MAGIC, OPERATIONS};
use crate::vendors::sumsub::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// Sumsub.
    pub const SUMSUB: Self = Self::new("sumsub");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::SUMSUB,
    credentials: Credentials {
        schema: "SumsubVendor",
        description: "Sumsub.",
        names: &["base_url", "app_token", "secret", "webhook_secret"],
    },
    stream: 8,
    operations: OPERATIONS,
    state_fields: &["reviewStatus", "reviewAnswer"],
    magic: MAGIC,
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Sumsub",
        name: "Sumsub",
        leaving: |_| LINK_STAYS,
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("document_expired", "The document has expired"),
            ("face_mismatch", "The face is not that of the document"),
            ("liveness_failed", "The selfie is not of a living person"),
            ("attempts_exhausted", "There were too many tries"),
            ("simulated_new_label", "A label that the documentation does not list"),
        ],
        embedded: false,
    },
};
