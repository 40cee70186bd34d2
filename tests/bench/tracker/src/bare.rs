//! The same work as bare SQL, by hand, with nothing that the tracker adds.

use sqlx::Row as _;

use crate::database::Fresh;

pub(crate) async fn claim(fresh: &Fresh, count: i64) -> Vec<i64> {
    let statement = match fresh.is_sqlite {
        true => {
            "update verification set leased = 1, fence = fence + 1, due_at = 4102444800000 where id in \
            (select id from verification where provider = 'bench' and due_at <= 1 order by due_at limit $1) returning id"
        }
        false => {
            "update verification set leased = 1, fence = fence + 1, due_at = 4102444800000 where id in \
            (select id from verification where provider = 'bench' and due_at <= 1 order by due_at limit $1 \
             for update skip locked) returning id"
        }
    };
    let rows = sqlx::query(statement).bind(count).fetch_all(&fresh.pool).await.expect("a claim");
    rows.iter().map(|row| row.get::<i64, _>("id")).collect()
}

pub(crate) async fn settle(fresh: &Fresh, ids: &[i64]) {
    let ids = serde_json::to_string(ids).expect("numbers");
    let statement = match fresh.is_sqlite {
        true => {
            "update verification set leased = 0, due_at = 4102444800000 where id in (select value from json_each($1)) and leased = 1"
        }
        false => {
            "update verification set leased = 0, due_at = 4102444800000 \
            where id in (select value::bigint from jsonb_array_elements_text($1::jsonb)) and leased = 1"
        }
    };
    sqlx::query(statement).bind(ids).execute(&fresh.pool).await.expect("a settlement");
}

/// One webhook: its event stored once, its row moved, and the transition put into the outbox, in one transaction.
pub(crate) async fn webhook(fresh: &Fresh, number: usize, facts: &str) {
    let begin = if fresh.is_sqlite { "begin immediate" } else { "begin" };
    let mut transaction = fresh.pool.begin_with(begin).await.expect("a transaction");
    let row = sqlx::query("select verification_id from correlation where provider = 'bench' and name = 'session' and value = $1")
        .bind(format!("s-{number}"))
        .fetch_one(&mut *transaction)
        .await
        .expect("a row");
    let id: i64 = row.get(0);
    sqlx::query("insert into observation (verification_id, provider, source, event_id, observed_at, seen_until, facts) \
                 values ($1, 'bench', 'webhook', $2, 1, 1, $3) on conflict do nothing")
        .bind(id)
        .bind(format!("evt-s-{number}"))
        .bind(facts)
        .execute(&mut *transaction)
        .await
        .expect("an observation");
    sqlx::query("update verification set status = 'approved', state = $2, version = version + 1, due_at = null, exclusive = 0 where id = $1")
        .bind(id)
        .bind(facts)
        .execute(&mut *transaction)
        .await
        .expect("a state");
    sqlx::query("insert into transition (verification_id, version, at, facts) values ($1, 3, 1, $2)")
        .bind(id)
        .bind(facts)
        .execute(&mut *transaction)
        .await
        .expect("a transition");
    transaction.commit().await.expect("a commit");
}
