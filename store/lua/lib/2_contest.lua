-- The contests of an account while they run (store/contest.h has their rules). `contests` holds a line of
-- each that runs or will, and is not there when there is none: all that an account without a contest pays
-- for them is that one GET. What is over is in lib/9_referee.lua.
--
-- A line: NAME FROM TO KIND SCORING K COUNTS WHO. KIND is whose contest it is, p, d or t as of boards, or l,
-- the league's (lib/5_league.lua); SCORING s sum, h per head (in hundredths), b the K best; COUNTS ",rule,rule," or
-- "*"; WHO ",id,id," of departments or teams, or "*".

local contest = {}

local LINE = '([^ \n]+) (%d+) (%d+) (%a) (%a) (%d+) ([^ \n]+) ([^ \n]+)'
local STEPS = 67108864 -- 2^26: values and steps up to it are exact in a double, together

-- The value a score is of.
function contest.value(score)
  return math.floor(tonumber(score) / STEPS)
end

-- Calls f with each that runs or will.
function contest.each(f)
  local list = redis.call('GET', key('contests'))
  if not list then return end
  for name, from, to, kind, scoring, k, counts, who in list:gmatch(LINE) do
    f({ name = name, from = tonumber(from), to = tonumber(to), kind = kind, scoring = scoring,
      k = tonumber(k), counts = counts, who = who })
  end
end

local function listed(list, one)
  return list == '*' or list:find(',' .. one .. ',', 1, true) ~= nil
end

local function counts(c, rule)
  if c.counts ~= '*' then return listed(c.counts, rule) end
  return rule ~= 'grant' and rule ~= 'reverse' and rule:sub(1, 6) ~= 'spend:'
end

-- For whom somebody of department d and team tm plays, or nil. Of departments that are listed it is the
-- nearest above.
function contest.party(c, n, d, tm)
  if c.kind == 'p' then return text(n) end
  local id = c.kind == 't' and tm or d
  if not id or id == '' then return nil end
  if listed(c.who, id) then return id end
  local path = c.kind == 'd' and redis.call('HGET', key('department'), id)
  while path do
    path = path:match('^(.*)/[^/]*$')
    local above = path and redis.call('HGET', key('departments'), path)
    if above and listed(c.who, above) then return above end
  end
end

-- Who is in it now: bound employees. Of a listed department with all below it, that is counted along.
local function heads(c, id)
  if c.kind == 'd' and c.who ~= '*' then
    return tonumber(redis.call('HGET', key('contest_head', c.name), id)) or 0
  end
  return tonumber(redis.call('HGET', key('heads'), c.kind .. ':' .. id)) or 0
end

function contest.heads(c, id)
  return math.max(heads(c, id), redis.call('ZCARD', key('contest_member', c.name .. ':' .. id)))
end

function contest.sum(c, id)
  return tonumber(redis.call('HGET', key('contest_sum', c.name), id)) or 0
end

-- What a department or team has, as the contest scores it: a whole number.
local function value(c, id)
  if c.scoring == 's' then return contest.sum(c, id) end
  if c.scoring == 'h' then return math.floor(100 * contest.sum(c, id) / math.max(contest.heads(c, id), 1)) end
  local best, sum = redis.call('ZREVRANGE', key('contest_member', c.name .. ':' .. id), 0, c.k - 1, 'WITHSCORES'), 0
  for i = 2, #best, 2 do sum = sum + tonumber(best[i]) end
  return sum
end

-- Among equals the one who was there first stands higher: each who comes to another value is one step later,
-- which no clock has a say in. A score is the value, times STEPS, and the steps that are left.
local function place(c, member, sum)
  local at = key('contest_board', c.name)
  if sum <= 0 then return redis.call('ZREM', at, member) end
  local score = redis.call('ZSCORE', at, member)
  if score and contest.value(score) == sum then return end
  local step = math.min(redis.call('HINCRBY', key('contest', c.name), 'step', 1), STEPS - 1)
  redis.call('ZADD', at, ('%d'):format(sum * STEPS + STEPS - 1 - step), member)
end

-- Adds to a sum that is left out when there is nothing in it.
local function add(sums, member, give)
  local sum = tonumber(redis.call('ZINCRBY', sums, text(give), member))
  if sum <= 0 then redis.call('ZREM', sums, member) end
  return sum
end

local function count(c, n, change, shown)
  local id = contest.party(c, n, change.d, change.tm)
  if not id then return end
  local member = text(n)
  local own = add(key('contest_player', c.name), member, change.points)
  if c.kind == 'p' then
    if shown then place(c, id, own) end
    return
  end
  redis.call('HINCRBY', key('contest_sum', c.name), id, text(change.points))
  if c.scoring ~= 's' then add(key('contest_member', c.name .. ':' .. id), member, change.points) end
  place(c, id, value(c, id))
end

-- What a reversal takes back: rule and time of that line, if it is still in the stream.
local function reversed(line)
  local found = redis.call('XRANGE', key('ledger'), line, line)[1]
  if not found then return nil, 0 end
  local fields = {}
  for i = 1, #found[2], 2 do fields[found[2][i]] = found[2][i + 1] end
  return fields.rule, tonumber(fields.at) or 0
end

-- Counts a change of points (as of points.change()) of the learner into every contest it is about. shown:
-- the learner stands on boards. Returns the league that runs, or nil.
function contest.score(L, change, shown)
  local rule, at, league
  contest.each(function(c)
    if turn.now >= c.to then return end
    if c.kind == 'l' then
      league = c
      return
    end
    if not rule then
      rule, at = change.rule, turn.now
      if rule == 'reverse' then rule, at = reversed(change.subject) end
      rule = rule or 'reverse'
    end
    if at >= c.from and counts(c, rule) then count(c, L.n, change, shown) end
  end)
  return league
end

-- One more, or less, is in department or team `id` (kind d or t), whose `heads` say so already.
function contest.joined(kind, id, by)
  contest.each(function(c)
    if c.kind ~= kind or c.scoring ~= 'h' or turn.now >= c.to then return end
    local party = contest.party(c, nil, id, id)
    if not party then return end
    if kind == 'd' and c.who ~= '*' then redis.call('HINCRBY', key('contest_head', c.name), party, by) end
    place(c, party, value(c, party))
  end)
end

-- All values anew, after heads have been counted anew.
function contest.weigh(c)
  for _, id in ipairs(redis.call('HKEYS', key('contest_sum', c.name))) do place(c, id, value(c, id)) end
end

-- The learner stands on boards from now on, or no more.
function contest.enter(n)
  contest.each(function(c)
    if c.kind ~= 'p' or turn.now >= c.to then return end
    local own = tonumber(redis.call('ZSCORE', key('contest_player', c.name), text(n)))
    if own then place(c, text(n), own) end
  end)
end

function contest.leave(n)
  contest.each(function(c)
    if c.kind == 'p' and turn.now < c.to then redis.call('ZREM', key('contest_board', c.name), text(n)) end
  end)
end
