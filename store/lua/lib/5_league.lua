-- The weekly league (store/league.h has its rules): who earns in a week is put into a group of their tier.
-- `lg` of a learner is "WEEK.TIER.GROUP", the last group they were in, which is the name of its zset, too.
-- What a week ended with is never written down: it follows from the group, which nobody touches any more.

local league = {}

local KEEP = 62 * 86400 -- a group, and so how long one may stay away and still rise or fall
local BACK = 10         -- weeks whose settings are kept
local STEPS = 2147483648 -- 2^31, as in scores of boards

-- WEEK, TIER (from 0) and GROUP (from 1) of the last group; nil when there was none.
function league.group(L)
  local week, tier, group = (L.lg or ''):match('^(%d+)%.(%d+)%.(%d+)$')
  return tonumber(week), tonumber(tier), tonumber(group)
end

-- How many are in a group, and how many of them rise and fall: in one that is not full, so much less.
function league.shares(week, tier, group)
  local size, up, down, tiers =
    (redis.call('HGET', key('leagues'), 'r' .. week) or ''):match('^(%d+),(%d+),(%d+),(%d+)$')
  local total = redis.call('ZCARD', key('league', week .. '.' .. tier .. '.' .. group))
  if not size then return total, 0, 0 end
  local function share(of) return math.floor(tonumber(of) * total / tonumber(size)) end
  return total, tier + 1 < tonumber(tiers) and share(up) or 0, tier > 0 and share(down) or 0
end

-- The rank in a group, from 1 (nil: is not there), and the tier it leads to.
function league.outcome(n, week, tier, group)
  local rank = redis.call('ZREVRANK', key('league', week .. '.' .. tier .. '.' .. group), text(n))
  if not rank then return nil, tier end
  local total, up, down = league.shares(week, tier, group)
  if rank < up then return rank + 1, tier + 1 end
  if rank >= total - down then return rank + 1, tier - 1 end
  return rank + 1, tier
end

-- The week that is now. A new one begins with the first that is earned in it, and the one before is over.
-- False: `week` is over.
local function begin(c, week)
  local leagues = key('leagues')
  local now = tonumber(redis.call('HGET', leagues, 'w')) or 0
  if week == now then return true end
  if week < now then return false end
  for _, field in ipairs(redis.call('HKEYS', leagues)) do
    local of = tonumber(field:match('^r(%d+)$'))
    if field == 's' or field:match('^g') or (of and of < week - BACK) then redis.call('HDEL', leagues, field) end
  end
  redis.call('HSET', leagues, 'w', text(week), 'r' .. week, c.k .. c.counts)
  return true
end

-- The group that is being filled takes one more.
local function join(c, tier)
  local leagues, field = key('leagues'), 'g' .. tier
  local group, count = (redis.call('HGET', leagues, field) or ''):match('^(%d+) (%d+)$')
  group, count = tonumber(group) or 1, tonumber(count) or 0
  if count >= c.k then group, count = group + 1, 0 end
  redis.call('HSET', leagues, field, group .. ' ' .. (count + 1))
  return group
end

-- The learner's points have changed; they are those of the week in the tally.
function league.score(L, c)
  local _, _, sum, _, D = board.read(L.tl)
  local _, week = board.periods(D)
  local _, this_week = board.periods(turn.day)
  if turn.now < c.from or week < this_week or not learner.shown(L) or not begin(c, week) then return end
  local last, tier, group = league.group(L)
  if last ~= week then
    if sum <= 0 then return end
    if last then _, tier = league.outcome(L.n, last, tier, group) end
    tier = math.min(tier or 0, tonumber(c.counts:match('(%d+)$')) - 1)
    group = join(c, tier)
    learner.put(L, 'lg', week .. '.' .. tier .. '.' .. group)
  end
  local at, member = key('league', L.lg), text(L.n)
  if sum <= 0 then return redis.call('ZREM', at, member) end
  local score = redis.call('ZSCORE', at, member)
  if score and board.sum(score) == sum then return end
  -- As on boards, but for the seconds, of which it is told here how often a sum has changed this week.
  local step = redis.call('HINCRBY', key('leagues'), 's', 1)
  redis.call('ZADD', at, ('%d'):format(sum * STEPS + STEPS - 1 - step), member)
  if not score then redis.call('EXPIRE', at, KEEP) end
end
