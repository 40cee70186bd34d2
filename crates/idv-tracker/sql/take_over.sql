update verification set takeovers = takeovers + 1, phase = 'starting', start_until = $3
where id = $1 and takeovers = $2 and (phase = 'uncertain' or (phase = 'starting' and start_until <= $4))
