//! Baanx, a registration for each outcome.

use idv::{CheckRequest, Result, StartRequest};

use super::stage::{Row, Stage};
use crate::failure::broken;

const FLOW: &str = "baanx-registration";
const PROVIDER: &str = "signup";

/// Baanx's words once the applicant has submitted; the last is a word of a future Baanx.
const OUTCOMES: [&str; 4] = ["PENDING", "VERIFIED", "REJECTED", "ESCALATED"];

pub(crate) async fn play(stage: &Stage<'_>) -> Result<Vec<Row>> {
    let baanx = stage.sandbox.baanx();
    let provider = stage.registry.provider(&PROVIDER.parse().map_err(broken)?)?;
    let mut rows = Vec::new();
    for (number, outcome) in OUTCOMES.iter().enumerate() {
        let onboarding = baanx.add_onboarding();
        let request = StartRequest::new(format!("case-{number}")).onboarding_id(onboarding.as_str());
        let session = provider.start(&request).await?;
        let check = CheckRequest::new(session.reference).onboarding_id(onboarding.as_str());
        if number == 0 {
            rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
        }
        baanx.set_state(&onboarding, outcome).map_err(broken)?;
        rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
    }
    Ok(rows)
}
