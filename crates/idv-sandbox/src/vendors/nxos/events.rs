//! Events of the simulated nxos.

use serde_json::{Value, json};

use crate::clock::iso;
use crate::vendors::nxos::signing::new_event_id;
use crate::vendors::nxos::state::{NxosEventData, State};
use crate::webhooks::Event;

const EVENT_TYPE: &str = "organization.verification.updated";

pub(crate) fn verification_updated(
    state: &mut State,
    organization: &str,
    data: NxosEventData,
    now: i64,
    lost: bool,
) -> Event {
    let data = event_data(state, organization, data);
    let event = json!({ "type": EVENT_TYPE, "timestamp": iso(now), "data": data });
    Event {
        id: new_event_id(&state.random),
        event_type: EVENT_TYPE.to_owned(),
        subject: organization.to_owned(),
        body: event.to_string().into_bytes(),
        lost,
    }
}

fn event_data(state: &State, id: &str, data: NxosEventData) -> Value {
    match (data, state.organizations.get(id)) {
        (NxosEventData::Empty, _) => json!({}),
        (NxosEventData::Full, Some(found)) => json!({
            "organizationId": id,
            "status": found.status,
            "type": found.kind,
            "updatedAt": iso(found.updated_at),
        }),
        (NxosEventData::Minimal | NxosEventData::Full, _) => json!({ "organizationId": id }),
    }
}
