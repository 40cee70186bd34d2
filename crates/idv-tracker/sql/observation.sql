select id, source, seen_until, facts from observation where id = $1
