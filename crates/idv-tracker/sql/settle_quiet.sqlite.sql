update verification set
    due_at = case when woken = 1 then $2 else entry.due_at end, leased = 0, woken = 0, interval_ms = entry.interval_ms, errors = 0,
    poll_seen_at = entry.seen_at
from (
    select value ->> 'id' as id, value ->> 'fence' as fence, value ->> 'version' as version, value ->> 'due_at' as due_at,
        value ->> 'interval_ms' as interval_ms, value ->> 'seen_at' as seen_at
    from json_each($1)
) as entry
where verification.id = entry.id and verification.fence = entry.fence and verification.version = entry.version
    and leased = 1
