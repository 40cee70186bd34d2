//! The registration of the invented vendor.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use utoipa::openapi::OpenApi;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::{Credentials, LINK_STAYS, Magic, PageTexts, Profile};
use crate::runtime::Runtime;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::vendor::Vendor;
use crate::vendors::invented::state::State;
use crate::vendors::invented::{Invented, api};
use crate::webhooks::{SECOND, Schedule, Scheme};

pub(super) const REGISTRATION: Registration = Registration {
    profile: &PROFILE,
    start: |front| {
        let state = Arc::new(Mutex::new(State::default()));
        Arc::new(Invented { runtime: Arc::new(Runtime::new(front, state.clone())), state })
    },
    document: OpenApi::default,
};

static PROFILE: Profile = Profile {
    vendor: Vendor::new("invented"),
    credentials: Credentials {
        schema: "InventedVendor",
        description: "The invented vendor.",
        names: &["base_url"],
    },
    stream: 6,
    operations: Operations { names: &["start", "check", "other"], of: api::operation },
    state_fields: &["word"],
    magic: Magic {
        reference: |_, body| field(body, &["reference"]),
        refusal: |status, text| CannedAnswer::text(status, text),
    },
    scheme: Scheme {
        headers: |message| vec![("x-seal", message.keys.concat()), ("x-time", message.seconds.clone())],
        proof: "x-seal",
        overlap: 60 * SECOND,
        new_key: |random| format!("seal-{}", random.hex(4)),
        new_endpoint_id: |random| random.hex(8),
        new_event_id: |_| String::new(),
        type_fields: &["type"],
        content_field: "letter",
        copied_fields: &[],
        approval: "STAMPED",
    },
    schedule: Schedule {
        delays: &[7 * SECOND],
        patience: Duration::from_secs(5),
        refusal_is_final: false,
        disabled_after: None,
    },
    pages: PageTexts {
        title: "Invented",
        name: "the invented vendor",
        leaving: |_| LINK_STAYS,
        reasons: &[],
        embedded: false,
    },
};

impl SimulatedVendor for Invented {
    fn runtime(&self) -> &Arc<Runtime> {
        &self.runtime
    }

    fn api(&self) -> Router {
        api::router().with_state(self.clone())
    }

    fn control(&self) -> Router {
        api::control().with_state(self.clone())
    }

    fn credentials(&self) -> Vec<String> {
        vec![self.runtime.base_url().to_owned()]
    }
}
