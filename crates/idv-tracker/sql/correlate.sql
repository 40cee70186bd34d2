insert into correlation (provider, name, value, verification_id) values ($1, $2, $3, $4)
on conflict (provider, name, value, verification_id) do nothing
