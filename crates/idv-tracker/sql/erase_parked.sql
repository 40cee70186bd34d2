delete from parked where observation_id in (select id from observation where verification_id = $1)
