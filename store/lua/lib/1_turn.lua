-- Leads every script. KEYS[1] is {account}; ARGV begins with the turn: id, openid, now, day, memo_s.

local ACCOUNT = KEYS[1]
local turn = {
  id = ARGV[1],
  openid = ARGV[2],
  now = tonumber(ARGV[3]),
  day = tonumber(ARGV[4]),
  memo = ARGV[5],
}

local function key(noun, id)
  if id then return ACCOUNT .. ':' .. noun .. ':' .. id end
  return ACCOUNT .. ':' .. noun
end

-- A whole number as Redis takes it: left to itself it writes them all as doubles, which costs more than
-- many a command.
local function text(value)
  if type(value) == 'number' then return ('%d'):format(value) end
  return value
end

-- Runs act() the first time, and answers what it returned every time: a message delivered again, or
-- delivered twice at once, has its effect once and gets the same reply.
local function once(verb, act)
  local memo = key('turn', turn.id .. ':' .. verb)
  local known = redis.call('GET', memo)
  if known then return cmsgpack.unpack(known) end
  local result = act()
  redis.call('SET', memo, cmsgpack.pack(result), 'EX', turn.memo)
  return result
end
