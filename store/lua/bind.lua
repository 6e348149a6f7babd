-- The learner wants to be bound to an employee, or answers a question about it. ARGV[6] 1 when the learner
-- asked for it, 0 when this is a text that nothing else understood; [7] and [8] up to two words, '' for
-- none; [9] wrong tries allowed within [10] seconds, [11] seconds a question stays open.
-- Returns what became of it, a name or ''.
--
-- Which of number and proof was wrong is never told, nor whether a number exists: all that is wrong costs
-- a try, of the learner's and of the number's.

local MOST, WINDOW, OPEN = tonumber(ARGV[9]), ARGV[10], ARGV[11]
local dialogue = key('dialogue', turn.openid)

local function ask(question)
  redis.call('SET', dialogue, question, 'EX', OPEN)
end

local function tired(who)
  return tonumber(redis.call('GET', key('tries', who)) or 0) >= MOST
end

local function tire(who)
  local tries = key('tries', who)
  if redis.call('INCR', tries) == 1 then redis.call('EXPIRE', tries, WINDOW) end
end

-- How the words prove to be the employee: 'code', 'tail' or nil.
local function proved(number, proof, tail, gone)
  if gone or proof == '' then return nil end
  local salt, hash = (redis.call('GET', key('code', number)) or ''):match('^(.-):(.*)$')
  if salt and redis.sha1hex(salt .. ':' .. proof) == hash then return 'code' end
  if tail and tail ~= '' and proof == string.rep('0', 4 - #tail) .. tail then return 'tail' end
end

local function attempt(L, number, proof)
  local learner_tries, number_tries = 'learner:' .. L.openid, 'employee:' .. number
  if tired(learner_tries) or tired(number_tries) then
    redis.call('DEL', dialogue)
    return { 'limited', '' }
  end
  local name, tail, gone, holder = unpack(redis.call('HMGET', key('employee', number), 'nm', 't', 'x', 'u'))
  local by = name and proved(number, proof, tail, gone)
  if not by then
    tire(learner_tries)
    tire(number_tries)
    ask('number')
    return { 'wrong', '' }
  end
  -- Colleagues may know the tail of a telephone: to take a binding over, a code is needed.
  if holder and by == 'tail' then
    ask('proof:' .. number)
    return { 'code', '' }
  end
  if holder then
    learner.save(L)
    people.move(holder, L.openid)
    L.dirty = {} -- what is in L is the other's now
  else
    people.bind(L, number)
  end
  redis.call('DEL', dialogue, key('code', number), key('tries', learner_tries), key('tries', number_tries))
  return { holder and 'moved' or 'bound', name }
end

local function hear(L)
  local asked, first, second = ARGV[6] == '1', ARGV[7], ARGV[8]
  local question = redis.call('GET', dialogue) or ''
  if not asked and (first == '' or (question ~= 'number' and question:sub(1, 6) ~= 'proof:')) then
    return { 'none', '' }
  end
  if L.e then
    redis.call('DEL', dialogue)
    return { 'already', people.called(L.e) }
  end
  if second ~= '' then return attempt(L, first, second) end
  if first == '' then
    ask('number')
    return { 'ask', '' }
  end
  if not asked and question ~= 'number' then return attempt(L, question:sub(7), first) end
  ask('proof:' .. first)
  return { 'proof', '' }
end

return once('bind', function()
  local L = learner.speaking()
  local result = hear(L)
  learner.save(L)
  return result
end)
