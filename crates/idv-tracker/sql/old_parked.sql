select 1 as found from observation where verification_id is null and observed_at < $1 order by observed_at limit 1
