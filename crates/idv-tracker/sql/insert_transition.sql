insert into transition (verification_id, version, at, facts) values ($1, $2, $3, $4)
