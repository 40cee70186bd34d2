//! Canaries: what a database must not hold is looked for in its files.

use idv_conformance::storyline::Act;
use idv_conformance::storyline::sandbox::Flow;

use crate::stores::Database;
use crate::world::{World, sandbox};

/// Every text that would be a leak: the link, tokens, the applicant's data, and the secrets of the configuration.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_files_hold_no_link_no_secret_and_nothing_of_an_applicant() {
    let sandbox = sandbox().await;
    for flow in Flow::all() {
        let database = Database::sqlite();
        let world = World::new(&sandbox, flow, &database).await;
        let mut canaries: Vec<String> =
            ["Ada", "Sample", "ada@example.test", "+15195550100", "5195550100"].map(str::to_owned).to_vec();
        canaries.extend(flow.secrets(&sandbox).into_iter().map(|(_, secret)| secret));
        canaries.extend(world.case.start.user_token.as_ref().map(|token| token.expose().to_owned()));
        canaries.extend(world.case.start.onboarding_id.as_ref().map(|id| id.expose().to_owned()));
        let started = world.start().await;
        let session = started.session.as_ref().unwrap();
        canaries.extend(session.url().map(|url| url.expose().to_owned()));
        canaries.extend(session.access_token().map(|token| token.expose().to_owned()));
        canaries.extend(session.links.iter().map(|link| link.url.expose().to_owned()));
        let reference = started.verification.session.clone().unwrap();
        for act in [Act::Open, Act::Submit, Act::Approve] {
            world.act(&reference, act).await;
        }
        world.deliver().await;
        world.pass(std::time::Duration::from_secs(120)).await;
        let files = database.files();
        assert!(files.len() >= 2, "the log beside the database is looked at too");
        for (name, content) in files {
            for (number, canary) in canaries.iter().enumerate() {
                let needle = canary.as_bytes();
                let is_there = content.windows(needle.len()).any(|window| window == needle);
                assert!(!is_there, "{flow:?}: canary {number} of {} is in {name}", canaries.len());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_postgresql_holds_none_of_them_either() {
    let sandbox = sandbox().await;
    let database = Database::postgres().await;
    let flow = Flow::of_kind("sumsub").unwrap();
    let world = World::new(&sandbox, flow, &database).await;
    let started = world.start().await;
    let link = started.session.as_ref().unwrap().url().unwrap().expose().to_owned();
    world.act(started.verification.session.as_ref().unwrap(), Act::Approve).await;
    world.deliver().await;
    let pool = database.pool().await;
    let mut all = String::new();
    for table in ["verification", "observation", "correlation", "parked", "transition", "delivery", "quota"] {
        let rows = format!("select coalesce(string_agg(t::text, '|'), '') as rows from {table} as t");
        let row = sqlx::query(sqlx::AssertSqlSafe(rows)).fetch_one(&pool).await.unwrap();
        all.push_str(&sqlx::Row::get::<String, _>(&row, "rows"));
    }
    assert!(all.contains("approved"), "the dump is one of this verification");
    for canary in ["Ada", "Sample", "ada@example.test", &link] {
        assert!(!all.contains(canary));
    }
}
