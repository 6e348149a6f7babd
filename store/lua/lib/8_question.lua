-- Questions to mentors. A mentor is an employee with the mentors' tag who is bound and follows; `mt` of their
-- learner says with which department they stand in `mentors`. An open question lies on a mentor's `desk`, or
-- waits in `unassigned` until the worker gives it out; whatever takes a mentor away only moves their desk
-- there.

local question = {}

local OPEN = 2 ^ 32 -- a mentor's score: open questions, times this, plus when they were last told of one
local HELD = 50     -- open questions of one mentor at most: so much one script may have to move for each
local LOOK = 32     -- mentors looked at in one place, for one who is not on leave
local GIVEN = 20    -- questions given out by one call
local RETRY = 600   -- seconds until one that nobody could take is tried again
local HUSH = 1800   -- seconds in which a mentor with questions open is not told of one more

local FIELDS = { 'n', 'q', 'at', 'by', 'rm', 'm', 'a', 'c', 'ad', 'x' }

-- nil when there is none. Numbers of learners are text, as sorted sets have them.
function question.load(id)
  local at = key('question', id)
  local row = redis.call('HMGET', at, unpack(FIELDS))
  if not row[1] then return nil end
  local Q = { id = id, key = at }
  for i, field in ipairs(FIELDS) do Q[field] = row[i] or nil end
  return Q
end

-- What became of it: open, answered, left.
function question.state(Q)
  return Q.ad and 'answered' or Q.x and 'left' or 'open'
end

-- The number of the mentor whose it is, or who has answered it; nil: nobody's.
function question.whose(Q)
  return not redis.call('ZSCORE', key('unassigned'), Q.id) and Q.m or nil
end

-- ---- mentors ----

local function told_at(n)
  return (tonumber(redis.call('ZSCORE', key('mentors'), text(n))) or 0) % OPEN
end

-- Puts mentor n where they stand with what is on their desk now.
local function weigh(n, d, told)
  local score = text(redis.call('ZCARD', key('desk', n)) * OPEN + told)
  redis.call('ZADD', key('mentors'), score, text(n))
  redis.call('ZADD', key('mentors', d), score, text(n))
end

-- These wait for a mentor, from now on.
local function wait(ids)
  local rows = {}
  for _, id in ipairs(ids) do
    rows[#rows + 1] = turn.now
    rows[#rows + 1] = id
  end
  if #rows > 0 then redis.call('ZADD', key('unassigned'), unpack(rows)) end
end

-- Learner L is a mentor from now on, or no more, or of another department: as their fields say. Whoever
-- becomes one lets those be tried again that nobody could take.
function question.place(L)
  local tagged = L.e and L.on == 1 and L.go ~= 1 and redis.call('HGET', key('employee', L.e), 'mt')
  local now, before = tagged and (L.d and L.d ~= '' and L.d or '0') or nil, L.mt
  if now == before then return end
  local told = told_at(L.n)
  L.mt = now
  if before then redis.call('ZREM', key('mentors', before), text(L.n)) end
  if now then
    redis.call('HSET', L.key, 'mt', now)
    weigh(L.n, now, told)
    if not before then wait(redis.call('ZRANGE', key('unassigned'), 0, GIVEN - 1)) end
  else
    redis.call('HDEL', L.key, 'mt')
    redis.call('ZREM', key('mentors'), text(L.n))
    wait(redis.call('ZRANGE', key('desk', L.n), 0, -1))
    redis.call('DEL', key('desk', L.n))
  end
end

-- The same for whom a telephone shows, if they are a mentor or may become one.
function question.place_at(openid, tagged)
  if tagged or redis.call('HEXISTS', key('learner', openid), 'mt') == 1 then
    question.place(learner.peek(openid))
  end
end

local function away(openid)
  return streak.on_leave({ va = redis.call('HGET', key('learner', openid), 'va') or nil }, turn.day)
end

-- The first of those that stand there who may take a question of `asker`.
local function first(mentors, asker)
  local least = '(' .. text(HELD * OPEN)
  for _, n in ipairs(redis.call('ZRANGE', mentors, '-inf', least, 'BYSCORE', 'LIMIT', 0, LOOK)) do
    if n ~= asker and not away(learner.of(n)) then return n end
  end
end

-- The nearest: of the asker's department, else of one above it, else anybody. Of these who has the fewest
-- open, then who was told of one longest ago.
local function choose(asker)
  local openid = learner.of(asker)
  local d = openid and redis.call('HGET', key('learner', openid), 'd')
  local path = d and redis.call('HGET', key('department'), d)
  while path do
    local id = redis.call('HGET', key('departments'), path)
    local n = id and first(key('mentors', id), asker)
    if n then return n end
    path = path:match('^(.*)/[^/]*$')
  end
  return first(key('mentors'), asker)
end

-- ---- whose they are ----

-- From now on it is mentor n's, who is told unless they just were.
local function give(Q, n)
  local openid, told = learner.of(n), told_at(n)
  local idle = redis.call('EXISTS', key('desk', n)) == 0
  redis.call('ZREM', key('unassigned'), Q.id)
  if tonumber(Q.rm) > turn.now then
    redis.call('ZADD', key('desk', n), Q.rm, Q.id)
    reminder.put('question_waiting', n, tonumber(Q.rm))
  else
    redis.call('ZADD', key('desk', n), '+inf', Q.id)
  end
  redis.call('HSET', Q.key, 'm', n)
  if idle or turn.now - told >= HUSH then
    told = turn.now
    outbox.put('question_asked:' .. Q.id .. ':' .. openid,
      { 'kind', 'notice', 'name', 'question_asked', 'to', openid })
  end
  weigh(n, redis.call('HGET', key('learner', openid), 'mt'), told)
end

-- It is nobody's any more.
local function take_back(Q)
  if redis.call('ZREM', key('unassigned'), Q.id) == 1 or not Q.m then return end
  if redis.call('ZREM', key('desk', Q.m), Q.id) == 0 then return end
  local openid = learner.of(Q.m)
  weigh(Q.m, redis.call('HGET', key('learner', openid), 'mt'), told_at(Q.m))
end

-- Nobody waits for an answer to it any more.
local function close(Q)
  take_back(Q)
  redis.call('ZREM', key('questions'), Q.id)
  redis.call('SREM', key('waiting', Q.n), Q.id)
end

-- Gives out some of those that wait for a mentor; the worker comes again.
function question.give_out()
  for _, id in ipairs(redis.call('ZRANGE', key('unassigned'), '-inf', turn.now, 'BYSCORE', 'LIMIT', 0, GIVEN)) do
    local Q = question.load(id)
    local n = choose(Q.n)
    if n then give(Q, n) else redis.call('ZADD', key('unassigned'), turn.now + RETRY, id) end
  end
end

-- An operator gives it to learner n. Returns what became of it.
function question.assign(Q, L)
  if question.state(Q) ~= 'open' then return 'closed' end
  if not L.mt then return 'nobody' end
  if text(L.n) == Q.n then return 'asker' end
  if redis.call('ZSCORE', key('desk', L.n), Q.id) then return 'done' end
  if redis.call('ZCARD', key('desk', L.n)) >= HELD then return 'full' end
  take_back(Q)
  give(Q, text(L.n))
  return 'done'
end

-- Who asked has left the company.
function question.leave(n)
  for _, id in ipairs(redis.call('SMEMBERS', key('waiting', n))) do
    local Q = question.load(id)
    redis.call('HSET', Q.key, 'x', 1)
    close(Q)
  end
end

-- What learner n asked is erased, with the answers. Returns the ids.
function question.forget(n)
  local ids = redis.call('LRANGE', key('asked', n), 0, -1)
  for _, id in ipairs(ids) do
    local Q = question.load(id)
    if question.state(Q) == 'open' then close(Q) end
    redis.call('DEL', Q.key)
  end
  redis.call('DEL', key('asked', n))
  return ids
end

-- ---- asking and answering ----

-- Each question is a subject of its own: what a rule gives once per subject it gives once by itself, and to
-- remember it would cost a bit per learner for each question.
local function award(L, rule, id, said, peer)
  if rule == '' then return 0, 0 end
  local own = setmetatable({ once = false, s_day = 0, s_week = 0, s_ever = 0 }, { __index = points.rule(rule) })
  local what = { subject = id, effort = said.effort, text = said.hash, peer = peer, minute = said.minute }
  return points.award(L, own, what, said.policy)
end

-- said: text, effort, hash, minute, policy, rule, most (open ones of a learner), by, remind (when it is to be
-- answered, and its mentor is reminded), as store/question.h says. Returns outcome, question, and what award()
-- returns.
function question.ask(L, said)
  if not said.policy.unbound and not L.e then return 'bind' end
  if redis.call('SCARD', key('waiting', L.n)) >= said.most then return 'many' end
  local id = text(redis.call('INCR', key('question_last')))
  local Q = { id = id, key = key('question', id), n = text(L.n), q = said.text, by = said.by, rm = said.remind }
  redis.call('HSET', Q.key, 'n', Q.n, 'q', Q.q, 'at', turn.now, 'by', Q.by, 'rm', Q.rm)
  redis.call('RPUSH', key('asked', L.n), id)
  redis.call('SADD', key('waiting', L.n), id)
  redis.call('ZADD', key('questions'), Q.by, id)
  Q.m = choose(Q.n)
  if Q.m then give(Q, Q.m) else redis.call('ZADD', key('unassigned'), turn.now + RETRY, id) end
  return 'asked', Q, award(L, said.ask_rule, id, said)
end

-- Why learner L cannot answer it, or nil.
function question.not_theirs(L, Q)
  if not Q then return 'unknown' end
  if redis.call('ZSCORE', key('desk', L.n), Q.id) then return nil end
  local state = question.state(Q)
  return state == 'answered' and 'before' or state == 'left' and 'left' or 'elsewhere'
end

-- The same of an answer to question `id`, with a course ('' for none).
function question.answer(L, id, course, said)
  local Q = question.load(id)
  local why = question.not_theirs(L, Q)
  if why then return why, Q end
  redis.call('HSET', Q.key, 'a', said.text, 'ad', turn.now, unpack(course ~= '' and { 'c', course } or {}))
  Q.c = course
  close(Q)
  local asker = learner.of(Q.n)
  if asker then
    outbox.put('question_answered:' .. id .. ':' .. asker,
      { 'kind', 'notice', 'name', 'question_answered', 'to', asker })
  end
  return 'answered', Q, award(L, said.answer_rule, id, said, tonumber(Q.n))
end

-- ---- what notices say ----

-- Ids on the desk of mentor n, the oldest first.
function question.desk(n)
  local ids = redis.call('ZRANGE', key('desk', n), 0, -1)
  table.sort(ids, function(one, other) return tonumber(one) < tonumber(other) end)
  return ids
end

-- Of question_asked and question_waiting, lines: how many are open; of the oldest: id, when it is to be
-- answered, the question.
function question.waiting(n)
  local ids = question.desk(n)
  local Q = question.load(ids[1])
  return table.concat({ #ids, Q.id, Q.by, Q.q }, '\n')
end

-- Of question_answered, lines: id, who answered, id of the course, the question, the answer.
function question.answered(id)
  local Q = question.load(id)
  return table.concat({ Q.id, learner.called(Q.m), Q.c or '', Q.q, Q.a }, '\n')
end

-- It is time to look at mentor n: if anything is open of which it is time to remind them, or will be within the
-- minute, they are, of all of it in one notice; on leave a day later.
function question.ripe(n)
  local ids = redis.call('ZRANGE', key('desk', n), '-inf', turn.now + 60, 'BYSCORE')
  local openid = learner.of(n)
  if #ids > 0 and away(openid) then
    reminder.put('question_waiting', n, turn.now + 86400)
  elseif #ids > 0 then
    for _, id in ipairs(ids) do redis.call('ZADD', key('desk', n), '+inf', id) end
    outbox.put('question_waiting:' .. ids[#ids] .. ':' .. openid,
      { 'kind', 'notice', 'name', 'question_waiting', 'to', openid })
  end
end
