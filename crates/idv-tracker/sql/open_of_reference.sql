select * from verification where reference = $1 and purpose = $2 and exclusive = 1
