with chosen as materialized (
    select target, position from delivery as one
    where target = $1 and outcome = 'pending' and due_at <= $2 and position = (
        select min(first.position) from delivery as first
        where first.target = one.target and first.verification_id = one.verification_id and first.outcome = 'pending'
    )
    order by due_at, position limit $4
    for update of one skip locked
)
update delivery set due_at = $3, fence = fence + 1, attempts = attempts + 1
from chosen where delivery.target = chosen.target and delivery.position = chosen.position
returning delivery.position as position, delivery.verification_id as verification_id, delivery.attempts as attempts,
    delivery.fence as fence
