select
    (select count(*) from verification where due_at <= $1) as due,
    (select min(due_at) from verification where due_at <= $1) as oldest_due,
    (select count(*) from verification where waiting_for = 'credential') as waiting_for_credential,
    (select count(*) from verification where waiting_for = 'operator') as waiting_for_operator,
    (select count(distinct observation_id) from parked) as parked,
    (select count(*) from verification where phase = 'uncertain') as uncertain,
    (select count(*) from transition) as transitions,
    (select count(*) from delivery where outcome = 'pending') as undelivered,
    (select count(*) from delivery where outcome = 'dead') as dead
