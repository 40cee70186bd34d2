delete from delivery where verification_id = $1
