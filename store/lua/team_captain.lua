-- Who leads a team. ARGV[6] its name, folded, [7] KEY of one who plays for it, or '' for nobody. Returns what
-- became of it.

local id = team.named(ARGV[6])
if not id or not team.find(id) then return { 'unknown', 0 } end
if ARGV[7] == '' then
  redis.call('HDEL', key('team', id), 'cp')
elseif redis.call('HGET', key('employee', ARGV[7]), 'tm') == id then
  redis.call('HSET', key('team', id), 'cp', ARGV[7])
else
  return { 'stranger', tonumber(id) }
end
return { 'done', tonumber(id) }
