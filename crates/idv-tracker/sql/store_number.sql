select value from counter where name = 'store'
