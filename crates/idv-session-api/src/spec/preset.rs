//! The preset of deepidv: its description as data.

use http::HeaderName;
use idv_core::signature::SignatureScheme;
use idv_core::{
    Input, Limit, LimitScope, Note, RedirectClaim as Claim, RedirectNames, VerificationReason as Reason,
    VerificationStatus as Status,
};
use std::time::Duration;

use crate::mapping::{Vocabulary, Words};
use crate::spec::{ApiSpec, Create, Facts, Find, Path, ReturnUrl};
use crate::webhook::WebhookShape;
use crate::wire::{Pointers, RecordPlaces};

const AUTHENTICATION: &str = "docs.deepidv.com, \"Authentication\"";
const CREATE: &str = "deepidv, \"Create session\"";
const EVENTS: &str = "docs.deepidv.com, \"Webhooks: event object\"";

/// `status` of a session, beside its `session_progress` (deepidv, "Retrieve session"; `EXPIRED` and `FAILED`:
/// docs.deepidv.com, "Webhooks: event object"). `PENDING` means "created, not submitted".
const STATUSES: &[(&str, Status)] = &[
    ("PENDING + PENDING", Status::NotStarted),
    ("PENDING", Status::InProgress),
    ("SUBMITTED", Status::InReview),
    ("VERIFIED", Status::Approved),
    ("REJECTED", Status::Rejected),
    ("VOIDED", Status::Cancelled),
    ("EXPIRED", Status::Expired),
    ("FAILED", Status::Failed),
];

/// `FAILED` means that "the workflow's failed-attempt limit" was reached (docs.deepidv.com, "Webhooks: event object").
const STATUS_REASONS: &[(&str, Reason)] = &[("FAILED", Reason::AttemptsExhausted)];

/// `status` in the return URL (deepidv, "Create session"). `success` means submitted, not verified.
const CLAIMS: &[(&str, Claim)] = &[
    ("success", Claim::Submitted),
    ("failed + session_expired", Claim::Expired),
    ("failed", Claim::Failed),
    ("abandoned", Claim::Abandoned),
];

/// `reason` in the return URL (deepidv, "Create session"). More may be added.
const RETURN_REASONS: &[(&str, Reason)] = &[
    ("document_unreadable", Reason::DocumentUnreadable),
    ("face_mismatch", Reason::FaceMismatch),
    ("session_expired", Reason::SessionExpired),
    ("internal_error", Reason::ProviderError),
    ("user_cancelled", Reason::ApplicantCancelled),
    ("unknown", Reason::Unspecified),
];

/// Both spellings of keys are accepted everywhere: the pages disagree with each other and with deepidv's own client.
pub(crate) fn deepidv() -> ApiSpec {
    let record = RecordPlaces {
        record: Pointers::new(["/session_record", "/sessionRecord", ""]),
        id: Pointers::new(["/id"]),
        status: Pointers::new(["/status"]),
        detail: Pointers::new(["/session_progress", "/sessionProgress"]),
        reason: Pointers::default(),
        reference: Pointers::new(["/external_id", "/externalId"]),
        created_at: Pointers::new(["/created_at", "/createdAt"]),
        updated_at: Pointers::new(["/updated_at", "/updatedAt"]),
    };
    ApiSpec {
        vendor: "deepidv".to_owned(),
        base_url: Some("https://api.deepidv.com"),
        key_header: HeaderName::from_static("x-api-key"),
        key_prefix: String::new(),
        create: create(),
        read: Path::new(["v1", "sessions", Path::ID]),
        find: Some(find()),
        vocabulary: Vocabulary {
            statuses: Words::new(STATUSES.iter().copied()),
            status_reasons: Words::new(STATUS_REASONS.iter().copied()),
            reasons: Words::new::<&str>([]),
        },
        redirect: Some(return_url()),
        webhook: Some(webhook(&record)),
        record,
        facts: facts(),
    }
}

/// deepidv, "Create session". The session id was `idv_id` on an older page.
fn create() -> Create {
    let person = [
        (Input::FIRST_NAME, "first_name"),
        (Input::LAST_NAME, "last_name"),
        (Input::EMAIL, "email"),
        (Input::PHONE, "phone"),
    ];
    let case = [
        (Input::REFERENCE, "external_id"),
        (Input::WORKFLOW, "workflow_id"),
        (Input::REDIRECT_URL, "redirect_url"),
    ];
    Create {
        path: Path::new(["v1", "sessions"]),
        required: person.iter().map(|(input, _)| input.clone()).collect(),
        fields: person.into_iter().chain(case).map(|(input, field)| (input, field.to_owned())).collect(),
        invite_email: Some("send_email_invite".to_owned()),
        invite_sms: Some("send_phone_invite".to_owned()),
        id: Pointers::new(["/id", "/idv_id", "/idvId"]),
        url: Pointers::new(["/session_url", "/sessionUrl"]),
        links: Pointers::new(["/links"]),
    }
}

/// deepidv, "List sessions".
fn find() -> Find {
    Find {
        path: Path::new(["v1", "sessions"]),
        parameter: "external_id".to_owned(),
        list: Pointers::new(["/sessions"]),
        next: Pointers::new(["/next_token", "/nextToken"]),
        next_parameter: "next_token".to_owned(),
        size_parameter: Some("limit".to_owned()),
    }
}

/// deepidv, "Create session"; `sessionId` is the spelling of deepidv's own client.
fn return_url() -> ReturnUrl {
    ReturnUrl {
        names: RedirectNames::new(["session_id", "sessionId"], "status", "reason"),
        claims: Words::new(CLAIMS.iter().copied()),
        reasons: Words::new(RETURN_REASONS.iter().copied()),
    }
}

/// docs.deepidv.com, "Webhooks: event object": the header holds the secret itself, and `data` is the session. An event
/// has neither an id nor a time of its own.
fn webhook(record: &RecordPlaces) -> WebhookShape {
    WebhookShape {
        scheme: SignatureScheme::SharedSecret { header: HeaderName::from_static("deepidv-signature") },
        event_type: Pointers::new(["/type"]),
        time: Pointers::default(),
        id: Pointers::default(),
        record: RecordPlaces {
            record: Pointers::new(["/data/session_record", "/data/sessionRecord", "/data"]),
            ..record.clone()
        },
        ours: vec!["session.*".to_owned()],
    }
}

fn facts() -> Facts {
    let per = |seconds| Some(Duration::from_secs(seconds));
    Facts {
        limits: vec![
            Limit::new(LimitScope::Calls, 25, per(1), AUTHENTICATION),
            Limit::new(LimitScope::Burst, 35, None, AUTHENTICATION),
            Limit::new(LimitScope::Calls, 10_000, per(24 * 3600), AUTHENTICATION),
        ],
        decision_times: vec![Note::new("by automatic rules, or by manual review", EVENTS)],
        documents: vec![Note::new("an identity document and a selfie, and what the workflow adds", CREATE)],
    }
}
