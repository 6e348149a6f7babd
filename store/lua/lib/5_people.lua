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

-- Binds a learner who is not bound to an employee who is not. L is saved by the caller.
function people.bind(L, number)
  redis.call('HSET', key('employee', number), 'u', L.openid)
  learner.put(L, 'e', number)
  if L.go == 1 then
    learner.put(L, 'go', 0)
    L.scored = L.xp > 0
  end
end

local function swap(a, b)
  local between = key('turn', turn.id .. ':swap')
  local has_a, has_b = redis.call('EXISTS', a) == 1, redis.call('EXISTS', b) == 1
  if has_a then redis.call('RENAME', a, between) end
  if has_b then redis.call('RENAME', b, a) end
  if has_a then redis.call('RENAME', between, b) end
end

local function swap_member(set, a, b)
  local score_a, score_b = redis.call('ZSCORE', set, a), redis.call('ZSCORE', set, b)
  redis.call('ZREM', set, a, b)
  if score_a then redis.call('ZADD', set, score_a, b) end
  if score_b then redis.call('ZADD', set, score_b, a) end
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

-- The person moves from one telephone to another: the two change records, number, points, streak and all
-- that was earned once. So nothing is lost or counted twice, and what goes by the number stays the
-- person's. The old one is left with what the new one had, and off the boards. The ledger, which goes by
-- telephone, gets a line on either side.
function people.move(from, to)
  local at_from, at_to = key('learner', from), key('learner', to)
  local telephone_from = redis.call('HMGET', at_from, unpack(TELEPHONE))
  local telephone_to = redis.call('HMGET', at_to, unpack(TELEPHONE))
  swap(at_from, at_to)
  keep_telephone(from, telephone_from)
  keep_telephone(to, telephone_to)
  swap(key('once', from), key('once', to))
  swap(key('recent', from), key('recent', to))
  swap_member(key('board', 'all'), from, to)
  swap_member(key('due'), 'streak_at_risk:' .. from, 'streak_at_risk:' .. to)
  learner.off_board({ openid = from })
  redis.call('HSET', key('employee', redis.call('HGET', at_to, 'e')), 'u', to)
  local left = tonumber(redis.call('HGET', at_from, 'xp')) or 0
  local taken = tonumber(redis.call('HGET', at_to, 'xp')) or 0
  if left == taken then return end
  for _, line in ipairs({ { from, left - taken, left }, { to, taken - left, taken } }) do
    redis.call('XADD', key('ledger'), '*', 'who', line[1], 'rule', 'second_phone', 'subject', '',
      'points', line[2], 'xp', line[3], 'at', turn.now, 'day', turn.day, 'id', turn.id)
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
