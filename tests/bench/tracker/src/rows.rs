//! Fills a database with verifications, as the tracker would have stored them.

use sqlx::AssertSqlSafe;

use crate::database::Fresh;

/// Verifications that are in review and due at `due`, each with a start and a poll that said so.
pub(crate) async fn fill(fresh: &Fresh, count: usize, due: &str) {
    let series = match fresh.is_sqlite {
        true => format!(
            "(with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) select i from n) as n"
        ),
        false => format!("generate_series(1, {count}) as n(i)"),
    };
    let state = r#"{"status":"in_review","provider_status":"PENDING","reasons":[],"next_action":"wait","poll_after_seconds":60,"cooldown_seconds":null,"via":null,"recheck_after_seconds":null,"subject_kind":null,"updated_at":"2026-11-27T10:00:00Z"}"#;
    let start = r#"{"source":"start","status":"in_progress","provider_status":"started","reasons":[],"vendor_time":null,"observed_at":"2026-11-27T10:00:00Z","correlation":{}}"#;
    for statement in [
        format!(
            "insert into verification (reference, purpose, exclusive, phase, provider, session, state, status, version, created_at, \
             due_at, fresh_since, interval_ms) select 'case-' || i, '', 1, 'tracked', 'bench', 'bench:s-' || i, '{state}', 'in_review', \
             2, 1795773600000, {due}, 1795773600000, 60000 from {series}"
        ),
        "insert into correlation (provider, name, value, verification_id) select 'bench', 'session', substr(session, 7), id \
         from verification"
            .to_owned(),
        format!(
            "insert into observation (verification_id, provider, source, observed_at, seen_until, facts) select id, 'bench', 'start', \
             1795773600000, 1795773600000, '{start}' from verification"
        ),
    ] {
        sqlx::query(AssertSqlSafe(statement)).execute(&fresh.pool).await.expect("rows");
    }
    if !fresh.is_sqlite {
        sqlx::query("analyze").execute(&fresh.pool).await.expect("statistics");
    }
}
