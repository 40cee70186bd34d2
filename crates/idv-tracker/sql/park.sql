insert into parked (observation_id, provider, name, value) values ($1, $2, $3, $4)
on conflict (provider, name, value, observation_id) do nothing
