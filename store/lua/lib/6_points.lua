-- Points: one change is a ledger line, the balances, a level and places on the boards, all at once.
-- Experience (xp) makes levels and boards and is never spent; coins (co) are.

local points = {}
local RECENT = 5 -- the newest lines that are kept beside the learner

local RULE = '^([^;]+);(%d+);(%d+);(%d);(%d);(%d);(%d+);(%d+);(%d+);(%d+);(%d+);(%d+);(%d+);(%a)$'
local POLICY = '^([%d,]+);(%d+);(%d);(%d+),(%d+),(%d+);(%d+),(%d+);(%d+),(%d+);(%d+);(%d+)$'

-- What store_rule_text() wrote.
points.rule = remembered(function(wire)
  local name, xp, coins, once, bound, beyond, cooldown, least, day, week, s_day, s_week, s_ever, activity =
    wire:match(RULE)
  return {
    name = name, points = tonumber(xp), coins = tonumber(coins), once = once == '1',
    bound = bound == '1', beyond = beyond == '1', cooldown = tonumber(cooldown), least = tonumber(least),
    day = tonumber(day), week = tonumber(week),
    s_day = tonumber(s_day), s_week = tonumber(s_week), s_ever = tonumber(s_ever),
    activity = activity,
  }
end)

-- "0,60,150": the points from which each level is reached.
points.levels = remembered(function(list)
  local levels = {}
  for least in list:gmatch('%d+') do levels[#levels + 1] = tonumber(least) end
  return levels
end)

-- What store_policy_text() wrote: what holds for all rules of an account.
points.policy = remembered(function(wire)
  local levels, daily, unbound, every, freezes, makeup, burst, burst_s, from, to, same, praise =
    wire:match(POLICY)
  return {
    levels = points.levels(levels), daily_cap = tonumber(daily), unbound = unbound == '1',
    freeze_every = tonumber(every), freezes = tonumber(freezes), makeup_days = tonumber(makeup),
    burst = tonumber(burst), burst_s = tonumber(burst_s),
    night_from = tonumber(from), night_to = tonumber(to),
    same_text = tonumber(same), praise = tonumber(praise),
  }
end)

-- A line of the learner's own newest: "AT POINTS COINS RULE", AT in base 36, and WHY if there is one. What was refused for the same reason
-- again and again stands there once.
local function remember(L, rule, give, coins, why)
  local what = ('%d %d %s'):format(give, coins, rule) .. (why and ' ' .. why or '')
  local lines, again = { base_36(turn.now) .. ' ' .. what }, give == 0 and coins == 0 and what
  for line in (L.rc or ''):gmatch('[^\n]+') do
    local same = again and #lines == 1 and line:match('^%w+ (.*)$') == again
    if not same and #lines < RECENT then lines[#lines + 1] = line end
    again = nil
  end
  learner.put(L, 'rc', table.concat(lines, '\n'))
end

local function level(xp, thresholds)
  local reached = 0
  while reached < #thresholds and xp >= thresholds[reached + 1] do reached = reached + 1 end
  return reached
end

-- A change: of `points` and `coins`, each of which may be less than 0; `rule`, `subject`, `id` as the ledger
-- has them; `day`, `d` and `tm`: day, department and team it counts for; `why` of a cap that cut it.
-- `levels`: as of points.levels(); nil: none is reached by this.
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
  remember(L, change.rule, give, change.coins, change.why)
  return redis.call('XADD', key('ledger'), '*', 'n', text(L.n), 'rule', change.rule,
    'subject', change.subject, 'points', text(give), 'coins', text(change.coins),
    'xp', text(L.xp), 'co', text(L.co), 'at', ARGV[3], 'day', text(change.day),
    'd', change.d or '', 'tm', change.tm or '', 'id', change.id)
end

-- A counter says what has been given, "d20788:4,w2970:12,e30,l1796112067": on that day, in that week, ever, and
-- when last; as much of it as there is a cap for. A day that has begun does not end because a message of
-- the day before comes late.
local function given_on(noted, kind, number)
  local of, given = (noted or ''):match(kind .. '(%d+):(%d+)')
  return tonumber(of) == number and tonumber(given) or 0
end

local function given_ever(noted)
  return tonumber((noted or ''):match('e(%d+)')) or 0
end

local function last(noted)
  return tonumber((noted or ''):match('l(%d+)')) or 0
end

-- Why a rule gives nothing whatever the caps say, or nil.
local function forbidden(L, rule, what, policy)
  if (rule.bound or not policy.unbound) and not L.e then return 'unbound' end
  if (what.effort or 0) < rule.least then return 'short' end
  if rule.cooldown > 0 then
    if turn.now < last(L['c:' .. rule.name]) + rule.cooldown then return 'cool' end
  end
  if rule.once and redis.call('GETBIT', key('done', rule.name .. ':' .. what.subject), text(L.n)) == 1 then
    return 'once'
  end
end

-- What the caps leave of the rule's points, and the name of the cap that left least. `spare` collects what
-- has been given under each cap that there is.
local function left(L, rule, day, week, subject, policy, spare)
  local give, why = rule.points, nil
  local noted = L['c:' .. rule.name]
  local function cap(most, name, given)
    if most == 0 then return nil end
    if most - given < give then give, why = math.max(most - given, 0), name end
    return given
  end
  if subject then
    spare.s_ever = cap(rule.s_ever, 'subject', given_ever(subject))
    spare.s_week = cap(rule.s_week, 'subject', given_on(subject, 'w', week))
    spare.s_day = cap(rule.s_day, 'subject', given_on(subject, 'd', day))
  end
  spare.day = cap(rule.day, 'day', given_on(noted, 'd', day))
  spare.week = cap(rule.week, 'week', given_on(noted, 'w', week))
  if not rule.beyond then spare.total = cap(policy.daily_cap, 'total', given_on(L.dc, 'd', day)) end
  return give, why
end

local function counter(day, of_day, week, of_week, ever, at, give)
  local parts = {}
  if of_day then parts[#parts + 1] = ('d%d:%d'):format(day, of_day + give) end
  if of_week then parts[#parts + 1] = ('w%d:%d'):format(week, of_week + give) end
  if ever then parts[#parts + 1] = ('e%d'):format(ever + give) end
  if at then parts[#parts + 1] = 'l' .. at end
  return table.concat(parts, ',')
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
  local subjects, subject, spare = key('subject', L.n), nil, {}
  local field = rule.name .. ':' .. what.subject
  if rule.s_ever + rule.s_week + rule.s_day > 0 then subject = redis.call('HGET', subjects, field) or '' end
  local give, cut = left(L, rule, day, week, subject, policy, spare)
  if give == 0 then
    remember(L, rule.name, 0, 0, cut)
    return 0, 0, cut
  end
  if rule.once then redis.call('SETBIT', key('done', field), text(L.n), '1') end
  if subject then
    redis.call('HSET', subjects, field,
      counter(day, spare.s_day, week, spare.s_week, spare.s_ever, nil, give))
  end
  if spare.day or spare.week or rule.cooldown > 0 then
    learner.put(L, 'c:' .. rule.name,
      counter(day, spare.day, week, spare.week, nil, rule.cooldown > 0 and ARGV[3], give))
  end
  if spare.total then learner.put(L, 'dc', counter(day, spare.total, nil, nil, nil, nil, give)) end
  local coins = math.floor(rule.coins * give / rule.points)
  local before = L.rc and tonumber(L.rc:match('^%w+'), 36)
  points.change(L, { rule = rule.name, subject = what.subject, points = give, coins = coins,
    id = turn.id, day = day, d = L.d, tm = L.tm, why = cut }, policy.levels)
  guard.look(L, rule, what, before, policy)
  return give, coins, cut
end

-- What an operator changes by hand, once: `name` is what makes it unique, n the learner's number. change(L) makes
-- the change and returns its line of the ledger, or nil when there is not so much to take. Returns what became of it
-- (done, again: it was done before, gone: there is no such learner, short), that line, and the balances.
function points.correct(name, n, reason, change)
  local done = redis.call('HGET', key('corrected'), name)
  local openid = learner.of(n)
  local L = openid and learner.peek(openid)
  if done then return { 'again', done:match('^%S+ (%S+)'), L and L.xp or 0, L and L.co or 0 } end
  if not L then return { 'gone', '', 0, 0 } end
  local line = change(L)
  if not line then return { 'short', '', L.xp, L.co } end
  learner.save(L)
  redis.call('HSET', key('corrected'), name, ARGV[3] .. ' ' .. line .. ' ' .. reason)
  return { 'done', line, L.xp, L.co }
end
