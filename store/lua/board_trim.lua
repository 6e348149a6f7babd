-- Boards of persons whose day, week or month is over keep their first. ARGV[6] how many, [7] how many are
-- removed at most in this call. Returns how many were. How many stood there is kept: reports tell it.

local KEEP, MOST = tonumber(ARGV[6]), tonumber(ARGV[7])
local removed = 0
for _, at in ipairs(board.over('p')) do
  local count = redis.call('ZCARD', at)
  local beyond = math.min(count - KEEP, MOST - removed)
  if beyond > 0 then
    redis.call('SET', key('ranked', at:match('[^:]+$')), count, 'NX', 'EX', 62 * 86400)
    removed = removed + redis.call('ZREMRANGEBYRANK', at, 0, beyond - 1)
  end
end
return { removed }
