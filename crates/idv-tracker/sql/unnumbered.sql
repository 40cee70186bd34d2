select id from transition where position is null order by id limit $1
