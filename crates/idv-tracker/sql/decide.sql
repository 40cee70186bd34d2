update verification set
    state = $2, status = $3, version = $4, exclusive = case when $5 = 1 then exclusive else 0 end, valid_until = $6
where id = $1
