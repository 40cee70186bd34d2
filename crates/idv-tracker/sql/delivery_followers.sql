update delivery set due_at = $4
where target = $1 and verification_id = $2 and position > $3 and outcome = 'pending' and due_at <> $4
