select coalesce(status, phase) as word, count(*) as number from verification group by coalesce(status, phase)
