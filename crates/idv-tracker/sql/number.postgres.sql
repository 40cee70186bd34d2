update transition set position = entry.position
from (select (value ->> 0)::bigint as id, (value ->> 1)::bigint as position from jsonb_array_elements($1::jsonb)) as entry
where entry.id = transition.id
