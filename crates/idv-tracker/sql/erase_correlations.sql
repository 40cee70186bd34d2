delete from correlation where verification_id = $1
