update delivery set outcome = 'pending', attempts = 0, fence = fence + 1, due_at = $3, last_error = null
where target = $1 and position > $2
