select position from consumer where name = $1
