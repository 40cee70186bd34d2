select * from verification where reference = $1 order by id desc limit 100
