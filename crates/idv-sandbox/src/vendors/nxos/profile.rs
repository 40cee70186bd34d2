//! The facts about nxos that the shared machinery needs.

use crate::profile::{Credentials, LINK_STAYS, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::nxos::operations::{MAGIC, OPERATIONS};
use crate::vendors::nxos::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// nxos, which verifies organizations through Sumsub.
    pub const NXOS: Self = Self::new("nxos");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::NXOS,
    credentials: Credentials {
        schema: "NxosVendor",
        description: "nxos.",
        names: &["base_url", "api_key", "own_organization", "webhook_secret"],
    },
    stream: 1,
    operations: OPERATIONS,
    state_fields: &["status"],
    magic: MAGIC,
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "nxos",
        name: "nxos",
        leaving: |_| LINK_STAYS,
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("document_expired", "The document has expired"),
            ("document_missing", "A document is missing"),
        ],
        embedded: true,
    },
};
