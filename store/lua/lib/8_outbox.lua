-- The outbox: a stream of OUT ids; what is sent, and what became of it, stands in out:OUT.

local outbox = {}
local GROUP = 'work'
local KEEP = 7 * 86400
local OUT = { 'state', 'kind', 'name', 'to', 'day', 'body', 'force', 'first', 'tries', 'capped', 'msgid' }

function outbox.queue(id)
  if not redis.call('XADD', key('outbox'), 'NOMKSTREAM', '*', 'out', id) then
    redis.call('XGROUP', 'CREATE', key('outbox'), GROUP, '0', 'MKSTREAM')
    redis.call('XADD', key('outbox'), '*', 'out', id)
  end
end

-- Puts a message into the outbox, unless one of this id has been there. Fields as in store/keys.h.
function outbox.put(id, fields)
  local out = key('out', id)
  if redis.call('EXISTS', out) == 1 then return false end
  redis.call('HSET', out, 'state', 'queued', 'at', turn.now, 'day', turn.day, unpack(fields))
  redis.call('EXPIRE', out, KEEP)
  outbox.queue(id)
  return true
end

function outbox.load(id)
  local row = redis.call('HMGET', key('out', id), unpack(OUT))
  if not row[1] then return nil end
  local O = { id = id, key = key('out', id) }
  for i, field in ipairs(OUT) do O[field] = row[i] or nil end
  O.first, O.tries, O.day = tonumber(O.first), tonumber(O.tries) or 0, tonumber(O.day)
  return O
end

function outbox.state(O, state, ...)
  redis.call('HSET', O.key, 'state', state, 'at', turn.now, ...)
end

-- The entry of the stream is dealt with.
function outbox.drop(entry)
  redis.call('XACK', key('outbox'), GROUP, entry)
  redis.call('XDEL', key('outbox'), entry)
end
