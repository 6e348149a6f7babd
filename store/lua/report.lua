-- What the boards of a period say. ARGV[6] period (d, w, m), [7] its number, [8] how many persons, [9]
-- departments and teams, [10] movers, [11] how far from the top movers are looked for.
-- Returns how many persons stand on the board of all time, on this one and on the one before, then lists of
-- {id, sum, heads, name} of persons, departments, teams, and {id, from, to, name} of movers; from 0: was not
-- on the board; then the number and the picture of the newest report of this kind, 0 and '' when there is none.

local PERIOD, NUMBER, PEOPLE, GROUPS = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local MOVERS, DEPTH = tonumber(ARGV[10]), tonumber(ARGV[11])

local function at(kind, back)
  return key('board', kind .. ':' .. PERIOD .. text(NUMBER - back))
end

-- How many persons are on a board, or were before it was cut.
local function ranked(back)
  local before = redis.call('GET', key('ranked', PERIOD .. text(NUMBER - back)))
  return math.max(tonumber(before) or 0, redis.call('ZCARD', at('p', back)))
end

local function heads(kind, id)
  return redis.call('HGET', key('heads'), kind .. ':' .. id) or 0
end

local CALLED = {
  p = function(n) return learner.called(n), 1 end,
  d = function(id) return redis.call('HGET', key('department'), id) or '', heads('d', id) end,
  t = function(id) return redis.call('HGET', key('team', id), 'nm') or '', heads('t', id) end,
}

local function top(kind, count)
  local rows = {}
  local flat = redis.call('ZREVRANGE', at(kind, 0), 0, count - 1, 'WITHSCORES')
  for i = 1, #flat, 2 do
    local name, of = CALLED[kind](flat[i])
    rows[#rows + 1] = { tonumber(flat[i]), board.sum(flat[i + 1]), tonumber(of), name }
  end
  return rows
end

-- Those who stand higher than before, the most places first; among equals who stands higher.
local function movers(before)
  if before == 0 then return {} end
  local climbed = {}
  for i, n in ipairs(redis.call('ZREVRANGE', at('p', 0), 0, DEPTH - 1)) do
    local from = redis.call('ZREVRANK', at('p', 1), n)
    local places = (from or before) + 1 - i
    if places > 0 then climbed[#climbed + 1] = { n = n, from = from and from + 1 or 0, to = i, places = places } end
  end
  table.sort(climbed, function(a, b)
    if a.places ~= b.places then return a.places > b.places end
    return a.to < b.to
  end)
  local rows = {}
  for i = 1, math.min(MOVERS, #climbed) do
    local one = climbed[i]
    rows[i] = { tonumber(one.n), one.from, one.to, (CALLED.p(one.n)) }
  end
  return rows
end

local function say()
  local before = ranked(1)
  local number, picture = (redis.call('HGET', key('reports'), 'picture:' .. PERIOD) or ''):match('^(%d+) (.*)$')
  return {
    redis.call('ZCARD', key('board', 'p:all')), ranked(0), before,
    top('p', PEOPLE), top('d', GROUPS), top('t', GROUPS), movers(before), tonumber(number) or 0, picture or '',
  }
end

if turn.id == '' then return say() end
return once('report:' .. PERIOD .. text(NUMBER), say)
