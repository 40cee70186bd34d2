//! The facts about Baanx that the shared machinery needs.

use crate::profile::{Credentials, LINK_STAYS, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::baanx::operations::{MAGIC, OPERATIONS};
use crate::vendors::baanx::signing::{SCHEDULE, SCHEME};
use crate::verification::Subject;

impl Vendor {
    /// Baanx, which verifies card users through Veriff.
    pub const BAANX: Self = Self::new("baanx");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::BAANX,
    credentials: Credentials {
        schema: "BaanxVendor",
        description: "Baanx.",
        names: &["base_url", "client_key", "webhook_key"],
    },
    stream: 2,
    operations: OPERATIONS,
    state_fields: &["status", "verificationState", "event_object_status"],
    magic: MAGIC,
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Baanx",
        name: "Baanx",
        leaving,
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("document_expired", "The document has expired"),
            ("document_unsupported", "The kind of document is not supported"),
            ("document_tampered", "The document was tampered with"),
            ("document_missing", "A document is missing"),
            ("face_mismatch", "The face is not that of the document"),
            ("liveness_failed", "The face is not a living one"),
            ("data_mismatch", "The name does not match"),
            ("underage", "The person is too young"),
            ("watchlist", "The face is on a blocklist"),
            ("duplicate", "The person is known under another account"),
            ("fraud_suspected", "Fraud is suspected"),
            ("attempts_exhausted", "Too many attempts"),
        ],
        embedded: false,
    },
};

fn leaving(subject: Subject) -> &'static str {
    match subject {
        Subject::User => "This link works once: after leaving you need another.",
        _ => LINK_STAYS,
    }
}
