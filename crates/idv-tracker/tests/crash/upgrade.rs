//! A process that is killed in the middle of an upgrade.

use std::time::Duration;

use secrecy::ExposeSecret as _;
use sqlx::{AnyPool, AssertSqlSafe, Executor as _};
use tokio::sync::watch;

use crate::child::stopped;
use crate::frozen::{MADE_UP, NEWEST, check, load, migrate};
use crate::process::Process;
use crate::random::{Random, seed};
use crate::settings::{Role, Settings};
use crate::stores::{Database, on_both};
use crate::wait::until;

on_both!(an_upgrade_that_is_killed_in_its_middle_is_made_by_the_next_process);

/// How often one is killed.
const KILLS: usize = 3;

/// How long one goes on at most that is in its middle.
const AFTER: Duration = Duration::from_millis(200);

/// Takes a step that never comes to its end.
pub(crate) async fn upgrade(database: &str, stop: watch::Receiver<bool>) {
    let database = Database::at(database);
    let endless = match database.name {
        "postgres" => "select pg_sleep(1000000);",
        _ => "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n;",
    };
    let (begin, end) = MADE_UP.split_once("\n\n").unwrap();
    let step = format!("{begin}\n{endless}\n{end}");
    tokio::select! {
        outcome = migrate(&database, NEWEST, Some(&step)) => outcome.unwrap(),
        () = stopped(stop) => {}
    }
}

async fn an_upgrade_that_is_killed_in_its_middle_is_made_by_the_next_process(database: Database) {
    load(&database, NEWEST).await;
    let random = Random::new(seed());
    let settings =
        Settings { database: database.options.url.expose_secret().to_owned(), role: Role::Upgrade };
    let pool = database.pool().await;
    for _ in 0..KILLS {
        let process = Process::spawn(&settings);
        until("an upgrade in its middle", async || match is_under_way(&database, &pool).await {
            true => Ok(()),
            false => Err("it has not begun".to_owned()),
        })
        .await;
        tokio::time::sleep(random.up_to(AFTER)).await;
        process.kill().await;
        if database.name == "postgres" {
            // The server notices when it next writes to the connection.
            let end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() \
                       and wait_event = 'PgSleep'";
            pool.execute(end).await.unwrap();
        }
    }
    pool.close().await;
    check(&database, NEWEST).await;
    migrate(&database, NEWEST, Some(MADE_UP)).await.unwrap();
    let pool = database.pool().await;
    for (rows, expected) in
        [("_sqlx_migrations", NEWEST + 1), ("verification where note <> 'was ' || phase", 0)]
    {
        let count = sqlx::query_scalar::<_, i64>(AssertSqlSafe(format!("select count(*) from {rows}")));
        assert_eq!(count.fetch_one(&pool).await.unwrap(), expected, "{rows}");
    }
}

/// Whether a process holds the lock of an upgrade, and is in the middle of it on PostgreSQL.
async fn is_under_way(database: &Database, pool: &AnyPool) -> bool {
    if database.name == "postgres" {
        let asleep = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
        return sqlx::query_scalar::<_, i64>(asleep).fetch_one(pool).await.unwrap() == 1;
    }
    let mut connection = pool.acquire().await.unwrap();
    connection.execute("pragma busy_timeout = 0").await.unwrap();
    match connection.execute("begin immediate").await {
        Ok(_) => connection.execute("rollback").await.map(|_| false).unwrap(),
        Err(_) => true,
    }
}
