//! The session API, with deepidv's words: a session for each outcome, and the ways back from it.

use idv::{CheckRequest, Result, StartRequest, VerificationProvider, VerificationSession};

use super::stage::{Row, Stage};
use crate::failure::broken;

const FLOW: &str = "session-api";
const PROVIDER: &str = "sessions";

/// deepidv's words; the last is a word of a future deepidv.
const OUTCOMES: [&str; 7] = ["SUBMITTED", "VERIFIED", "REJECTED", "VOIDED", "EXPIRED", "FAILED", "ESCALATED"];

/// The ways in which the browser can come back.
const RETURNS: [(&str, Option<&str>); 6] = [
    ("success", None),
    ("failed", Some("document_unreadable")),
    ("failed", Some("session_expired")),
    ("abandoned", Some("user_cancelled")),
    ("success", Some("a_new_reason")),
    ("verified", None),
];

pub(crate) async fn play(stage: &Stage<'_>) -> Result<Vec<Row>> {
    let api = stage.sandbox.session_api();
    api.set_rate_limits(None);
    let provider = stage.registry.provider(&PROVIDER.parse().map_err(broken)?)?;
    let mut rows = Vec::new();
    for (number, outcome) in OUTCOMES.iter().enumerate() {
        let session = start(&*provider, number).await?;
        let id = session.reference.key().to_owned();
        let check = CheckRequest::new(session.reference);
        if number == 0 {
            rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
            api.set_progress(&id, "STARTED").map_err(broken)?;
            rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
        }
        api.set_status(&id, outcome).map_err(broken)?;
        rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
        if *outcome == "VERIFIED" {
            let webhook = api.webhook(&id, "session.status.verified");
            rows.push(stage.row_of_webhook(FLOW, PROVIDER, &webhook)?);
        }
    }
    let session = start(&*provider, OUTCOMES.len()).await?;
    for (status, reason) in RETURNS {
        let url = api.redirect_url(session.reference.key(), status, reason).map_err(broken)?;
        rows.push(stage.row_of_redirect(FLOW, &session.reference, &url)?);
    }
    Ok(rows)
}

async fn start(provider: &dyn VerificationProvider, number: usize) -> Result<VerificationSession> {
    let request = StartRequest::new(format!("case-{number}"))
        .first_name("Ada")
        .last_name("Sample")
        .email("ada@example.test")
        .phone("+15195550100")
        .redirect_url("https://app.example.test/back");
    provider.start(&request).await
}
