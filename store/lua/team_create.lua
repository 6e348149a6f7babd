-- A new team. ARGV[6] name, [7] folded, [8] 1 if anybody may join it, [9] how many teams there may be, [10] how
-- it was drawn, or ''. Returns what became of it, and its id. A draw that was killed is done again: its own
-- team of that name is what it wants.

local NAME, FOLDED, OPEN, MOST, DRAWN = ARGV[6], ARGV[7], ARGV[8], tonumber(ARGV[9]), ARGV[10]

local id = team.named(FOLDED)
if id then
  local same = DRAWN ~= '' and redis.call('HGET', key('team', id), 'dr') == DRAWN and team.find(id)
  return { same and 'done' or 'taken', tonumber(id) }
end
if redis.call('HLEN', key('teams')) >= MOST then return { 'many', 0 } end
id = text(redis.call('INCR', key('team_last')))
redis.call('HSET', key('teams'), FOLDED, id)
redis.call('HSET', key('team', id), 'nm', NAME, 'fn', FOLDED, 'at', ARGV[3])
if OPEN == '1' then
  redis.call('HSET', key('team', id), 'op', 1)
  redis.call('ZADD', key('teams_open'), id, id)
end
if DRAWN ~= '' then redis.call('HSET', key('team', id), 'dr', DRAWN) end
return { 'done', tonumber(id) }
