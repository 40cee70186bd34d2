//! Defaults of a provider that change while sessions are open: a session keeps what it was begun with.

use idv::{CheckRequest, StartRequest};
use idv_sandbox::{Act, OrganizationType};

use crate::config::{Config, Flow};
use crate::world::World;

fn on_behalf_of(config: &Config, organization: &str) -> Config {
    config.edit(Flow::Primary, |table| table.more = vec![format!("on_behalf_of = \"{organization}\"")])
}

/// The organization stands in the reference, not in the configuration.
#[tokio::test]
async fn a_session_stays_with_the_organization_that_was_the_default_when_it_began() {
    let world = World::new().await;
    let nxos = world.home.nxos();
    let [first, second] = [(); 2].map(|()| nxos.add_organization(OrganizationType::Business));
    let own = nxos.own_organization();
    let none = world.config();
    let configs = [none.clone(), on_behalf_of(&none, &first), on_behalf_of(&none, &second)];
    let mut sessions = Vec::new();
    for config in &configs {
        sessions.push(config.registry().start(&StartRequest::new("case-7")).await.unwrap().reference);
    }
    for (organization, act) in
        [(own, Act::Approve), (&first, Act::Hold), (&second, Act::Reject { reason: None })]
    {
        nxos.act(organization, &act).unwrap();
    }
    for config in &configs {
        let registry = config.registry();
        let mut words = Vec::new();
        for reference in &sessions {
            let state = registry.check(&CheckRequest::new(reference.clone())).await.unwrap();
            words.push(state.provider_status.to_string());
        }
        assert_eq!(words, ["APPROVED", "ON_HOLD", "REJECTED"], "with {}", config.tables[0].more.concat());
    }
}
