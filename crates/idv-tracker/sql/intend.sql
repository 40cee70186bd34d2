insert into verification (reference, purpose, exclusive, phase, idempotency_key, start_until, created_at, fresh_since)
values ($1, $2, $3, 'starting', $4, $5, $6, $6)
on conflict (reference, purpose) where exclusive = 1 do nothing
returning id
