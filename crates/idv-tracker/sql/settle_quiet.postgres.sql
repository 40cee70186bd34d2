update verification set
    due_at = case when woken = 1 then $2 else entry.due_at end, leased = 0, woken = 0, interval_ms = entry.interval_ms, errors = 0,
    poll_seen_at = entry.seen_at
from jsonb_to_recordset($1::jsonb)
    as entry (id bigint, fence bigint, version bigint, due_at bigint, interval_ms bigint, seen_at bigint)
where verification.id = entry.id and verification.fence = entry.fence and verification.version = entry.version
    and leased = 1
