-- A page of players has been told. ARGV[6] name, [7] where the next begins, '' after the last.

if ARGV[7] == '' then
  redis.call('SREM', key('contests_told'), ARGV[6])
elseif tonumber(ARGV[7]) > (tonumber(redis.call('HGET', key('contest', ARGV[6]), 'teller')) or 0) then
  redis.call('HSET', key('contest', ARGV[6]), 'teller', ARGV[7])
end
return {}
