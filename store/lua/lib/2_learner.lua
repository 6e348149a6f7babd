-- The learner as a table: number fields as in store/keys.h. learner.load() creates whoever is new.

local learner = {}
local FIELDS = { 'n', 'at', 'on', 'xp', 'lv', 'ci', 'ld', 'st' }

function learner.peek(openid)
  local row = redis.call('HMGET', key('learner', openid), unpack(FIELDS))
  if not row[1] then return nil end
  local L = { openid = openid, key = key('learner', openid), is_new = false }
  for i, field in ipairs(FIELDS) do L[field] = tonumber(row[i]) or 0 end
  return L
end

function learner.load(openid)
  local L = learner.peek(openid)
  if L then return L end
  local n = redis.call('INCR', key('learners'))
  L = { openid = openid, key = key('learner', openid), is_new = true,
        n = n, at = turn.now, on = 1, xp = 0, lv = 1, ci = 0, ld = 0, st = 0 }
  redis.call('HSET', L.key, 'n', n, 'at', turn.now, 'on', 1, 'lv', 1)
  return L
end

-- The learner did something today.
function learner.seen(L)
  local bits = key('active', turn.day)
  if redis.call('SETBIT', bits, L.n, 1) == 0 then redis.call('EXPIRE', bits, 400 * 86400) end
end

-- The streak as it stands today: it is still alive on the day after the last check-in.
function learner.streak(L)
  if L.ld >= turn.day - 1 then return L.st end
  return 0
end
