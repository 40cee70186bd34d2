update observation set verification_id = $2 where id = $1 and verification_id is null
