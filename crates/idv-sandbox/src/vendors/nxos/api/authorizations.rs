//! Letters of authorization (nxos API reference, authorizations).

use axum::Router;
use axum::extract::State as Extract;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::clock::iso;
use crate::vendors::nxos::Nxos;
use crate::vendors::nxos::api::call::{Scope, json_object, text, write};
use crate::vendors::nxos::refusal::Refusal;
use crate::vendors::nxos::state::{LoaState, Organization, State};

const DEFAULT_PAGE: usize = 25;
const MAX_PAGE: usize = 100;
const MAX_REASON: usize = 500;

pub(super) fn router() -> Router<Nxos> {
    Router::new().route("/v1/authorizations", get(list)).route("/v1/authorizations/revoke", post(revoke))
}

async fn list(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    nxos.read(&call, page)
}

/// Letters are listed by the id of the granter, so that a cursor stays good while others are added.
fn page(state: &mut State, scope: &Scope<'_>, call: &Call) -> Result<Value, Refusal> {
    let limit = call.query("limit").map_or(Ok(DEFAULT_PAGE), |text| text.parse());
    let limit = limit.ok().filter(|limit| (1..=MAX_PAGE).contains(limit));
    let limit = limit.ok_or_else(|| invalid("limit must be between 1 and 100."))?;
    let wanted = Wanted::parse(call)?;
    let after = call.query("cursor");
    let mut letters: Vec<(&String, &Organization)> = state
        .organizations
        .iter()
        .filter(|(id, found)| wanted.admits(found) && after.as_ref().is_none_or(|after| *id > after))
        .collect();
    letters.sort_unstable_by_key(|(id, _)| *id);
    let more = letters.len() > limit;
    letters.truncate(limit);
    let next = letters.last().filter(|_| more).map(|(id, _)| *id);
    let own = scope.nxos.own_organization();
    let data: Vec<Value> = letters.iter().map(|(id, found)| describe(id, found, own)).collect();
    Ok(json!({ "object": "list", "data": data, "hasMore": more, "nextCursor": next }))
}

/// The filters of a list.
struct Wanted {
    as_granter: bool,
    status: Option<LoaState>,
}

impl Wanted {
    fn parse(call: &Call) -> Result<Self, Refusal> {
        let as_granter = match call.query("role").as_deref() {
            None | Some("authorized") => false,
            Some("granter") => true,
            Some(_) => return Err(invalid("role must be granter or authorized.")),
        };
        if call.query("type").is_some_and(|kind| kind != "LOA") {
            return Err(invalid("type must be LOA."));
        }
        let status = match call.query("status") {
            None => None,
            Some(word) => {
                let status = serde_json::from_value(Value::String(word));
                Some(status.map_err(|_| invalid("status must be PENDING, ACTIVE or REVOKED."))?)
            }
        };
        Ok(Self { as_granter, status })
    }

    /// Whether an organization's letter passes the filters. The API key's own organization holds letters and gives none.
    fn admits(&self, organization: &Organization) -> bool {
        let has_letter = |loa| self.status.is_none_or(|status| status == loa);
        !self.as_granter && organization.loa.is_some_and(has_letter)
    }
}

async fn revoke(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    write(nxos, call, |state, scope, call| {
        let body = json_object(call)?;
        let granter = text(&body, "grantingOrganizationId")
            .ok_or_else(|| invalid("grantingOrganizationId is required."))?;
        let holder = text(&body, "authorizedOrganizationId")
            .ok_or_else(|| invalid("authorizedOrganizationId is required."))?;
        if text(&body, "type") != Some("LOA") {
            return Err(invalid("type must be LOA."));
        }
        if text(&body, "reason").is_some_and(|reason| reason.chars().count() > MAX_REASON) {
            return Err(invalid("reason must have at most 500 characters."));
        }
        let own = scope.nxos.own_organization();
        let found = state.organizations.get_mut(granter).filter(|_| holder == own);
        let found = found.filter(|found| matches!(found.loa, Some(LoaState::Pending | LoaState::Active)));
        let found = found.ok_or_else(|| {
            Refusal::new(
                404,
                "authorization_not_found",
                "There is no such authorization, or it is revoked already.",
            )
        })?;
        found.loa = Some(LoaState::Revoked);
        Ok(describe(granter, found, own))
    })
    .await
}

fn describe(granter: &str, organization: &Organization, own: &str) -> Value {
    json!({
        "object": "authorization",
        "type": "LOA",
        "status": organization.loa,
        "grantingOrganizationId": granter,
        "authorizedOrganizationId": own,
        "createdAt": iso(organization.created_at),
    })
}

fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "validation_error", message)
}
