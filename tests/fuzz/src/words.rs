//! The vendors' words and what they mean, from the vendors' documentation.

use idv::VerificationStatus as Status;

use crate::texts::Texts;

/// A word, a second word that has to stand beside it, and what they mean.
pub type Row = (&'static str, Option<&'static str>, Status);

/// `status` at nxos, in answers and webhooks (docs.nxos.io, "Verification").
pub const NXOS: &[Row] = &[
    ("NOT_STARTED", None, Status::NotStarted),
    ("PENDING", None, Status::InProgress),
    ("ON_HOLD", None, Status::OnHold),
    ("RESUBMISSION_REQUIRED", None, Status::ResubmissionRequired),
    ("APPROVED", None, Status::Approved),
    ("REJECTED", None, Status::Rejected),
];

/// `verificationState` at Baanx (docs.baanx.com, "Generate KYC Verification Session").
pub const BAANX: &[Row] = &[
    ("UNVERIFIED", None, Status::NotStarted),
    ("PENDING", None, Status::InReview),
    ("VERIFIED", None, Status::Approved),
    ("REJECTED", None, Status::Rejected),
];

/// Status words of Baanx's webhooks (docs.baanx.com, "Webhooks: KYC events", and "Start User Verification").
pub const BAANX_WEBHOOK: &[Row] = &[
    ("pending", None, Status::InReview),
    ("completed", None, Status::Approved),
    ("failed", None, Status::Rejected),
    ("UNVERIFIED", None, Status::NotStarted),
    ("VERIFIED", None, Status::Approved),
    ("REJECTED", None, Status::Rejected),
];

/// `status` at deepidv, with `session_progress` (docs.deepidv.com, "Retrieve session", "Webhooks: event object").
pub const DEEPIDV: &[Row] = &[
    ("PENDING", Some("PENDING"), Status::NotStarted),
    ("PENDING", None, Status::InProgress),
    ("SUBMITTED", None, Status::InReview),
    ("VERIFIED", None, Status::Approved),
    ("REJECTED", None, Status::Rejected),
    ("VOIDED", None, Status::Cancelled),
    ("EXPIRED", None, Status::Expired),
    ("FAILED", None, Status::Failed),
];

/// `reviewStatus` at Sumsub, with the answer and the type of a rejection (docs.sumsub.com, "Applicant statuses").
pub const SUMSUB: &[Row] = &[
    ("init", None, Status::InProgress),
    ("awaitingUser", None, Status::InProgress),
    ("pending", None, Status::InReview),
    ("prechecked", None, Status::InReview),
    ("queued", None, Status::InReview),
    ("awaitingService", None, Status::InReview),
    ("onHold", None, Status::OnHold),
    ("completed", Some("GREEN"), Status::Approved),
    ("completed", Some("RETRY"), Status::ResubmissionRequired),
    ("completed", Some("FINAL"), Status::Rejected),
    (ANY, Some("deleted"), Status::Cancelled),
    (ANY, Some("applicantDeactivated"), Status::Cancelled),
];

/// `status` at Veriff, of decisions, attempts and events (devdocs.veriff.com, "Verification session status codes").
pub const VERIFF: &[Row] = &[
    ("created", None, Status::NotStarted),
    ("started", None, Status::InProgress),
    ("submitted", None, Status::InReview),
    ("review", None, Status::InReview),
    ("inflow_completed", None, Status::InReview),
    ("approved", None, Status::Approved),
    ("declined", None, Status::Rejected),
    ("resubmission_requested", None, Status::ResubmissionRequired),
    ("expired", None, Status::Expired),
    ("abandoned", None, Status::Abandoned),
];

/// `status` at Stripe Identity, with the code of the last error (docs.stripe.com, "How sessions work"). An error without a code, or
/// with any other, asks for another try.
pub const STRIPE: &[Row] = &[
    ("requires_input", None, Status::InProgress),
    ("requires_input", Some("abandoned"), Status::Abandoned),
    ("requires_input", None, Status::ResubmissionRequired),
    ("processing", None, Status::InReview),
    ("verified", None, Status::Approved),
    ("canceled", None, Status::Cancelled),
];

/// `status` of a run at Onfido (OpenAPI specification, `workflow_run_status`).
pub const ONFIDO: &[Row] = &[
    ("awaiting_input", None, Status::InProgress),
    ("awaiting_client_input", None, Status::OnHold),
    ("processing", None, Status::InReview),
    ("review", None, Status::OnHold),
    ("approved", None, Status::Approved),
    ("declined", None, Status::Rejected),
    ("abandoned", None, Status::Abandoned),
    ("error", None, Status::Failed),
];

/// Stands in a row for every word.
const ANY: &str = "*";

/// The words of the made-up vendor of the session API's guide.
pub const ACME: &[Row] = &[
    ("open", None, Status::NotStarted),
    ("running", None, Status::InProgress),
    ("done", None, Status::InReview),
    ("done", Some("pass"), Status::Approved),
    ("done", Some("fail"), Status::Rejected),
    ("done", Some("retake"), Status::ResubmissionRequired),
    ("gone", None, Status::Expired),
    ("locked", None, Status::Failed),
];

/// Whether a document can mean a status by a word of its own.
#[must_use]
pub fn allow(rows: &[Row], status: Status, word: &str, document: &Texts) -> bool {
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    let told = |beside: &Option<&str>| beside.is_none_or(|beside| document.any(|text| same(text, beside)));
    if rows.iter().any(|(known, beside, meaning)| *known == ANY && *meaning == status && told(beside)) {
        return true;
    }
    // A word whose detail cannot be read could mean anything.
    let has_details = rows.iter().any(|row| row.1.is_some());
    if status == Status::Unrecognized && has_details || !rows.iter().any(|row| same(row.0, word)) {
        return status == Status::Unrecognized;
    }
    rows.iter().any(|(known, beside, meaning)| *meaning == status && same(known, word) && told(beside))
}
