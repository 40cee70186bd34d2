select json_group_array(json_object(
    'id', id, 'session', session, 'fence', fence + 1, 'version', version, 'lease_end', $3, 'fresh_since', fresh_since,
    'interval_ms', interval_ms, 'errors', errors, 'digest', poll_digest
)) as claimed
from (select * from verification where provider = $1 and due_at <= $2 order by due_at limit $4)
