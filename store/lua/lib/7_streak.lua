-- The streak: working days in a row on which the learner checked in. `work` says of each day up to today
-- whether it is a working day: '0' or '1', today's last. A rest day and a day of leave neither count nor
-- break it; a working day without check-in breaks it, unless a freeze mends that.

local streak = {}

local function is_work(work, day)
  local at = #work - (turn.day - day)
  return at >= 1 and work:byte(at) == 49
end

-- Leave is "FROM-TO FROM-TO": days, both included.
function streak.on_leave(L, day)
  for from, to in (L.va or ''):gmatch('(%d+)-(%d+)') do
    if day >= tonumber(from) and day <= tonumber(to) then return true end
  end
  return false
end

-- Working days that were missed since the last one of the streak; all that can be seen of a longer gap.
function streak.missed(L, work)
  local missed = 0
  for day = math.max(L.sd + 1, turn.day - #work + 1), turn.day - 1 do
    if is_work(work, day) and not streak.on_leave(L, day) then missed = missed + 1 end
  end
  return missed
end

-- The streak as it stands: alive until a working day has gone by without a check-in.
function streak.length(L, work)
  if L.st == 0 or streak.missed(L, work) > 0 then return 0 end
  return L.st
end

-- A check-in. Returns 1 when it earned a freeze.
function streak.count(L, work, policy)
  if not is_work(work, turn.day) then return 0 end
  local missed = L.st > 0 and streak.missed(L, work) or 0
  if missed > 0 then
    learner.put(L, 'bs', L.st)
    learner.put(L, 'bm', missed)
    learner.put(L, 'st', 1)
  else
    learner.put(L, 'st', L.st + 1)
  end
  learner.put(L, 'sd', turn.day)
  if policy.freeze_every > 0 and L.st % policy.freeze_every == 0 and L.fz < policy.freezes then
    learner.put(L, 'fz', L.fz + 1)
    return 1
  end
  return 0
end

-- What could be mended: days missed, and the streak that mending would bring back; 0, 0 when there is
-- nothing, or it was too long ago.
function streak.broken(L, work, policy)
  if L.st == 0 then return 0, 0 end
  local missed = streak.missed(L, work)
  if missed > 0 then
    if missed > policy.makeup_days then return 0, 0 end
    return missed, L.st
  end
  if L.bm > 0 and L.bm <= policy.makeup_days and L.st <= policy.makeup_days then return L.bm, L.bs + L.st end
  return 0, 0
end

-- Mends it with one freeze a day, which the caller has made sure of.
function streak.mend(L, work, policy)
  local missed, length = streak.broken(L, work, policy)
  if streak.missed(L, work) > 0 then learner.put(L, 'sd', turn.day - 1) end
  learner.put(L, 'st', length)
  learner.put(L, 'bs', 0)
  learner.put(L, 'bm', 0)
  learner.put(L, 'fz', L.fz - missed)
end
