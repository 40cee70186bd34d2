select coalesce(json_agg(due), '[]')::text as claimed
from (
    select id, session, fence + 1 as fence, version, $3::bigint as lease_end, fresh_since, interval_ms, errors, poll_digest as digest
    from verification where provider = $1 and due_at <= $2 order by due_at limit $4
    for update skip locked
) as due
