update verification set
    due_at = case when leased = 1 then due_at else $2 end, woken = leased, fresh_since = $2, waiting_for = null
where id = $1
