select position, verification_id, version, at, facts from transition where position = $1
