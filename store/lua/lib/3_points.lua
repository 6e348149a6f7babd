-- Points: one award is a ledger line, a balance, a level and a place on the board, all at once.

local points = {}
local RECENT = 10
local EPOCH = 1577836800 -- 2020-01-01: the board's fraction counts from here, and lasts until 2088

-- Among equals the one who was there first stands higher: the earlier, the larger the fraction. Whole
-- points up to 2^21 keep a fraction of 31 bits exact in a double.
local function score(xp, at)
  return string.format('%.17g', xp + 1 - (at - EPOCH + 1) / 2147483648)
end

function points.on_board(L)
  redis.call('ZADD', key('board', 'all'), score(L.xp, turn.now), L.openid)
end

function points.off_board(L)
  redis.call('ZREM', key('board', 'all'), L.openid)
end

-- What is left of the rule's daily cap; and takes note of what is given of it.
local function capped(L, rule)
  if rule.cap == 0 then return rule.points end
  local field = 'c:' .. rule.name
  local day, given = (redis.call('HGET', L.key, field) or ''):match('^(-?%d+):(%d+)$')
  given = tonumber(day) == turn.day and tonumber(given) or 0
  local give = math.min(rule.points, rule.cap - given)
  if give <= 0 then return 0 end
  redis.call('HSET', L.key, field, turn.day .. ':' .. (given + give))
  return give
end

-- rule: name, points, cap (a day, 0 for none), once, subject. Returns the points given; L has the new
-- balance, in L and in Redis. `thresholds` is "0,60,150": the points from which each level is reached.
function points.award(L, rule, thresholds)
  if rule.once and redis.call('SADD', key('once', L.openid), rule.name .. ':' .. rule.subject) == 0 then
    return 0
  end
  local give = capped(L, rule)
  if give == 0 then return 0 end
  L.xp = L.xp + give
  local level = 0
  for xp in thresholds:gmatch('%d+') do
    if L.xp >= tonumber(xp) then level = level + 1 end
  end
  if level > L.lv then L.lv = level end
  redis.call('HSET', L.key, 'xp', L.xp, 'lv', L.lv)
  points.on_board(L)
  redis.call('XADD', key('ledger'), '*', 'who', L.openid, 'rule', rule.name, 'subject', rule.subject,
    'points', give, 'xp', L.xp, 'at', turn.now, 'day', turn.day, 'id', turn.id)
  local recent = key('recent', L.openid)
  redis.call('LPUSH', recent, turn.now .. ' ' .. give .. ' ' .. rule.name)
  redis.call('LTRIM', recent, 0, RECENT - 1)
  return give
end

-- Rules travel as name, points, cap, once, subject: five values from ARGV[at] on.
function points.rule(at)
  return { name = ARGV[at], points = tonumber(ARGV[at + 1]), cap = tonumber(ARGV[at + 2]),
           once = ARGV[at + 3] == '1', subject = ARGV[at + 4] }
end
