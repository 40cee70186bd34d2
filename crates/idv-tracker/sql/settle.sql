update verification set
    due_at = case when woken = 1 and $3 is not null then $4 else $3 end,
    leased = 0, woken = 0, interval_ms = $5, errors = $6, fresh_since = $7, waiting_for = $8,
    poll_observation = coalesce($9, poll_observation), poll_digest = coalesce($10, poll_digest)
where id = $1 and fence = $2 and leased = 1
