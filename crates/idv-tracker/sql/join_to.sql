update verification set phase = 'joined', joined_to = $2, exclusive = 0, start_until = null, due_at = null
where id = $1 and session is null
