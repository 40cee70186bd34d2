update verification set session = $2, provider = $3, phase = 'tracked', start_until = null, fresh_since = $4
where id = $1 and session is null and phase in ('starting', 'uncertain', 'lost', 'refused')
