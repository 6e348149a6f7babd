-- Boards of persons whose day, week or month is over keep their first. ARGV[6] how many, [7] how many are
-- removed at most in this call. Returns how many were.

local KEEP, MOST = tonumber(ARGV[6]), tonumber(ARGV[7])
local removed = 0
for _, at in ipairs(board.over('p')) do
  local beyond = math.min(redis.call('ZCARD', at) - KEEP, MOST - removed)
  if beyond > 0 then removed = removed + redis.call('ZREMRANGEBYRANK', at, 0, beyond - 1) end
end
return { removed }
