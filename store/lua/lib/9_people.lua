-- The company's people: the roster's employees, their departments, and which learner is which of them.
-- One employee is bound to one learner at most, and one learner to one employee: both sides change here.

local people = {}

-- The id of a department, which is made, with its parents, when it is new. '' has none.
function people.department(path)
  if path == '' then return '' end
  local id = redis.call('HGET', key('departments'), path)
  if id then return id end
  local parent = path:match('^(.*)/[^/]*$')
  if parent then people.department(parent) end
  id = redis.call('HLEN', key('department')) + 1
  redis.call('HSET', key('department'), id, path)
  redis.call('HSET', key('departments'), path, id)
  return id
end

-- The name of an employee; '' of none, so that people.called(L.e) is what a learner is called.
function people.called(number)
  return number and redis.call('HGET', key('employee', number), 'nm') or ''
end

-- One more, or less, who is bound to an employee of department d.
local function heads(d, by)
  if not d or d == '' then return end
  redis.call('HINCRBY', key('heads'), 'd:' .. d, by)
  contest.joined('d', d, by)
end

-- The learner plays for the department the roster says.
function people.place(openid, d)
  local at = key('learner', openid)
  local before = redis.call('HGET', at, 'd')
  if (before or '') == (d or '') then return end
  heads(before, -1)
  heads(d, 1)
  if d and d ~= '' then redis.call('HSET', at, 'd', d) else redis.call('HDEL', at, 'd') end
end

-- … under the name it says.
function people.name(openid, name)
  local n = redis.call('HGET', key('learner', openid), 'n')
  if n then learner.call(tonumber(n), name) end
end

function people.unbind(openid)
  local at = key('learner', openid)
  local number, n = unpack(redis.call('HMGET', at, 'e', 'n'))
  if not number then return end
  people.place(openid, nil)
  team.unbind(openid, number)
  redis.call('HDEL', at, 'e')
  redis.call('HDEL', key('employee', number), 'u')
  learner.call(tonumber(n), nil)
  board.leave(tonumber(n))
  question.place_at(openid, false)
end

-- Binds a learner who is not bound to an employee who is not. L is saved by the caller.
function people.bind(L, number)
  redis.call('HSET', key('employee', number), 'u', L.openid)
  learner.put(L, 'e', number)
  if L.go == 1 then learner.put(L, 'go', 0) end
  local name, d = unpack(redis.call('HMGET', key('employee', number), 'nm', 'd'))
  learner.call(L.n, name)
  heads(d, 1)
  team.bind(L, number)
  if d and d ~= '' then learner.put(L, 'd', d) end
  board.enter(L)
  question.place(L)
end

local function swap(a, b)
  local between = key('turn', turn.id .. ':swap')
  redis.call('RENAME', a, between)
  redis.call('RENAME', b, a)
  redis.call('RENAME', between, b)
end

-- Fields that are the telephone's and not the person's.
local TELEPHONE = { 'on', 'air' }

local function keep_telephone(openid, values)
  for i, field in ipairs(TELEPHONE) do
    if values[i] then
      redis.call('HSET', key('learner', openid), field, values[i])
    else
      redis.call('HDEL', key('learner', openid), field)
    end
  end
end

-- The person moves from one telephone to another: the two change records, and with them numbers. All that
-- was earned goes by the number, so nothing else moves, is lost or counted twice. The old telephone is left
-- with what the new one had: somebody who is not bound.
function people.move(from, to)
  local at_from, at_to = key('learner', from), key('learner', to)
  local telephone_from = redis.call('HMGET', at_from, unpack(TELEPHONE))
  local telephone_to = redis.call('HMGET', at_to, unpack(TELEPHONE))
  swap(at_from, at_to)
  keep_telephone(from, telephone_from)
  keep_telephone(to, telephone_to)
  learner.names(tonumber(redis.call('HGET', at_from, 'n')), from)
  local P = learner.peek(to)
  learner.names(P.n, to)
  redis.call('HSET', key('employee', P.e), 'u', to)
  if learner.shown(P) then board.enter(P) else board.leave(P.n) end -- the new telephone may not follow
  question.place(P)
end

-- The employee has left the company: unbound, in no team, off the boards, not reminded; what they asked is
-- closed, what they were to answer handed on. Points and ledger stay.
function people.leave(number)
  redis.call('DEL', key('code', number))
  team.assign(number, nil)
  local openid = redis.call('HGET', key('employee', number), 'u')
  if not openid then return end
  people.unbind(openid)
  redis.call('HSET', key('learner', openid), 'go', 1)
  redis.call('DEL', key('dialogue', openid))
  question.leave(tonumber(redis.call('HGET', key('learner', openid), 'n')))
end

-- An import has the roster to itself. The same file may go on where it was killed; another waits until
-- the lock of the one that was killed has run out.
function people.hold(import)
  local lock = key('roster_lock')
  local holder = redis.call('GET', lock)
  if holder and holder ~= import then return false end
  redis.call('SET', lock, import, 'EX', 60)
  return true
end

-- Calls f with the cells of each row: a cell ends with 0x1f, a row with 0x1e. Returns how many.
function people.each(rows, f)
  local count = 0
  for row in rows:gmatch('([^\30]*)\30') do
    local cells = {}
    for cell in row:gmatch('([^\31]*)\31') do cells[#cells + 1] = cell end
    f(cells)
    count = count + 1
  end
  return count
end
