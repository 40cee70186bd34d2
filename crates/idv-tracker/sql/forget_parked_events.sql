delete from observation where verification_id is null and observed_at < $1
