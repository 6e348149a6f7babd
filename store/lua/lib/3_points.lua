-- Points: one award is a ledger line, a balance, a level and a place on the board, all at once.

local points = {}
local RECENT = 10

-- What is left of the rule's daily cap; and takes note of what is given of it.
local function capped(L, rule)
  if rule.cap == 0 then return rule.points end
  local field = 'c:' .. rule.name
  local noted = L[field]
  if noted == nil then noted = redis.call('HGET', L.key, field) end
  local day, given = (noted or ''):match('^(-?%d+):(%d+)$')
  given = tonumber(day) == turn.day and tonumber(given) or 0
  local give = math.min(rule.points, rule.cap - given)
  if give <= 0 then return 0 end
  learner.put(L, field, turn.day .. ':' .. (given + give))
  return give
end

-- rule: name, points, cap (a day, 0 for none), once, subject. Returns the points given; the new balance
-- is in L, to be saved by learner.save(). `thresholds` is "0,60,150": the points from which each level
-- is reached.
function points.award(L, rule, thresholds)
  if rule.once and redis.call('SADD', key('once', L.openid), rule.name .. ':' .. rule.subject) == 0 then
    return 0
  end
  local give = capped(L, rule)
  if give == 0 then return 0 end
  learner.put(L, 'xp', L.xp + give)
  L.scored = true
  local level = 0
  for xp in thresholds:gmatch('%d+') do
    if L.xp < tonumber(xp) then break end
    level = level + 1
  end
  if level > L.lv then learner.put(L, 'lv', level) end
  redis.call('XADD', key('ledger'), '*', 'who', L.openid, 'rule', rule.name, 'subject', rule.subject,
    'points', text(give), 'xp', text(L.xp), 'at', ARGV[3], 'day', ARGV[4], 'id', turn.id)
  local recent = key('recent', L.openid)
  if redis.call('LPUSH', recent, ARGV[3] .. ' ' .. give .. ' ' .. rule.name) > RECENT then
    redis.call('LTRIM', recent, 0, RECENT - 1)
  end
  return give
end

-- Rules travel as name, points, cap, once, subject: five values from ARGV[at] on.
function points.rule(at)
  return { name = ARGV[at], points = tonumber(ARGV[at + 1]), cap = tonumber(ARGV[at + 2]),
           once = ARGV[at + 3] == '1', subject = ARGV[at + 4] }
end
