-- Departments get another path and stay what they are. ARGV[6] which import, [7] rows of old path, new
-- path. Returns how many rows, or -1.

if not people.hold(ARGV[6]) then return -1 end
local count = people.each(ARGV[7], function(row)
  local departments, old, new = key('departments'), row[1], row[2]
  local id = redis.call('HGET', departments, old)
  if not id or redis.call('HEXISTS', departments, new) == 1 then return end
  local parent = new:match('^(.*)/[^/]*$')
  if parent then people.department(parent) end
  redis.call('HDEL', departments, old)
  redis.call('HSET', departments, new, id)
  redis.call('HSET', key('department'), id, new)
end)
referee.recount() -- who is below whom may have changed
return count
