-- An operator ends a contest. ARGV[6] name, [7] close (early: as it stands now it stays), cancel (as if it had
-- never been) or announce (its players are told the result).
-- Returns 1, or 0 when it had been done before; -1 there is none, -2 it is over and cannot be cancelled, -3 it is
-- not over, -4 of a league there is no result to tell, -5 it has not begun and cannot be closed.

referee.due()
local c, verb = referee.load(ARGV[6]), ARGV[7]
if not c then return { -1 } end
if verb == 'close' and c.state ~= 'over' and turn.now < c.from then return { -5 } end
if verb == 'close' then return { referee.close(c) and 1 or 0 } end
if verb == 'cancel' then
  if c.state == 'over' then return { -2 } end
  referee.cancel(c)
  return { 1 }
end
if c.kind == 'l' then return { -4 } end
if c.state ~= 'over' then return { -3 } end
if c.announce == '1' then return { 0 } end
redis.call('HSET', key('contest', c.name), 'announce', 1)
redis.call('SADD', key('contests_told'), c.name)
return { 1 }
