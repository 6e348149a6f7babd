-- Points: one change is a ledger line, the balances, a level and places on the boards, all at once.
-- Experience (xp) makes levels and boards and is never spent; coins (co) are.

local points = {}
local RECENT = 8 -- the newest lines that are kept beside the learner

local RULE = '^([^;]+);(%d+);(%d+);(%d);(%d);(%d);(%d+);(%d+);(%d+);(%d+);(%d+);(%d+);(%d+);(%a)$'
local POLICY = '^([%d,]+);(%d+);(%d);(%d+),(%d+),(%d+);(%d+),(%d+);(%d+),(%d+);(%d+);(%d+)$'

-- What store_rule_text() wrote.
function points.rule(wire)
  local name, xp, coins, once, bound, beyond, cooldown, least, day, week, s_day, s_week, s_ever, activity =
    wire:match(RULE)
  return {
    name = name, points = tonumber(xp), coins = tonumber(coins), once = once == '1',
    bound = bound == '1', beyond = beyond == '1', cooldown = tonumber(cooldown), least = tonumber(least),
    day = tonumber(day), week = tonumber(week),
    s_day = tonumber(s_day), s_week = tonumber(s_week), s_ever = tonumber(s_ever),
    activity = activity,
  }
end

-- What store_policy_text() wrote: what holds for all rules of an account.
function points.policy(wire)
  local levels, daily, unbound, every, freezes, makeup, burst, burst_s, from, to, same, praise =
    wire:match(POLICY)
  return {
    levels = levels, daily_cap = tonumber(daily), unbound = unbound == '1',
    freeze_every = tonumber(every), freezes = tonumber(freezes), makeup_days = tonumber(makeup),
    burst = tonumber(burst), burst_s = tonumber(burst_s),
    night_from = tonumber(from), night_to = tonumber(to),
    same_text = tonumber(same), praise = tonumber(praise),
  }
end

-- A line of the learner's own newest: "AT POINTS COINS RULE WHY". What was refused for the same reason
-- again and again stands there once.
local function remember(L, rule, give, coins, why)
  local lines = { ('%s %d %d %s %s'):format(ARGV[3], give, coins, rule, why) }
  local again = give == 0 and coins == 0 and '0 0 ' .. rule .. ' ' .. why
  for line in (L.rc or ''):gmatch('[^\n]+') do
    local same = again and #lines == 1 and line:match('^%d+ (.*)$') == again
    if not same and #lines < RECENT then lines[#lines + 1] = line end
    again = nil
  end
  learner.put(L, 'rc', table.concat(lines, '\n'))
end

local function level(xp, thresholds)
  local reached = 0
  for least in thresholds:gmatch('%d+') do
    if xp < tonumber(least) then break end
    reached = reached + 1
  end
  return reached
end

-- A change: of `points` and `coins`, each of which may be less than 0; `rule`, `subject`, `id` as the ledger
-- has them; `day`, `d` and `tm`: day, department and team it counts for; `why` of a cap that cut it.
-- `levels` is "0,60,150": the points from which each level is reached; nil: none is reached by this.
-- Returns the line's id. L is to be saved by learner.save().
function points.change(L, change, levels)
  local give = change.points
  learner.put(L, 'xp', L.xp + give)
  if change.coins ~= 0 then learner.put(L, 'co', L.co + change.coins) end
  if levels then
    local reached = level(L.xp, levels)
    if reached > L.lv then learner.put(L, 'lv', reached) end
  end
  if give ~= 0 then
    learner.put(L, 'tl', board.credit('p', L.n, L.tl, change.day, give, learner.shown(L)))
    if change.d and change.d ~= '' then board.credit_group('d', change.d, change.day, give) end
    if change.tm and change.tm ~= '' then board.credit_group('t', change.tm, change.day, give) end
    local running = contest.score(L, change, learner.shown(L))
    if running then league.score(L, running) end
  end
  remember(L, change.rule, give, change.coins, change.why or '-')
  return redis.call('XADD', key('ledger'), '*', 'n', text(L.n), 'rule', change.rule,
    'subject', change.subject, 'points', text(give), 'coins', text(change.coins),
    'xp', text(L.xp), 'co', text(L.co), 'at', ARGV[3], 'day', text(change.day),
    'd', change.d or '', 'tm', change.tm or '', 'id', change.id)
end

-- A counter is "DAY:POINTS:WEEK:POINTS:LAST": what a day and a week have given, and one number more. A day
-- that has begun does not end because a message of the day before comes late.
local function counter(noted, day, week)
  local d, of_day, w, of_week, last = (noted or ''):match('^(%d+):(%d+):(%d+):(%d+):(%d+)$')
  return tonumber(d) == day and tonumber(of_day) or 0, tonumber(w) == week and tonumber(of_week) or 0,
    tonumber(last) or 0
end

local function count(day, of_day, week, of_week, last)
  return ('%d:%d:%d:%d:%d'):format(day, of_day, week, of_week, last)
end

-- Why a rule gives nothing whatever the caps say, or nil.
local function forbidden(L, rule, what, policy)
  if (rule.bound or not policy.unbound) and not L.e then return 'unbound' end
  if (what.effort or 0) < rule.least then return 'short' end
  if rule.cooldown > 0 then
    local _, _, last = counter(L['c:' .. rule.name])
    if turn.now < last + rule.cooldown then return 'cool' end
  end
  if rule.once and redis.call('GETBIT', key('done', rule.name .. ':' .. what.subject), text(L.n)) == 1 then
    return 'once'
  end
end

-- What the caps leave of the rule's points, and the name of the cap that left least.
local function left(L, rule, day, week, subject, policy)
  local give, why = rule.points, nil
  local function cap(most, given, name)
    if most > 0 and most - given < give then give, why = math.max(most - given, 0), name end
  end
  if subject then
    cap(rule.s_ever, subject[3], 'subject')
    cap(rule.s_week, subject[2], 'subject')
    cap(rule.s_day, subject[1], 'subject')
  end
  local of_day, of_week = counter(L['c:' .. rule.name], day, week)
  cap(rule.day, of_day, 'day')
  cap(rule.week, of_week, 'week')
  local total = 0
  if policy.daily_cap > 0 and not rule.beyond then
    total = counter(L.dc, day)
    cap(policy.daily_cap, total, 'total')
  end
  return give, why, of_day, of_week, total
end

local BITMAP = { w = 'watched', i = 'interacted', d = 'discussed' }

-- The bitmap of what the learner did; key('watched'), key('interacted'), key('discussed').
local function did(L, rule)
  local bitmap = BITMAP[rule.activity]
  if bitmap then redis.call('SETBIT', key(bitmap, ARGV[4]), text(L.n), '1') end
end

-- Gives what the rule gives. what: subject (what it is about, '' for nothing), effort (watched per cent,
-- letters), text (a hash of the learner's words), peer (number of the learner it is about), minute of the
-- day; all but subject may be left out. Returns points, coins and, when a cap or another reason made them
-- less than the rule says, why: once, day, week, subject, total, cool, short, unbound. L is to be saved
-- by learner.save().
function points.award(L, rule, what, policy)
  did(L, rule)
  local why = forbidden(L, rule, what, policy)
  if why then
    remember(L, rule.name, 0, 0, why)
    return 0, 0, why
  end
  local day = math.max(turn.day, board.day(L.tl))
  local _, week = board.periods(day)
  local by_subject = rule.s_ever + rule.s_week + rule.s_day > 0
  local subjects, subject = key('subject', L.n), nil
  local field = rule.name .. ':' .. what.subject
  if by_subject then subject = { counter(redis.call('HGET', subjects, field), day, week) } end
  local give, cut, of_day, of_week, total = left(L, rule, day, week, subject, policy)
  if give == 0 then
    remember(L, rule.name, 0, 0, cut)
    return 0, 0, cut
  end
  if rule.once then redis.call('SETBIT', key('done', field), text(L.n), '1') end
  if subject then
    redis.call('HSET', subjects, field,
      count(day, subject[1] + give, week, subject[2] + give, subject[3] + give))
  end
  if rule.day + rule.week + rule.cooldown > 0 then
    learner.put(L, 'c:' .. rule.name, count(day, of_day + give, week, of_week + give, turn.now))
  end
  if policy.daily_cap > 0 and not rule.beyond then
    learner.put(L, 'dc', count(day, total + give, 0, 0, 0))
  end
  local coins = math.floor(rule.coins * give / rule.points)
  points.change(L, { rule = rule.name, subject = what.subject, points = give, coins = coins,
    id = turn.id, day = day, d = L.d, tm = L.tm, why = cut }, policy.levels)
  guard.look(L, rule, what, policy)
  return give, coins, cut
end
