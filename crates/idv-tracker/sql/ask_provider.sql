update verification set provider = $3, start_until = $4
where id = $1 and takeovers = $2 and phase in ('starting', 'uncertain')
