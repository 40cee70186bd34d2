with stored as (insert into transition (verification_id, version, at, facts) values ($1, $2, $3, $4) returning id)
select count(pg_notify('idv_tracker', '')) as told from stored
