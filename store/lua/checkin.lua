-- A check-in. ARGV[6] policy, [7] its rule, [8] minute of the day, [9] when the next working day starts,
-- [10] first and [11] last minute of the day for reminders, [12] the length of the plan in days,
-- [13] milestones, "DAY:RULE" each, with a blank before each, [14] the working days up to today.
-- Returns number, xp, level, level before, points given, coins, coins given, streak, days checked in, 1 if it
-- counted (0: already checked in today), freezes in hand, 1 if it earned one, days missed and the streak that
-- mending would bring back, 1 if today is a working day, the day on which the plan was finished (0: not yet).

local HISTORY = 7
local WORK = ARGV[14]

-- The minutes of the last check-ins with today's in front; and the middle one of them: the usual time.
local function usual(L, minute)
  local minutes = { minute }
  for m in (L.hr or ''):sub(1, 2 * HISTORY - 2):gmatch('..') do minutes[#minutes + 1] = tonumber(m, 36) end
  learner.put(L, 'hr', ('0' .. base_36(minute)):sub(-2) .. (L.hr or ''):sub(1, 2 * HISTORY - 2))
  table.sort(minutes)
  return minutes[math.ceil(#minutes / 2)]
end

return once('checkin', function()
  local L = learner.speaking()
  local policy = points.policy(ARGV[6])
  local before, plan, minute = L.lv, tonumber(ARGV[12]), tonumber(ARGV[8])
  local function result(counted, given, coins, earned)
    learner.save(L)
    local missed, mended = streak.broken(L, WORK, policy)
    return { L.n, L.xp, L.lv, before, given, L.co, coins, streak.length(L, WORK), L.ci, counted, L.fz,
      earned, missed, mended, WORK:byte(-1) == 49 and 1 or 0, L.f }
  end
  if L.ld >= turn.day then return result(0, 0, 0, 0) end
  local earned = streak.count(L, WORK, policy)
  learner.put(L, 'ci', L.ci + 1)
  learner.put(L, 'ld', turn.day)
  local what = { subject = '', minute = minute }
  local given, coins = points.award(L, points.rule(ARGV[7]), what, policy)
  local day = (L.ci - 1) % plan + 1
  if day == plan then learner.put(L, 'f', turn.day) end
  for rule in ARGV[13]:gmatch(' ' .. day .. ':([^ ]+)') do
    local more, more_coins = points.award(L, points.rule(rule), what, policy)
    given, coins = given + more, coins + more_coins
  end
  -- The next working day's reminder; today's is no longer true.
  local at = math.max(tonumber(ARGV[10]), math.min(usual(L, minute), tonumber(ARGV[11])))
  reminder.put('streak_at_risk', L.n, tonumber(ARGV[9]) + at * 60)
  return result(1, given, coins, earned)
end)
