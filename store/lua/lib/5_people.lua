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

function people.unbind(openid)
  local number = redis.call('HGET', key('learner', openid), 'e')
  if not number then return end
  redis.call('HDEL', key('learner', openid), 'e')
  redis.call('HDEL', key('employee', number), 'u')
end

-- Binds the learner. Whoever was bound to the employee is no more, and off the boards: the place is the
-- employee's, not the telephone's. L is saved by the caller.
function people.bind(L, number)
  local before = redis.call('HGET', key('employee', number), 'u')
  if before and before ~= L.openid then
    people.unbind(before)
    learner.off_board({ openid = before })
  end
  redis.call('HSET', key('employee', number), 'u', L.openid)
  learner.put(L, 'e', number)
  if L.go == 1 then
    learner.put(L, 'go', 0)
    L.scored = L.xp > 0
  end
end

-- The employee has left the company: unbound, off the boards, not reminded. Points and ledger stay.
function people.leave(number)
  redis.call('DEL', key('code', number))
  local openid = redis.call('HGET', key('employee', number), 'u')
  if not openid then return end
  people.unbind(openid)
  redis.call('HSET', key('learner', openid), 'go', 1)
  redis.call('DEL', key('dialogue', openid))
  redis.call('ZREM', key('due'), 'streak_at_risk:' .. openid)
  learner.off_board({ openid = openid })
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
