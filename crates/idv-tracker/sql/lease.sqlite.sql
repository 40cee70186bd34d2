update verification set leased = 1, woken = 0, fence = fence + 1, due_at = $2
where id in (select value from json_each($1))
