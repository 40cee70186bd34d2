delete from observation where verification_id = $1
