//! The applicants of the kit.

use idv_core::{Invites, StartRequest};

use crate::subject::Subject;
use crate::under_way;

/// All inputs of an applicant, in the form that every vendor accepts, and as the subject changes them.
pub(crate) fn applicant(subject: &dyn Subject, number: usize) -> StartRequest {
    subject.applicant(
        StartRequest::new(under_way::reference(number))
            .first_name("Adaline")
            .last_name("Quillfeather")
            .email(format!("adaline.{number}@conformance.example.com"))
            .phone(format!("+1519555{number:04}"))
            .organization(format!("org_conformance_{number}"))
            .onboarding_id(format!("onboarding-conformance-{number}"))
            .user_token(format!("user-token-conformance-{number}"))
            .redirect_url("https://app.conformance.example.com/back")
            .workflow("wf_conformance")
            .invites(Invites { email: true, sms: true })
            .idempotency_key(format!("key-conformance-{number}")),
    )
}
