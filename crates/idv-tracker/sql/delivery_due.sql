select position from delivery as one
where target = $1 and outcome = 'pending' and due_at <= $2 and not exists (
    select 1 from delivery as earlier
    where earlier.target = one.target and earlier.verification_id = one.verification_id
        and earlier.position < one.position and earlier.outcome = 'pending'
)
limit 1
