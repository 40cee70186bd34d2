//! Defaults of a provider that change while sessions are open: a session keeps what it was begun with.

use idv::{CheckRequest, StartRequest, VerificationStatus};
use idv_sandbox::{Act, OrganizationType};

use crate::applicant::Stored;
use crate::config::{Config, LEVELS};
use crate::flow::Flow;
use crate::world::World;

fn on_behalf_of(config: &Config, organization: &str) -> Config {
    config.edit(Flow::Primary, |table| table.set_text("on_behalf_of", organization))
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
    for (number, config) in configs.iter().enumerate() {
        let registry = config.registry();
        let mut words = Vec::new();
        for reference in &sessions {
            let state = registry.check(&CheckRequest::new(reference.clone())).await.unwrap();
            words.push(state.provider_status.to_string());
        }
        assert_eq!(words, ["APPROVED", "ON_HOLD", "REJECTED"], "with configuration {number}");
    }
}

/// Another level would move the applicant there, and begin the review anew.
#[tokio::test]
async fn an_applicant_stays_at_the_level_that_was_the_default_when_the_session_began() {
    let world = World::new().await;
    let level = |case: &str| world.home.sumsub().level(case).expect("the applicant was made");
    let [before, after] =
        LEVELS.map(|level| world.config().edit(Flow::Direct, |table| table.set_text("level", level)));
    let [old, new] = ["case-old", "case-new"].map(|case| world.person(case));
    let session = before.active(Flow::Direct).registry().start(&old.request()).await.unwrap();
    let stored = Stored::new(&session.reference, &old);
    world.act(Flow::Direct, &old, &Act::RequireResubmission);
    for active in Flow::ALL {
        let registry = after.active(active).registry();
        stored.refresh(&registry).await.unwrap();
        let state = stored.check(&registry).await.unwrap();
        assert_eq!(state.status, VerificationStatus::ResubmissionRequired, "{}", active.name());
        assert_eq!(level(&old.case), LEVELS[0], "{}", active.name());
    }
    after.active(Flow::Direct).registry().start(&new.request()).await.unwrap();
    assert_eq!(level(&new.case), LEVELS[1]);
}
