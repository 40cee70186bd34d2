update delivery set outcome = 'pending', attempts = 0, fence = fence + 1, due_at = $2, last_error = null
where position = $1 and outcome = 'dead'
