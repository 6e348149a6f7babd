-- A flag was looked at. ARGV[6] its id. Returns 1, or 0 when there is none.

return redis.call('XDEL', key('flags'), ARGV[6])
