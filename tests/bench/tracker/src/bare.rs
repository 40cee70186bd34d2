//! The same work as bare SQL, by hand, with nothing that the tracker adds.

use sqlx::Row as _;

use crate::database::Fresh;

/// The number, session and fence of a row, which are needed to ask and to settle.
pub(crate) type Claimed = (i64, String, i64);

/// One statement claims a batch.
pub(crate) async fn claim(fresh: &Fresh, count: i64) -> Vec<Claimed> {
    let statement = match fresh.is_sqlite {
        true => {
            "update verification set leased = 1, fence = fence + 1, due_at = 4102444800000 where id in \
            (select id from verification where provider = 'bench' and due_at <= 1 order by due_at limit $1) \
            returning id, session, fence"
        }
        false => {
            "update verification set leased = 1, fence = fence + 1, due_at = 4102444800000 where id in \
            (select id from verification where provider = 'bench' and due_at <= 1 order by due_at limit $1 \
             for update skip locked) returning id, session, fence"
        }
    };
    let rows = sqlx::query(statement).bind(count).fetch_all(&fresh.pool).await.expect("a claim");
    rows.iter().map(|row| (row.get("id"), row.get("session"), row.get("fence"))).collect()
}

/// One statement settles a batch: each row is due again at a time of its own, and only where its fence is still that of the claim.
pub(crate) async fn settle(fresh: &Fresh, claimed: &[Claimed]) {
    let rows: Vec<_> = claimed.iter().map(|(id, _, fence)| (id, fence, 4_102_444_800_000_i64 + id)).collect();
    let rows = serde_json::to_string(&rows).expect("numbers");
    let statement = match fresh.is_sqlite {
        true => {
            "update verification set leased = 0, due_at = entry.value ->> 2 from json_each($1) as entry \
            where verification.id = entry.value ->> 0 and fence = entry.value ->> 1 and leased = 1"
        }
        false => {
            "update verification set leased = 0, due_at = (entry ->> 2)::bigint from jsonb_array_elements($1::jsonb) as entry \
            where id = (entry ->> 0)::bigint and fence = (entry ->> 1)::bigint and leased = 1"
        }
    };
    let done = sqlx::query(statement).bind(rows).execute(&fresh.pool).await.expect("a settlement");
    assert_eq!(done.rows_affected(), claimed.len() as u64);
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
