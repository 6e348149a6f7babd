-- A board. ARGV[6] kind (p, d, t), [7] period (all, d, w, m), [8] how many periods back, [9] how many from the
-- top, [10] how many on either side of the learner.
-- Returns own rank (0: none), own sum, how many are ranked, how many top rows follow, own number, then
-- rows of rank, id, sum, heads, name ('' when there is none): the top, then those around the learner who
-- are not among the top. The learner's own is, of departments and teams, theirs.

local KIND, PERIOD, BACK, TOP, BESIDE = ARGV[6], ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])

local function period()
  if PERIOD == 'all' then return 'all' end
  local now = {}
  now.d, now.w, now.m = board.periods(turn.day)
  return PERIOD .. (now[PERIOD] - BACK)
end

local CALLED = {
  p = function(n)
    local openid = learner.of(n)
    return people.called(openid and redis.call('HGET', key('learner', openid), 'e')), 1
  end,
  d = function(id)
    return redis.call('HGET', key('department'), id) or '', redis.call('HGET', key('heads'), 'd:' .. id) or 0
  end,
  t = function(id)
    return redis.call('HGET', key('team', id), 'nm') or '', redis.call('HGET', key('heads'), 't:' .. id) or 0
  end,
}

return once('board:' .. KIND .. PERIOD .. BACK, function()
  local L = learner.load(turn.openid)
  learner.seen(L)
  learner.save(L)
  local own = text(({ p = L.n, d = L.d, t = L.tm })[KIND] or '')
  local at = key('board', KIND .. ':' .. period())
  local rank = redis.call('ZREVRANK', at, own)
  local sum = rank and board.sum(redis.call('ZSCORE', at, own)) or 0
  local result = { rank and rank + 1 or 0, sum, redis.call('ZCARD', at), 0, L.n }
  local function rows(from, to)
    if from > to then return 0 end
    local flat = redis.call('ZREVRANGE', at, from, to, 'WITHSCORES')
    for i = 1, #flat, 2 do
      local name, heads = CALLED[KIND](flat[i])
      result[#result + 1] = from + (i + 1) / 2
      result[#result + 1] = tonumber(flat[i])
      result[#result + 1] = board.sum(flat[i + 1])
      result[#result + 1] = tonumber(heads)
      result[#result + 1] = name
    end
    return #flat / 2
  end
  result[4] = rows(0, TOP - 1)
  if rank then rows(math.max(TOP, rank - BESIDE), rank + BESIDE) end
  return result
end)
