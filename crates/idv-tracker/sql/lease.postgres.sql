update verification set leased = 1, woken = 0, fence = fence + 1, due_at = $2
where id = any (array(select value::bigint from jsonb_array_elements_text($1::jsonb)))
