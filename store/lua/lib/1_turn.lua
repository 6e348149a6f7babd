-- The turn that is served. KEYS[1] is {account}; ARGV begins with the turn: id, openid, now, day, memo_s.
-- What stands at the top of a file of lib is made once, when Redis loads the library, and lives as long:
-- nothing of a turn may be kept there but here.

local ACCOUNT
local turn = {}

function turn.begin()
  ACCOUNT = KEYS[1]
  turn.id, turn.openid = ARGV[1], ARGV[2]
  turn.now, turn.day, turn.memo = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
end

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

-- A whole number from 0 on in digits of base 36; tonumber(…, 36) reads it.
local function base_36(number)
  local digits = ''
  repeat
    local digit = number % 36
    digits = string.char(digit < 10 and 48 + digit or 87 + digit) .. digits
    number = (number - digit) / 36
  until number == 0
  return digits
end

-- f(wire), which depends on nothing else and is not changed by who gets it, made once for each wire: what
-- the program tells of its rules is the same in call after call. Forgets everything when there is too much
-- of it.
local function remembered(f)
  local known, count = {}, 0
  return function(wire)
    local made = known[wire]
    if made then return made end
    if count == 5000 then known, count = {}, 0 end
    made = f(wire)
    known[wire], count = made, count + 1
    return made
  end
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
