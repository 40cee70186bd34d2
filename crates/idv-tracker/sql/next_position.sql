update counter set value = value + $1 where name = 'position' returning value
