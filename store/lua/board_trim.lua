-- Boards of persons whose day, week or month is over keep their first. ARGV[6] how many. Returns how many
-- places were given up. How many stood there is kept: reports tell it.
--
-- The first are copied and the rest unlinked, which costs nothing that grows with the board, and leaves no
-- table of the size it had.

local KEEP = tonumber(ARGV[6])
local removed = 0
for _, at in ipairs(board.over('p')) do
  local count = redis.call('ZCARD', at)
  if count > KEEP then
    local period, left = at:match('[^:]+$'), redis.call('TTL', at)
    local first = key('board', 'first:' .. period)
    redis.call('SET', key('ranked', period), count, 'NX', 'EX', 62 * 86400)
    redis.call('ZRANGESTORE', first, at, 0, KEEP - 1, 'REV')
    redis.call('UNLINK', at)
    redis.call('RENAME', first, at)
    if left > 0 then redis.call('EXPIRE', at, left) end
    removed = removed + count - KEEP
  end
end
return { removed }
