//! The facts about Onfido that the shared machinery needs.

use crate::profile::{Credentials, LINK_STAYS, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::onfido::operations::{MAGIC, OPERATIONS};
use crate::vendors::onfido::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// Onfido.
    pub const ONFIDO: Self = Self::new("onfido");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::ONFIDO,
    credentials: Credentials {
        schema: "OnfidoVendor",
        description: "Onfido.",
        names: &["base_url", "api_token", "workflow_id", "silent_workflow_id", "webhook_secret"],
    },
    stream: 10,
    operations: OPERATIONS,
    state_fields: &["status"],
    magic: MAGIC,
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Onfido",
        name: "Onfido",
        leaving: |_| LINK_STAYS,
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("document_expired", "The document has expired"),
            ("document_tampered", "The document is not genuine"),
            ("face_mismatch", "The face is not that of the document"),
        ],
        embedded: false,
    },
};
