//! The facts about Stripe Identity that the shared machinery needs.

use crate::profile::{Credentials, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::stripe::operations::{MAGIC, OPERATIONS};
use crate::vendors::stripe::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// Stripe Identity.
    pub const STRIPE: Self = Self::new("stripe");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::STRIPE,
    credentials: Credentials {
        schema: "StripeVendor",
        description: "Stripe Identity.",
        names: &["base_url", "secret_key", "restricted_key", "webhook_secret"],
    },
    stream: 9,
    operations: OPERATIONS,
    state_fields: &["status"],
    magic: MAGIC,
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Stripe Identity",
        name: "Stripe Identity",
        leaving: |_| "This link ends when you leave. The application can give you a fresh one.",
        reasons: &[
            ("document_unreadable", "The document cannot be verified"),
            ("document_expired", "The document has expired"),
            ("document_unsupported", "The document is of a type that is not taken"),
            ("face_mismatch", "The face is not that of the document"),
            ("data_mismatch", "The id number belongs to somebody else"),
        ],
        embedded: false,
    },
};
