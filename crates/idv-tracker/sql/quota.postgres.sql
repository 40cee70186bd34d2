select tokens, at, paused_until from quota where provider = $1 for update
