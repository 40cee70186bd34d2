//! Baanx, a registered user for each outcome.

use idv::{CheckRequest, Result, StartRequest};

use super::stage::{Row, Stage};
use crate::failure::broken;

const FLOW: &str = "baanx-user";
const PROVIDER: &str = "cards";

/// Baanx's words once the applicant has submitted; the last is a word of a future Baanx.
const OUTCOMES: [&str; 4] = ["PENDING", "VERIFIED", "REJECTED", "ESCALATED"];

/// The content of a webhook: status and Veriff's code.
const EVENTS: [(&str, Option<&str>); 4] =
    [("pending", None), ("completed", None), ("failed", Some("103")), ("failed", Some("511"))];

pub(crate) async fn play(stage: &Stage<'_>) -> Result<Vec<Row>> {
    let baanx = stage.sandbox.baanx();
    let provider = stage.registry.provider(&PROVIDER.parse().map_err(broken)?)?;
    let mut rows = Vec::new();
    for (number, outcome) in OUTCOMES.iter().enumerate() {
        let user = baanx.add_user("Ada", "Sample");
        let request = StartRequest::new(format!("case-{number}")).user_token(user.token.as_str());
        let session = provider.start(&request).await?;
        let check = CheckRequest::new(session.reference).user_token(user.token.as_str());
        let check = check.expect("user_id", &user.user_id);
        if number == 0 {
            // Leaving does not change the state either: an abandoned user is still unverified.
            baanx.abandon(&user.user_id).map_err(broken)?;
            rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
        }
        baanx.set_state(&user.user_id, outcome).map_err(broken)?;
        rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
    }
    let user = baanx.add_user("Ada", "Sample");
    for (status, code) in EVENTS {
        let webhook = baanx.webhook_guide(&user.user_id, status, code);
        rows.push(stage.row_of_webhook(FLOW, PROVIDER, &webhook)?);
    }
    Ok(rows)
}
