select 1 as due from verification where provider = $1 and due_at <= $2 order by due_at limit 1
