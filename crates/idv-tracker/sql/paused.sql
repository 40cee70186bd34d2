select paused_until from quota where provider = $1
