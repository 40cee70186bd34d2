//! Providers that are taken out of the configuration, renamed or replaced while their sessions are open.

use idv::config::orphaned_sessions;
use idv::{CancelRequest, EraseRequest, Error, ErrorKind, Redirect, Registry};
use idv_sandbox::Act;

use crate::applicant::Stored;
use crate::config::Config;
use crate::dice::Dice;
use crate::flow::Flow;
use crate::ledger::Ledger;
use crate::world::{World, deliver};

fn other(flow: Flow) -> Flow {
    if flow == Flow::Primary { Flow::Europe } else { Flow::Primary }
}

fn assert_names(error: &Error, flow: Flow) {
    assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some(&flow.id())), "{error}");
    assert!(error.to_string().contains(flow.name()), "{error}");
}

#[tokio::test]
async fn a_reference_to_a_provider_that_is_gone_names_it_and_waits_for_it() {
    let world = World::new().await;
    for flow in Flow::ALL {
        let person = world.person(&format!("case-{}", flow.name()));
        let stored = Stored::new(&world.start(flow, &person).await.reference, &person);
        world.act(flow, &person, &Act::Approve);
        let webhook = world.webhook(flow, &person);

        let before = Ledger::recorded(&world);
        let gone = world.config().active(other(flow)).without(flow).registry();
        assert_names(&stored.check(&gone).await.unwrap_err(), flow);
        assert_names(&stored.refresh(&gone).await.unwrap_err(), flow);
        let reference = stored.reference();
        assert_names(&gone.cancel(&CancelRequest::new(reference.clone())).await.unwrap_err(), flow);
        assert_names(&gone.erase(&EraseRequest::new(reference.clone())).await.unwrap_err(), flow);
        assert_names(&gone.start_at(&flow.id(), &person.request()).await.unwrap_err(), flow);
        let back = Redirect::new(&reference, "https://app.example/back?session_id=1&status=success");
        assert_names(&gone.parse_redirect(&back).unwrap_err(), flow);
        let error = deliver(&gone, flow, &webhook).unwrap_err();
        assert_names(&error, flow);
        assert_eq!(error.webhook_response_status(), 503, "the vendor must send it again later");
        // Nobody is asked in its stead.
        Ledger::recorded(&world).assert_is(&before);

        let again = world.config().active(other(flow)).registry();
        let state = stored.check(&again).await.unwrap();
        assert_eq!(state.status, idv::VerificationStatus::Approved, "{}", flow.name());
        deliver(&again, flow, &webhook).unwrap();
    }
}

/// The paths of the warnings, and the lines that they point at.
fn warnings(old: &Config, new: &Config) -> Vec<(String, Option<usize>)> {
    let warnings = orphaned_sessions(&old.document().parsed(), &new.document().parsed());
    warnings.into_iter().map(|warning| (warning.path, warning.line)).collect()
}

/// The first line of this text, counted from 1.
fn line(config: &Config, text: &str) -> Option<usize> {
    config.text().lines().position(|line| line == text).map(|index| index + 1)
}

#[tokio::test]
async fn an_edit_that_would_strand_sessions_is_warned_of() {
    let old = World::new().await.config();
    for flow in Flow::ALL {
        let path = format!("providers.{}", flow.name());
        let dropped = old.active(other(flow)).without(flow);
        assert_eq!(warnings(&old, &dropped), [(path.clone(), None)]);
        let renamed = old.active(other(flow)).edit(flow, |table| table.name = "renamed".to_owned());
        assert_eq!(warnings(&old, &renamed), [(path.clone(), None)]);

        let kind = if flow.kind() == "session-api" { "nxos" } else { "session-api" };
        let changed = old.edit(flow, |table| table.kind = kind.to_owned());
        let table = changed.text().find(&format!("[{path}]")).expect("the table is there");
        let above = changed.text()[..table].lines().count();
        assert_eq!(warnings(&old, &changed), [(format!("{path}.kind"), Some(above + 2))]);
        assert_eq!(warnings(&changed, &changed), []);
    }
    let all = Flow::ALL.into_iter().skip(1).fold(old.clone(), |config, flow| config.without(flow));
    assert_eq!(warnings(&old, &all).len(), Flow::ALL.len() - 1);
}

#[tokio::test]
async fn an_edit_that_strands_nobody_is_not_warned_of() {
    let world = World::new().await;
    let old = world.config();
    for (number, active) in Flow::ALL.into_iter().enumerate() {
        assert_eq!(warnings(&old, &old.active(active)), []);
        let rotated = old.edit(active, |table| table.set_webhook_secrets(&["whsec_bmV3"]));
        assert_eq!(warnings(&old, &rotated), []);
        assert_eq!(warnings(&old, &old.rearranged(&mut Dice::of(number))), []);
    }
    let fewer = old.without(Flow::Europe);
    assert_eq!(warnings(&fewer, &old), [], "a provider that is added");
}

/// Configurations that would strand people at once are no registries.
#[tokio::test]
async fn a_broken_edit_is_refused_while_the_old_registry_goes_on() {
    let world = World::new().await;
    let good = world.config();
    let person = world.person("case-1");
    let stored = Stored::new(&world.start(Flow::Cards, &person).await.reference, &person);
    let registry = good.registry();

    let mut no_successor = good.clone();
    no_successor.tables.retain(|table| table.flow != Flow::Cards);
    let nobody = good.active(Flow::Cards).without(Flow::Cards);
    for (broken, text) in [(&no_successor, "successor = \"cards\""), (&nobody, "active = \"cards\"")] {
        let error = Registry::from_toml_str(&broken.text()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let lines: Vec<_> = error.config_problems().iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [line(broken, text)], "{error}");
        stored.check(&registry).await.unwrap();
    }
}
