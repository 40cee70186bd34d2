select position, verification_id, version, at, facts from transition
where position > $1 order by position limit $2
