select * from verification where valid_until <= $1 order by valid_until limit $2
