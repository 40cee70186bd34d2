select id, source, event_id, observed_at, seen_until, facts from observation
where verification_id = $1 order by id
