-- 我的战队. ARGV[6] of how many the team's own best are looked for, and who was not here today counted, at most;
-- [7] how many of the best, [8] how many open teams are offered to who has none.
-- Returns what there is, name, heads, another team's name (here: of the one a place higher this week), offers;
-- then number of the learner, rank this week (0: not on the board), how many are ranked, points, points to
-- the place above, number and name of the captain, how many have not been here today (-1: not counted), and
-- the best of this week, rows of number, sum, name. They are those the board of persons shows.

local LOOK, BEST, OFFERS = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local STEP = 1000 -- arguments of one command at most

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

local function best(members, week)
  local at, found = key('board', 'p:w' .. week), {}
  parts(members, function(from, to)
    local scores = redis.call('ZMSCORE', at, unpack(members, from, to))
    for i = from, to do
      local score = tonumber(scores[i - from + 1] or nil)
      if score and (#found < BEST or score > found[BEST].score) then
        found[math.min(#found + 1, BEST)] = { n = members[i], score = score }
        table.sort(found, function(a, b)
          if a.score ~= b.score then return a.score > b.score end
          return a.n < b.n
        end)
      end
    end
  end)
  local rows = {}
  for _, one in ipairs(found) do
    local openid = learner.of(one.n)
    rows[#rows + 1] = tonumber(one.n)
    rows[#rows + 1] = board.sum(one.score)
    rows[#rows + 1] = people.called(openid and redis.call('HGET', key('learner', openid), 'e'))
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
  local L = learner.load(turn.openid)
  learner.seen(L)
  learner.save(L)
  local T = L.tm and team.find(L.tm)
  if not L.e then return { 'unbound', '', 0, '', {} } end
  if not T then return { 'none', '', 0, '', team.offers(OFFERS) } end
  local _, week = board.periods(turn.day)
  local rank, total, sum, gap, ahead = place(T.id, week)
  local lead, lead_name = captain(T)
  local away, top = -1, {}
  if redis.call('SCARD', key('members', T.id)) <= LOOK then
    local members = redis.call('SMEMBERS', key('members', T.id))
    away, top = absent(members), best(members, week)
  end
  return { 'plays', T.name, team.heads(T.id), ahead, {}, L.n, rank, total, sum, gap, lead, lead_name, away,
    top }
end)
