-- A board of persons or teams. ARGV[6] kind (p, t), [7] period (all, d, w, m), [8] how many periods back,
-- [9] how many from the top, [10] how many on either side of the learner.
-- Returns a head of eleven: own rank (0: none), own sum, how many are ranked, how many top rows follow, the
-- learner's number, own id (0: none), 1 if bound, 1 if left out as they asked, and 0, 0, '', which only
-- departments have; then rows of rank, id, sum, heads, name ('' when there is none): the top, then those
-- around the learner who are not among the top. The learner's own is, of teams, theirs.

local KIND, PERIOD, BACK, TOP, BESIDE = ARGV[6], ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])

local CALLED = {
  p = function(n) return learner.called(n), 1 end,
  t = function(id)
    return redis.call('HGET', key('team', id), 'nm') or '', redis.call('HGET', key('heads'), 't:' .. id) or 0
  end,
}

return once('board', function()
  local L = learner.speaking()
  learner.save(L)
  local own = text(({ p = L.n, t = L.tm })[KIND] or '')
  local at = key('board', KIND .. ':' .. board.period(PERIOD, BACK))
  local rank = redis.call('ZREVRANK', at, own)
  local sum = rank and board.sum(redis.call('ZSCORE', at, own)) or 0
  local result = { rank and rank + 1 or 0, sum, redis.call('ZCARD', at), 0, L.n, tonumber(own) or 0,
    L.e and 1 or 0, L.hd, 0, 0, '' }
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
