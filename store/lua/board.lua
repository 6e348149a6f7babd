-- The board. ARGV[6] how many from the top, [7] how many on either side of the learner.
-- Returns own rank (0: none), own xp, how many are ranked, how many top rows follow, then rows of rank,
-- number, xp, name ('' when not bound): the top, then those around the learner who are not among the top.

return once('board', function()
  local L = learner.load(turn.openid)
  learner.seen(L)
  learner.save(L)
  local board, top, beside = key('board', 'all'), tonumber(ARGV[6]), tonumber(ARGV[7])
  local rank = redis.call('ZREVRANK', board, L.openid)
  local result = { rank and rank + 1 or 0, L.xp, redis.call('ZCARD', board), 0 }
  local function rows(from, to)
    if from > to then return 0 end
    local flat = redis.call('ZREVRANGE', board, from, to, 'WITHSCORES')
    for i = 1, #flat, 2 do
      result[#result + 1] = from + (i + 1) / 2
      local number, employee = unpack(redis.call('HMGET', key('learner', flat[i]), 'n', 'e'))
      result[#result + 1] = tonumber(number) or 0
      result[#result + 1] = math.floor(tonumber(flat[i + 1]))
      result[#result + 1] = people.called(employee)
    end
    return #flat / 2
  end
  result[4] = rows(0, top - 1)
  if rank then rows(math.max(top, rank - beside), rank + beside) end
  return result
end)
