update verification set
    due_at = case when woken = 1 and $3 is not null then $4 else $3 end,
    leased = 0, woken = 0, interval_ms = $5, errors = $6, waiting_for = $7
where id = $1 and fence = $2 and leased = 1
