delete from parked where observation_id in (select id from observation where verification_id is null and observed_at < $1)
