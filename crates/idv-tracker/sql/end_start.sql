update verification set phase = $3, exclusive = $4, start_until = $5, repeatable = $6, due_at = null
where id = $1 and takeovers = $2 and phase in ('starting', 'uncertain')
