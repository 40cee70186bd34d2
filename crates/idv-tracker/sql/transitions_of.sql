select position, verification_id, version, at, facts from transition where verification_id = $1 order by version
