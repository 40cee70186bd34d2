select coalesce(json_agg(id), '[]')::text as ids
from verification join jsonb_to_recordset($1::jsonb) as entry (id bigint, fence bigint, version bigint) using (id, fence, version)
where leased = 0
