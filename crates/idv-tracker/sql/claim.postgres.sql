update verification set leased = 1, woken = 0, fence = fence + 1, due_at = $3
where id = any (array(
    select id from verification where provider = $1 and due_at <= $2 order by due_at limit $4
    for update skip locked
))
returning *
