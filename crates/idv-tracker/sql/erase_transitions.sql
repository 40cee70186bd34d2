delete from transition where verification_id = $1
