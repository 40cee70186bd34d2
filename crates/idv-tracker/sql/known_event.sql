select id from observation where provider = $1 and event_id = $2
