select id, source, seen_until, facts from observation where verification_id = $1 order by id
