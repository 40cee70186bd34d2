delete from parked where observation_id = $1
