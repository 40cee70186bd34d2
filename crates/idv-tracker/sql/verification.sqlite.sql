select * from verification where id = $1
