update verification set takeovers = takeovers + 1, phase = 'starting', start_until = $3
where id = $1 and takeovers = $2 and phase in ('starting', 'uncertain') and start_until <= $4
