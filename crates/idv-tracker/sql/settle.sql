update verification set
    state = $2, status = $3, version = $4, exclusive = case when $5 = 1 then exclusive else 0 end, valid_until = $6,
    interval_ms = $8, waiting_for = $9, errors = 0,
    due_at = case when woken = 1 and $7 is not null then $10 else $7 end,
    leased = 0, woken = 0, fresh_since = $11, poll_observation = $12, poll_digest = $13, poll_seen_at = null
where id = $1 and fence = $14 and leased = 1
