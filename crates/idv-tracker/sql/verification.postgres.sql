select * from verification where id = $1 for update
