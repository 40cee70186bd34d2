select * from verification
where phase in ('starting', 'uncertain') and start_until <= $1
order by start_until limit $2
