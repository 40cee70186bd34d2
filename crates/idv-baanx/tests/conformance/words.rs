//! The words of both flows.

use idv_core::MappingRow;
use idv_core::{Surface, VerificationReason as Reason, VerificationStatus as Status};

/// Veriff's codes by what they mean to us. The texts beside the codes are Veriff's.
const CODES: &[(&[&str], Reason)] = &[
    // Physical document not used, suspected tampering, screen or printout in place of the document, tampered.
    (&["101", "102", "504", "505", "507", "508"], Reason::DocumentTampered),
    // A screen was used for the face, photos were streamed.
    (&["515", "526"], Reason::LivenessFailed),
    (&["103", "120", "509"], Reason::FaceMismatch),
    (&["104", "123", "128"], Reason::DataMismatch),
    (&["105", "106", "107", "111", "112", "113", "501", "502", "503"], Reason::FraudSuspected),
    (&["108", "109", "110", "124"], Reason::Duplicate),
    (&["126", "127"], Reason::Watchlist),
    (&["206", "510"], Reason::DocumentUnsupported),
    (&["207", "511"], Reason::DocumentExpired),
    (&["530", "531", "532", "533", "534", "535", "536"], Reason::Underage),
    (&["539"], Reason::AttemptsExhausted),
    (&["201", "208", "209", "210"], Reason::DocumentMissing),
    (&["202", "203", "204", "205"], Reason::DocumentUnreadable),
];

pub(crate) fn words() -> Vec<MappingRow> {
    let mut rows = vec![
        MappingRow::status(Surface::CheckStatus, "UNVERIFIED", Status::NotStarted),
        MappingRow::status(Surface::CheckStatus, "PENDING", Status::InReview),
        MappingRow::status(Surface::CheckStatus, "VERIFIED", Status::Approved),
        MappingRow::status(Surface::CheckStatus, "REJECTED", Status::Rejected),
        MappingRow::status(Surface::WebhookStatus, "pending", Status::InReview),
        MappingRow::status(Surface::WebhookStatus, "completed", Status::Approved),
        MappingRow::status(Surface::WebhookStatus, "failed", Status::Rejected),
        MappingRow::status(Surface::WebhookStatus, "UNVERIFIED", Status::NotStarted),
        MappingRow::status(Surface::WebhookStatus, "VERIFIED", Status::Approved),
        MappingRow::status(Surface::WebhookStatus, "REJECTED", Status::Rejected),
    ];
    for (codes, reason) in CODES {
        rows.extend(codes.iter().map(|code| MappingRow::reason(Surface::WebhookReason, *code, *reason)));
    }
    rows
}
