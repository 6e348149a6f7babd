-- A board of departments: those side by side below one department, each with what was earned in it and in
-- all below it. ARGV as in board.lua, [11] how many levels above the learner's own department (-1: the ones
-- below it), [12] 1 to rank by points per head.
-- Returns what board.lua does; the head ends with 1 if there is a level above, 1 if the learner's department
-- has others below it, and the path of the department they all are in.
--
-- A level that has but one department is none: one would only see oneself.
--
-- To know the sums all departments of the company are gone through, some µs each. Where there are many, what
-- came of it is kept for some seconds, so that however many ask this takes less than a hundredth of Redis' time.

local PERIOD, BACK, TOP, BESIDE, UP = ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local PER_HEAD = ARGV[12] == '1'
local FEW, A_SECOND = 100, 500 -- so many departments are counted each time; so many more, a second longer kept
local NOWHERE = '0' -- what is above the departments that nothing is above

local function above(path)
  return path:match('^(.*)/[^/]*$')
end

-- Calls f(id, number) for each department on the period's board and for its heads.
local function each_sum(name, f)
  local flat = redis.call('ZRANGE', key('board', 'd:' .. name), '0', '-1', 'WITHSCORES')
  for i = 1, #flat, 2 do f(flat[i], flat[i + 1]) end
end

local function each_head(f)
  local flat = redis.call('HGETALL', key('heads'))
  for i = 1, #flat, 2 do
    local id = flat[i]:match('^d:(.*)$')
    if id then f(id, tonumber(flat[i + 1])) end
  end
end

-- All levels: by the id of the department above, a list of rows: the id, the sum, the heads, and how early the
-- last of the sum was earned, all of it with what is below. And how many departments there are.
local function roll_up(name)
  local parent, rows, levels = {}, {}, {}
  local flat = redis.call('HGETALL', key('department'))
  local ids = {}
  for i = 1, #flat, 2 do ids[flat[i + 1]] = flat[i] end
  for path, id in pairs(ids) do
    local up = above(path)
    parent[id] = up and ids[up] or NOWHERE
    rows[id] = { id, 0, 0, 2 ^ 31 }
    local level = levels[parent[id]]
    if not level then
      level = {}
      levels[parent[id]] = level
    end
    level[#level + 1] = rows[id]
  end
  each_sum(name, function(id, score)
    local sum, early = board.sum(score)
    while rows[id] do
      local row = rows[id]
      row[2] = row[2] + sum
      row[4] = math.min(row[4], early)
      id = parent[id]
    end
  end)
  each_head(function(id, heads)
    while rows[id] do
      rows[id][3] = rows[id][3] + heads
      id = parent[id]
    end
  end)
  return levels, #flat / 2
end

-- A function that gives the level below a department, nil when nothing is below it.
local function read_levels()
  local name = board.period(PERIOD, BACK)
  local at = key('rolled', name)
  if redis.call('EXISTS', at) == 0 then
    local levels, count = roll_up(name)
    if count <= FEW then return function(id) return levels[id] end end
    for id, level in pairs(levels) do redis.call('HSET', at, id, cmsgpack.pack(level)) end
    redis.call('EXPIRE', at, math.ceil(count / A_SECOND))
  end
  return function(id)
    local packed = redis.call('HGET', at, id)
    return packed and cmsgpack.unpack(packed)
  end
end

-- The first level, from the top, of more than one department; its id.
local function first_level(below)
  local id = NOWHERE
  local level = below(id)
  while level and #level == 1 and below(level[1][1]) do
    id = level[1][1]
    level = below(id)
  end
  return id
end

-- The learner's department and those above it, from the top, and NOWHERE before them.
local function chain_of(path)
  local paths, chain = {}, { NOWHERE }
  while path do
    table.insert(paths, 1, path)
    path = above(path)
  end
  for _, id in ipairs(#paths > 0 and redis.call('HMGET', key('departments'), unpack(paths)) or {}) do
    if id then chain[#chain + 1] = id else chain = { NOWHERE } end
  end
  return chain
end

-- Whose departments are ranked, 1 if there is a level above, 1 if there is one below the learner's own.
local function choose_level(below, chain)
  local own = #chain > 1 and chain[#chain]
  if not own then return first_level(below), 0, 0 end
  local levels = {}
  for i = #chain - 1, 1, -1 do
    if #(below(chain[i]) or {}) > 1 then levels[#levels + 1] = chain[i] end
  end
  local has_below = below(own) and 1 or 0
  if UP < 0 and has_below == 1 then return own, #levels > 0 and 1 or 0, 0 end
  if #levels == 0 then return first_level(below), 0, 0 end
  local i = math.min(math.max(UP, 0) + 1, #levels)
  return levels[i], i < #levels and 1 or 0, has_below
end

local function stands_before(a, b)
  local more, less = a[2], b[2]
  if PER_HEAD then more, less = a[2] * b[3], b[2] * a[3] end
  if more ~= less then return more > less end
  if a[4] ~= b[4] then return a[4] > b[4] end
  return tonumber(a[1]) < tonumber(b[1])
end

local function ranked(level)
  local list = {}
  for _, row in ipairs(level or {}) do
    if row[2] > 0 and (row[3] > 0 or not PER_HEAD) then list[#list + 1] = row end
  end
  table.sort(list, stands_before)
  return list
end

local function path_of(id)
  return redis.call('HGET', key('department'), id) or ''
end

return once('board', function()
  local L = learner.speaking()
  learner.save(L)
  local below, chain = read_levels(), chain_of(L.d and L.d ~= '' and path_of(L.d) or nil)
  local level, is_above, is_below = choose_level(below, chain)
  local mine, rank = nil, 0
  for i = 1, #chain - 1 do
    if chain[i] == level then mine = chain[i + 1] end
  end
  local list = ranked(below(level))
  for i, row in ipairs(list) do
    if row[1] == mine then rank = i end
  end
  local result = { rank, rank > 0 and list[rank][2] or 0, #list, math.min(TOP, #list), L.n,
    tonumber(mine) or 0, L.e and 1 or 0, L.hd, is_above, is_below, level == NOWHERE and '' or path_of(level) }
  local function rows(from, to)
    for i = from, math.min(to, #list) do
      local id, sum, heads = unpack(list[i])
      for _, value in ipairs({ i, tonumber(id), sum, heads, (path_of(id):match('[^/]*$')) }) do
        result[#result + 1] = value
      end
    end
  end
  rows(1, TOP)
  if rank > 0 then rows(math.max(TOP + 1, rank - BESIDE), rank + BESIDE) end
  return result
end)
