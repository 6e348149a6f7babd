-- 我的战队. ARGV[6] of how many at most it is counted who was not here today;
-- [7] how many of the best, [8] how many open teams are offered to who has none.
-- Returns what there is, name, heads, another team's name (here: of the one a place higher this week), offers;
-- then number of the learner, rank this week (0: not on the board), how many are ranked, points, points to
-- the place above, number and name of the captain, how many have not been here today (-1: not counted), and
-- the best of this week, rows of number, sum, name. They are those the board of persons shows.

local LOOK, BEST, OFFERS = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local STEP = 1000 -- arguments of one command at most
local PAGES = 5

local function parts(members, f)
  for from = 1, #members, STEP do f(from, math.min(from + STEP - 1, #members)) end
end

local function absent(members)
  local here, today = 0, key('active', ARGV[4])
  parts(members, function(from, to)
    local words = {}
    for i = from, to do
      words[#words + 1] = 'GET'
      words[#words + 1] = 'u1'
      words[#words + 1] = members[i]
    end
    for _, bit in ipairs(redis.call('BITFIELD_RO', today, unpack(words))) do here = here + bit end
  end)
  return #members - here
end

-- Of a team that is small: who of it has the highest scores.
local function best_of(members, at)
  local found, scores = {}, redis.call('ZMSCORE', at, unpack(members))
  for i, n in ipairs(members) do
    local score = tonumber(scores[i] or nil)
    if score and (#found < BEST or score > found[BEST].score) then
      found[math.min(#found + 1, BEST)] = { n = n, score = score }
      table.sort(found, function(a, b)
        if a.score ~= b.score then return a.score > b.score end
        return a.n < b.n
      end)
    end
  end
  return found
end

-- Of a large one: who of the board's first PAGES * STEP are in it. Among so many its best are, or there are
-- fewer to tell.
local function best_among(id, at)
  local found = {}
  for page = 0, PAGES - 1 do
    local first = redis.call('ZREVRANGE', at, page * STEP, page * STEP + STEP - 1)
    if #first == 0 then return found end
    for i, is_member in ipairs(redis.call('SMISMEMBER', key('members', id), unpack(first))) do
      if is_member == 1 then
        found[#found + 1] = { n = first[i], score = redis.call('ZSCORE', at, first[i]) }
        if #found == BEST then return found end
      end
    end
  end
  return found
end

local function best(id, members, week)
  local at = key('board', 'p:w' .. week)
  local found = members and #members <= STEP and best_of(members, at) or best_among(id, at)
  local rows = {}
  for _, one in ipairs(found) do
    rows[#rows + 1] = tonumber(one.n)
    rows[#rows + 1] = board.sum(one.score)
    rows[#rows + 1] = learner.called(one.n)
  end
  return rows
end

local function place(id, week)
  local at = key('board', 't:w' .. week)
  local rank = redis.call('ZREVRANK', at, id)
  if not rank then return 0, redis.call('ZCARD', at), 0, 0, '' end
  local sum, gap, ahead = board.sum(redis.call('ZSCORE', at, id)), 0, ''
  if rank > 0 then
    local above = redis.call('ZREVRANGE', at, rank - 1, rank - 1, 'WITHSCORES')
    gap = board.sum(above[2]) + 1 - sum
    ahead = redis.call('HGET', key('team', above[1]), 'nm') or ''
  end
  return rank + 1, redis.call('ZCARD', at), sum, gap, ahead
end

local function captain(T)
  if not T.captain then return 0, '' end
  local name, openid = unpack(redis.call('HMGET', key('employee', T.captain), 'nm', 'u'))
  local n = openid and redis.call('HGET', key('learner', openid), 'n')
  return tonumber(n or 0), name or ''
end

return once('team', function()
  local L = learner.speaking()
  learner.save(L)
  local T = L.tm and team.find(L.tm)
  if not L.e then return { 'unbound', '', 0, '', {} } end
  if not T then return { 'none', '', 0, '', team.offers(OFFERS) } end
  local _, week = board.periods(turn.day)
  local rank, total, sum, gap, ahead = place(T.id, week)
  local lead, lead_name = captain(T)
  local all = key('members', T.id)
  local members = redis.call('SCARD', all) <= LOOK and redis.call('SMEMBERS', all)
  return { 'plays', T.name, team.heads(T.id), ahead, {}, L.n, rank, total, sum, gap, lead, lead_name,
    members and absent(members) or -1, best(T.id, members, week) }
end)
