-- The learner as a table: the fields of store/keys.h, those that are numbers as numbers. What a
-- telephone shows is kept under its openid; everything else that belongs to the person goes by the
-- learner's number. learner.speaking() makes whoever is new. What a verb changes it puts into the table;
-- learner.save() writes all of it at once.

local learner = {}
local NUMBERS = { 'n', 'at', 'on', 'xp', 'co', 'lv', 'ci', 'ld', 'st', 'sd', 'fz', 'bs', 'bm', 'go', 'hd', 'f' }
local SHARD = 100

local function who(n)
  return key('who', math.floor(n / SHARD))
end

local function called(n)
  return key('called', math.floor(n / SHARD))
end

local function read(openid)
  local L = { openid = openid, key = key('learner', openid), is_new = false, dirty = {} }
  local row = redis.call('HGETALL', L.key)
  for i = 1, #row, 2 do L[row[i]] = row[i + 1] end
  for i = 1, #NUMBERS do
    local field = NUMBERS[i]
    L[field] = tonumber(L[field]) or 0
  end
  return L
end

-- nil for somebody never seen.
function learner.peek(openid)
  local L = read(openid)
  return L.n > 0 and L or nil
end

-- The openid of a number, or false.
function learner.of(n)
  return redis.call('HGET', who(n), n)
end

-- Number n is who this telephone shows from now on.
function learner.names(n, openid)
  redis.call('HSET', who(n), text(n), openid)
end

-- Number n is nobody any more.
function learner.forget(n)
  redis.call('HDEL', who(n), text(n))
end

-- Number n is called so on boards, while they are bound to an employee; nil or '': not any more.
function learner.call(n, name)
  if name and name ~= '' then
    redis.call('HSET', called(n), text(n), name)
  else
    redis.call('HDEL', called(n), text(n))
  end
end

-- What number n is called; '' of who is not bound.
function learner.called(n)
  return redis.call('HGET', called(n), n) or ''
end

function learner.put(L, field, value)
  L[field] = value
  L.dirty[#L.dirty + 1] = field
  L.dirty[#L.dirty + 1] = text(value)
end

-- The learner whose turn it is, made if never seen before, and active today by that.
function learner.speaking()
  local L = read(turn.openid)
  if L.n == 0 then
    L.is_new = true
    learner.put(L, 'n', redis.call('INCR', key('learners')))
    learner.put(L, 'at', turn.now)
    learner.put(L, 'on', 1)
    learner.put(L, 'lv', 1)
    learner.names(L.n, L.openid)
  end
  redis.call('SETBIT', key('active', ARGV[4]), text(L.n), '1')
  return L
end

-- Who stands on boards: employees who follow and have not asked to be left out.
function learner.shown(L)
  return L.e and L.on == 1 and L.go ~= 1 and L.hd ~= 1
end

function learner.save(L)
  if #L.dirty > 0 then redis.call('HSET', L.key, unpack(L.dirty)) end
end
