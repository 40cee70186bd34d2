insert into observation (verification_id, provider, source, event_id, observed_at, seen_until, facts)
values ($1, $2, $3, $4, $5, $5, $6)
on conflict (provider, event_id) where event_id is not null do nothing
returning id
