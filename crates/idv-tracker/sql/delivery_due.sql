select position from delivery as one
where target = $1 and outcome = 'pending' and due_at <= $2 and position = (
    select min(first.position) from delivery as first
    where first.target = one.target and first.verification_id = one.verification_id and first.outcome = 'pending'
)
order by due_at, position limit 1
