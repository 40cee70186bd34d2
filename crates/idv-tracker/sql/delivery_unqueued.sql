select position from transition
where position > (select coalesce(max(position), 0) from delivery where target = $1)
order by position limit 1
