-- Erases what a person took back. ARGV[6]: the number of the authorisation that was revoked, '' for all of
-- them, or 'person' for somebody who is no more at WeChat. Returns how much was there. Delivered again, the
-- same message erases nothing that has come since.
--
-- Of a person stay: the ledger's lines, since it is an account, and its sums have to hold; the bits of the
-- days they were active and of what was given once, and for a day a reminder's: all of a number that is nobody's
-- any more. The employee
-- they were bound to, unbound: the roster is the company's, and somebody may bind again. What they answered as
-- a mentor: it is the asker's, and names nobody any more. A customer-service message that went out, and that of
-- a question they have answered: until its own seven days are over. And the memos of the last minutes, under the
-- names of messages.

local what = ARGV[6]

local function revoke(number)
  local profile, erased = key('profile', turn.openid), 0
  for _, field in ipairs(redis.call('HKEYS', profile)) do
    if number == '' or field:match('^%d+') == number then
      erased = erased + redis.call('HDEL', profile, field)
    end
  end
  return erased
end

-- A message to them; the outbox passes over an entry whose message is gone.
local function unsay(id)
  local msgid = redis.call('HGET', key('out', id), 'msgid')
  if msgid and msgid ~= '' then redis.call('DEL', key('job', msgid)) end
  return redis.call('DEL', key('out', id))
end

local function forget()
  local who, reminder, erased = turn.openid, 'streak_at_risk:', 0
  local air, n = unpack(redis.call('HMGET', key('learner', who), 'air', 'n'))
  if air then erased = erased + unsay(air) end
  for day = turn.day - 8, turn.day + 1 do erased = erased + unsay(reminder .. day .. ':' .. who) end
  for _, period in ipairs({ 'd', 'w', 'm' }) do
    local newest = tonumber(redis.call('HGET', key('reports'), period)) or 0
    for number = newest - 8, newest do
      erased = erased + unsay('war_report:' .. period .. text(number) .. ':' .. who)
    end
  end
  for _, id in ipairs(n and question.desk(n) or {}) do
    erased = erased + unsay('question_asked:' .. id .. ':' .. who) + unsay('question_waiting:' .. id .. ':' .. who)
  end
  people.unbind(who)
  if n then
    for _, id in ipairs(question.forget(n)) do
      erased = erased + 1 + unsay('question_answered:' .. id .. ':' .. who)
    end
    learner.forget(tonumber(n))
    board.leave(tonumber(n))
    erased = erased + redis.call('DEL', key('subject', n))
  end
  return erased + redis.call('DEL', key('learner', who), key('profile', who), key('dialogue', who),
    key('tries', 'learner:' .. who))
end

return once('erase', function()
  return { what == 'person' and forget() or revoke(what) }
end)
