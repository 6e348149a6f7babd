-- Anybody may join a team, and leave it, or no more. ARGV[6] its name, folded, [7] 1 or 0. Who plays for it stays.
-- Returns what became of it.

local id = team.named(ARGV[6])
if not id or not team.find(id) then return { 'unknown', 0 } end
if ARGV[7] == '1' then
  redis.call('HSET', key('team', id), 'op', 1)
  redis.call('ZADD', key('teams_open'), id, id)
else
  redis.call('HDEL', key('team', id), 'op')
  redis.call('ZREM', key('teams_open'), id)
end
return { 'done', tonumber(id) }
