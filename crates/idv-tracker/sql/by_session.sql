select * from verification where session = $1
