-- 请假: days that do not break the streak. ARGV[6] from and [7] to, day numbers, both included; 0 to 0 takes
-- back what has not begun, and today. The caller has made sure that it is not too long. A reminder that
-- comes due meanwhile is put off day by day, by take.
-- Returns from and to of the leave that now holds, 0 for none.

local KEPT = 4 -- that are not yet over and matter to the streak

return once('leave', function()
  local L = learner.load(turn.openid)
  learner.seen(L)
  local from, to = tonumber(ARGV[6]), tonumber(ARGV[7])
  local kept = {}
  for f, t in (L.va or ''):gmatch('(%d+)-(%d+)') do
    f, t = tonumber(f), tonumber(t)
    if from == 0 then t = math.min(t, turn.day - 1) end
    if t > L.sd and f <= t then
      if from > 0 and f <= to + 1 and from <= t + 1 then
        from, to = math.min(f, from), math.max(t, to)
      else
        kept[#kept + 1] = f .. '-' .. t
      end
    end
  end
  if from > 0 then kept[#kept + 1] = from .. '-' .. to end
  while #kept > KEPT do table.remove(kept, 1) end
  learner.put(L, 'va', table.concat(kept, ' '))
  learner.save(L)
  return { from, to }
end)
