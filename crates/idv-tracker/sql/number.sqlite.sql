update transition set position = (select entry.value ->> 1 from json_each($1) as entry where entry.value ->> 0 = transition.id)
where id in (select value ->> 0 from json_each($1))
