update verification set exclusive = $2, phase = 'tracked' where id = $1
