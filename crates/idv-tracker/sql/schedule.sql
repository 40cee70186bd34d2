update verification set due_at = $2, fresh_since = $3, interval_ms = $4, waiting_for = $5, errors = 0
where id = $1 and leased = 0
