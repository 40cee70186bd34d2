//! nxos: an organization for each outcome.

use idv::{CheckRequest, Result, StartRequest, VerificationProviderExt};
use idv_sandbox::{NxosEventData, OrganizationType};

use super::stage::{Row, Stage};
use crate::failure::broken;

const FLOW: &str = "nxos";
const PROVIDER: &str = "primary";

/// The decisions of nxos, or its compliance team; the last is a word of a future nxos.
const OUTCOMES: [&str; 5] = ["RESUBMISSION_REQUIRED", "ON_HOLD", "APPROVED", "REJECTED", "ESCALATED"];

pub(crate) async fn play(stage: &Stage<'_>) -> Result<Vec<Row>> {
    let nxos = stage.sandbox.nxos();
    let provider = stage.registry.provider(&PROVIDER.parse().map_err(broken)?)?;
    let mut rows = Vec::new();

    let fresh = nxos.add_organization(OrganizationType::Business);
    let untouched = format!("{PROVIDER}:{fresh}").parse().map_err(broken)?;
    rows.push(stage.row_of_check(FLOW, &provider.check_session(&untouched).await?));

    for (number, outcome) in OUTCOMES.iter().enumerate() {
        let organization = nxos.add_organization(OrganizationType::Business);
        let request = StartRequest::new(format!("case-{number}")).organization(&organization);
        let session = provider.start(&request).await?;
        let check = CheckRequest::new(session.reference);
        if number == 0 {
            rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
        }
        nxos.set_status(&organization, outcome).map_err(broken)?;
        rows.push(stage.row_of_check(FLOW, &provider.check(&check).await?));
        if *outcome == "APPROVED" {
            let webhook = nxos.webhook(&organization, NxosEventData::Full);
            rows.push(stage.row_of_webhook(FLOW, PROVIDER, &webhook)?);
        }
    }
    Ok(rows)
}
