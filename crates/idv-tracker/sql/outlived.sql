select id from verification
where exclusive = 0 and due_at is null and phase in ('tracked', 'refused', 'lost', 'joined') and created_at < $1 and phase <> 'erased'
    and not exists (select 1 from transition where verification_id = verification.id and at >= $1)
    and not exists (select 1 from delivery where verification_id = verification.id and outcome = 'pending')
order by created_at limit $2
