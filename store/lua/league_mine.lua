-- 联赛: the learner's group of this week, or where the last one led. ARGV[6] how many rows at most.
-- Returns 1 if there is a league, number, 1 if the learner stands on boards, tier (from 0), own rank (0: has not
-- earned this week), own points, how many are in the group, how many rise, how many fall, rank in the last group (0:
-- there is none) and tier then, then rows of number, points, name ('': not to be shown).

local function name(n)
  local openid = learner.of(n)
  local L = openid and learner.peek(openid)
  return L and learner.shown(L), L and people.called(L.e) or ''
end

-- Who has left since is taken out while the week goes on; later nothing changes any more.
local function rows(at, result)
  local flat = redis.call('ZREVRANGE', at, '0', text(tonumber(ARGV[6]) - 1), 'WITHSCORES')
  for i = 1, #flat, 2 do
    local shown, who = name(flat[i])
    if shown then
      result[#result + 1] = tonumber(flat[i])
      result[#result + 1] = board.sum(flat[i + 1])
      result[#result + 1] = who
    else
      redis.call('ZREM', at, flat[i])
    end
  end
end

return once('league', function()
  local L = learner.speaking()
  learner.save(L)
  referee.due()
  local running
  contest.each(function(c) if c.kind == 'l' and turn.now >= c.from then running = c end end)
  if not running then return { 0, L.n } end
  local _, week = board.periods(turn.day)
  local last, tier, group = league.group(L)
  local shown = learner.shown(L) and 1 or 0
  if last and last >= week then
    local at, of_rows = key('league', L.lg), {}
    rows(at, of_rows)
    local rank = redis.call('ZREVRANK', at, text(L.n))
    local total, up, down = league.shares(last, tier, group)
    local result = { 1, L.n, shown, tier, rank and rank + 1 or 0,
      rank and board.sum(redis.call('ZSCORE', at, text(L.n))) or 0, total, up, down, 0, tier }
    for _, value in ipairs(of_rows) do result[#result + 1] = value end
    return result
  end
  local rank, to = 0, 0
  if last then rank, to = league.outcome(L.n, last, tier, group) end
  return { 1, L.n, shown, to, 0, 0, 0, 0, 0, rank or 0, tier or 0 }
end)
