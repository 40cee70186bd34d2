update observation set seen_until = $2 where id = $1 and seen_until < $2
