-- 请假: days that do not break the streak. ARGV[6] from and [7] to, day numbers, both included; 0 to 0 takes
-- back what has not begun, and today. [8] how many working days it may last, [9] the working days around it,
-- [10] the day that these begin with. A reminder whose moment comes meanwhile is put off day by day, by take.
-- Returns 1 if it was taken (0: too long with the leave that is there before and after it) or taken back (0:
-- there was none to take back), from and to of all of it, 0 for none.

local KEPT = 4 -- that are not yet over and matter to the streak
local MOST, WORK, FIRST = tonumber(ARGV[8]), ARGV[9], tonumber(ARGV[10])

-- How many of the days are working days, as far as they are known.
local function count(from, to)
  if from > to then return 0 end
  local _, days = WORK:sub(math.max(from - FIRST + 1, 1), math.max(to - FIRST + 1, 0)):gsub('1', '')
  return days
end

-- No working day lies between the two.
local function touch(f, t, from, to)
  return count(t + 1, from - 1) == 0 and count(to + 1, f - 1) == 0
end

return once('leave', function()
  local L = learner.speaking()
  local from, to = tonumber(ARGV[6]), tonumber(ARGV[7])
  local kept, back = {}, 0
  for f, t in (L.va or ''):gmatch('(%d+)-(%d+)') do
    f, t = tonumber(f), tonumber(t)
    if from == 0 and t >= turn.day then t, back = turn.day - 1, 1 end
    if t > L.sd and f <= t then kept[#kept + 1] = { f, t } end
  end
  if from > 0 then
    local apart
    repeat -- what has become longer may touch more
      apart = {}
      local before = #kept
      for _, one in ipairs(kept) do
        if touch(one[1], one[2], from, to) then
          from, to = math.min(one[1], from), math.max(one[2], to)
        else
          apart[#apart + 1] = one
        end
      end
      kept = apart
    until #kept == before
    if count(from, to) > MOST then
      learner.save(L)
      return { 0, from, to }
    end
    kept[#kept + 1] = { from, to }
  end
  while #kept > KEPT do table.remove(kept, 1) end
  for i, one in ipairs(kept) do kept[i] = one[1] .. '-' .. one[2] end
  learner.put(L, 'va', table.concat(kept, ' '))
  learner.save(L)
  return { from == 0 and back or 1, from, to }
end)
