update delivery set outcome = $4, due_at = $5, last_error = $6
where target = $1 and position = $2 and fence = $3 and outcome = 'pending'
