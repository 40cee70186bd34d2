insert into verification (reference, purpose, exclusive, phase, provider, session, created_at, fresh_since)
select reference, purpose, 0, 'tracked', $3, $2, $4, $4 from verification where id = $1 and phase <> 'erased'
returning id
