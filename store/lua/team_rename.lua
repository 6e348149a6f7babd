-- A team gets another name. ARGV[6] its name, folded, [7] the new one, [8] folded. Returns what became of it.

local id = team.named(ARGV[6])
if not id or not team.find(id) then return { 'unknown', 0 } end
if ARGV[6] ~= ARGV[8] and team.named(ARGV[8]) then return { 'taken', tonumber(id) } end
redis.call('HDEL', key('teams'), ARGV[6])
redis.call('HSET', key('teams'), ARGV[8], id)
redis.call('HSET', key('team', id), 'nm', ARGV[7], 'fn', ARGV[8])
return { 'done', tonumber(id) }
