update verification set
    state = $2, status = $3, version = $4, exclusive = case when $5 = 1 then exclusive else 0 end, valid_until = $6,
    interval_ms = $8, waiting_for = $9, errors = 0,
    due_at = case when leased = 1 then due_at else $7 end,
    woken = case when leased = 1 then $10 else 0 end, fresh_since = $11, poll_digest = null
where id = $1
