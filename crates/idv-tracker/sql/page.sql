select * from verification where id > $1 and session is not null order by id limit $2
