update observation set seen_until = entry.seen_at
from jsonb_to_recordset($1::jsonb) as entry (observation bigint, seen_at bigint)
where observation.id = entry.observation and observation.seen_until < entry.seen_at
