update quota set paused_until = $2 where provider = $1 and paused_until < $2
