update observation set seen_until = entry.seen_at
from (select value ->> 'observation' as id, value ->> 'seen_at' as seen_at from json_each($1)) as entry
where observation.id = entry.id and observation.seen_until < entry.seen_at
