insert into delivery (target, position, verification_id, due_at)
select cast($1 as text), position, verification_id, cast($2 as bigint) from transition
where position > (select coalesce(max(position), 0) from delivery where target = $1)
order by position limit $3
on conflict (target, position) do nothing
