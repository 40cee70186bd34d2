select * from verification
where provider = $1 and reference = $2 and phase in ('starting', 'uncertain', 'lost') and session is null
order by id desc limit 1
