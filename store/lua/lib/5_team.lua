-- Teams. A person plays for a team as the employee they are: `tm` of an employee says for which, and `tm` of
-- the learner repeats it while one is bound to the other. So each of a team stands in one place: among its
-- `members`, by the learner's number, or among those it is `awaiting` until they bind, by KEY.

local team = {}

-- The id of a name, folded; false if there is none.
function team.named(folded)
  return redis.call('HGET', key('teams'), folded)
end

-- nil for a team that is none, or is being dissolved.
function team.find(id)
  local name, open, captain, gone = unpack(redis.call('HMGET', key('team', id), 'nm', 'op', 'cp', 'x'))
  if not name or gone then return nil end
  return { id = id, name = name, open = open == '1', captain = captain or nil }
end

function team.heads(id)
  return tonumber(redis.call('HGET', key('heads'), 't:' .. id)) or 0
end

local function enter(id, n)
  redis.call('SADD', key('members', id), text(tonumber(n)))
  redis.call('HINCRBY', key('heads'), 't:' .. id, 1)
  contest.joined('t', id, 1)
end

local function leave(id, n)
  redis.call('SREM', key('members', id), text(tonumber(n)))
  redis.call('HINCRBY', key('heads'), 't:' .. id, -1)
  contest.joined('t', id, -1)
end

-- The learner is bound to employee `number` from now on. L is saved by the caller.
function team.bind(L, number)
  local id = redis.call('HGET', key('employee', number), 'tm')
  if not id then return end
  redis.call('SREM', key('awaiting', id), number)
  enter(id, L.n)
  learner.put(L, 'tm', id)
end

-- … and no more. The employee stays assigned.
function team.unbind(openid, number)
  local at = key('learner', openid)
  local n, id = unpack(redis.call('HMGET', at, 'n', 'tm'))
  if not id then return end
  leave(id, n)
  redis.call('HDEL', at, 'tm')
  redis.call('SADD', key('awaiting', id), number)
end

-- Employee `number` plays for team `id` from now on; nil: for none. What was earned before stays with the
-- team it was earned for.
function team.assign(number, id)
  local at = key('employee', number)
  local before, openid = unpack(redis.call('HMGET', at, 'tm', 'u'))
  if (before or nil) == id then return end
  local shows = openid and key('learner', openid)
  local n = shows and redis.call('HGET', shows, 'n')
  if before then
    if n then leave(before, n) else redis.call('SREM', key('awaiting', before), number) end
    if redis.call('HGET', key('team', before), 'cp') == number then
      redis.call('HDEL', key('team', before), 'cp')
    end
  end
  if id then
    redis.call('HSET', at, 'tm', id)
    if n then enter(id, n) else redis.call('SADD', key('awaiting', id), number) end
  else
    redis.call('HDEL', at, 'tm')
  end
  if shows and id then redis.call('HSET', shows, 'tm', id) end
  if shows and not id then redis.call('HDEL', shows, 'tm') end
end

-- The newest teams that anybody may join: name, heads, name, heads …
function team.offers(most)
  local offers = {}
  for _, id in ipairs(redis.call('ZREVRANGE', key('teams_open'), 0, most - 1)) do
    local T = team.find(id)
    if T then
      offers[#offers + 1] = T.name
      offers[#offers + 1] = team.heads(id)
    end
  end
  return offers
end

-- A team as an operator sees it: id, name, folded name, 1 if open, KEY and name of the captain, heads, how
-- many it awaits, points this week and ever, how it was drawn. nil as of team.find().
function team.row(id)
  local T = team.find(id)
  if not T then return nil end
  local folded, drawn = unpack(redis.call('HMGET', key('team', id), 'fn', 'dr'))
  local tally = redis.call('HGET', key('tally'), 't:' .. id)
  local captain = T.captain and redis.call('HGET', key('employee', T.captain), 'nm')
  return { tonumber(id), T.name, folded, T.open and 1 or 0, T.captain or '', captain or '', team.heads(id),
    redis.call('SCARD', key('awaiting', id)), board.of_week(tally), (board.read(tally)), drawn or '' }
end
