insert into consumer (name, position) values ($1, $2)
on conflict (name) do update set position = excluded.position
