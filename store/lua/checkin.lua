-- A check-in. ARGV[6] thresholds, [7..11] its rule, [12] minute of the day, [13] when tomorrow starts,
-- [14] first and [15] last minute of the day for reminders, [16] the length of the plan in days,
-- [17] milestones, "DAY:RULE:POINTS:CAP:ONCE" each, with a blank before each.
-- Returns number, xp, level, level before, points given, streak, days checked in, 1 if it counted
-- (0: already checked in today).

local HISTORY = 7

-- The minutes of the last check-ins with today's in front; and the middle one of them: the usual time.
local function usual(L, minute)
  local minutes = { minute }
  for m in (L.hr or ''):gmatch('%d+') do
    if #minutes < HISTORY then minutes[#minutes + 1] = tonumber(m) end
  end
  learner.put(L, 'hr', table.concat(minutes, ','))
  table.sort(minutes)
  return minutes[math.ceil(#minutes / 2)]
end

return once('checkin', function()
  local L = learner.load(turn.openid, 'hr', 'c:' .. ARGV[7])
  local before, plan = L.lv, tonumber(ARGV[16])
  learner.seen(L)
  if L.ld >= turn.day then
    learner.save(L)
    return { L.n, L.xp, L.lv, before, 0, L.st, L.ci, 0 }
  end
  learner.put(L, 'st', learner.streak(L) + 1)
  learner.put(L, 'ci', L.ci + 1)
  learner.put(L, 'ld', turn.day)
  local given = points.award(L, points.rule(7), ARGV[6])
  local day = (L.ci - 1) % plan + 1
  for name, gives, cap, only in ARGV[17]:gmatch(' ' .. day .. ':([^:]+):(%d+):(%d+):(%d)') do
    local rule = { name = name, points = tonumber(gives), cap = tonumber(cap), once = only == '1', subject = '' }
    given = given + points.award(L, rule, ARGV[6])
  end
  -- Tomorrow's reminder takes the place of today's, which is no longer true.
  local minute = math.max(tonumber(ARGV[14]), math.min(usual(L, tonumber(ARGV[12])), tonumber(ARGV[15])))
  redis.call('ZADD', key('due'), text(tonumber(ARGV[13]) + minute * 60), 'streak_at_risk:' .. L.openid)
  learner.save(L)
  return { L.n, L.xp, L.lv, before, given, L.st, L.ci, 1 }
end)
