update quota set tokens = $2, at = $3 where provider = $1
