-- Somebody, as an operator looks at them. ARGV[6] what the operator says: #NUMBER, an openid or an employee
-- number; [7] the same as employee numbers are compared.
-- Returns nothing for nobody, else number, openid, employee's KEY, name, department, team, xp, co, level, streak,
-- its last day, days checked in, freezes, 1 if shown on boards, tally, the newest changes and refusals.

local said, folded = ARGV[6], ARGV[7]
local n = said:match('^#(%d+)$')
local openid = n and learner.of(n) or not n and
  (redis.call('HGET', key('employee', folded), 'u') or said)
local L = openid and learner.peek(openid)
if not L then return {} end
return { L.n, openid, L.e or '', people.called(L.e),
  L.d and redis.call('HGET', key('department'), L.d) or '',
  L.tm and redis.call('HGET', key('team', L.tm), 'nm') or '',
  L.xp, L.co, L.lv, L.st, L.sd, L.ci, L.fz, learner.shown(L) and 1 or 0, L.tl or '', L.rc or '' }
