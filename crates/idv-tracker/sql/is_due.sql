select 1 as due from verification where provider = $1 and due_at <= $2 limit 1
