update delivery set due_at = $3, fence = fence + 1, attempts = attempts + 1
where target = $1 and position in (
    select position from delivery as one
    where target = $1 and outcome = 'pending' and due_at <= $2 and position = (
        select min(first.position) from delivery as first
        where first.target = one.target and first.verification_id = one.verification_id and first.outcome = 'pending'
    )
    order by due_at, position limit $4
)
returning position, verification_id, attempts, fence
