select * from verification where id = (
    select verification_id from correlation where provider = $1 and name = $2 and value = $3
    order by verification_id desc limit 1
)
for update
