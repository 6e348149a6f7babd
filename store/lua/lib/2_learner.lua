-- The learner as a table: number fields as in store/keys.h. learner.load() makes whoever is new. What a
-- verb changes it puts into the table; learner.save() writes all of it at once.

local learner = {}
local NUMBERS = { 'n', 'at', 'on', 'xp', 'lv', 'ci', 'ld', 'st', 'go' }

local function read(openid, ...)
  local L = { openid = openid, key = key('learner', openid), is_new = false, dirty = {} }
  local row = redis.call('HMGET', L.key, 'n', 'at', 'on', 'xp', 'lv', 'ci', 'ld', 'st', 'go', ...)
  for i, field in ipairs(NUMBERS) do L[field] = tonumber(row[i]) or 0 end
  for i = 1, select('#', ...) do L[select(i, ...)] = row[#NUMBERS + i] end
  return L
end

-- nil for somebody never seen. `...` are further fields to load: text, or false when absent.
function learner.peek(openid, ...)
  local L = read(openid, ...)
  return L.n > 0 and L or nil
end

function learner.put(L, field, value)
  L[field] = value
  L.dirty[#L.dirty + 1] = field
  L.dirty[#L.dirty + 1] = text(value)
end

function learner.load(openid, ...)
  local L = read(openid, ...)
  if L.n == 0 then
    L.is_new = true
    learner.put(L, 'n', redis.call('INCR', key('learners')))
    learner.put(L, 'at', turn.now)
    learner.put(L, 'on', 1)
    learner.put(L, 'lv', 1)
  end
  return L
end

-- The learner did something today.
function learner.seen(L)
  redis.call('SETBIT', key('active', ARGV[4]), text(L.n), '1')
end

-- The streak as it stands today: it is still alive on the day after the last check-in.
function learner.streak(L)
  if L.ld >= turn.day - 1 then return L.st end
  return 0
end

local BOARD = key('board', 'all')
local EPOCH = 1577836800 -- 2020-01-01: the board's fraction counts from here, and lasts until 2088

-- Among equals the one who was there first stands higher: the earlier, the larger the fraction. Whole
-- points up to 2^21 keep a fraction of 31 bits exact in a double.
function learner.on_board(L)
  if L.go == 1 then return end
  local score = L.xp + 1 - (turn.now - EPOCH + 1) / 2147483648
  redis.call('ZADD', BOARD, string.format('%.17g', score), L.openid)
end

function learner.off_board(L)
  redis.call('ZREM', BOARD, L.openid)
end

function learner.save(L)
  if #L.dirty > 0 then redis.call('HSET', L.key, unpack(L.dirty)) end
  if L.scored then learner.on_board(L) end
end
