select json_group_array(verification.id) as ids from verification join json_each($1) as entry on verification.id = entry.value ->> 'id'
where fence = entry.value ->> 'fence' and version = entry.value ->> 'version' and leased = 0
