-- Employees whom the file no longer lists have left. ARGV[6] which import, [7] the date, [8] rows of key.
-- What the company need not know of them any more is forgotten. Returns how many, or -1.

if not people.hold(ARGV[6]) then return -1 end
return people.each(ARGV[8], function(row)
  local number = row[1]
  local at = key('employee', number)
  people.leave(number)
  redis.call('HDEL', at, 'm', 't', 'j', 'g', 'q', 'mt')
  redis.call('HSETNX', at, 'l', ARGV[7])
  redis.call('HSET', at, 'x', 1)
  redis.call('ZREM', key('roster'), number)
end)
