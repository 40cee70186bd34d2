update quota set tokens = tokens + $2 where provider = $1
