-- Erases what a person took back. ARGV[6]: the number of the authorisation that was revoked, '' for all of
-- them, or 'person' for somebody who is no more at WeChat. Returns how much was there. Delivered again, the
-- same message erases nothing that has come since.
--
-- Of a person stay, all of a number that is nobody's any more: the ledger's lines and what operators corrected
-- in it, since it is an account, and its sums have to hold; for the same reason what counts in a contest, the
-- result of one that is over, and groups of the league of weeks that are over, each for its time; the bits of
-- the days they were active, of what was given once and of having been told a result; flags, and as whom
-- others praised, until they are forgotten in their turn. The employee they were bound to, unbound, and the
-- team that one is assigned to: both are the company's, and somebody may bind again. A customer-service
-- message that went out: until its own seven days are over. And the memos of the last minutes, under the
-- names of messages.

local what = ARGV[6]
local WEEKS = 4 -- for which praise is kept

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
  local air = redis.call('HGET', key('learner', who), 'air')
  if air then erased = erased + unsay(air) end
  for day = turn.day - 8, turn.day + 1 do erased = erased + unsay(reminder .. day .. ':' .. who) end
  people.unbind(who)
  local L = learner.peek(who)
  if L then
    local n, _, week = text(L.n), board.periods(turn.day)
    learner.forget(L.n)
    board.leave(L.n)
    league.leave(L)
    for back = 0, WEEKS do erased = erased + redis.call('HDEL', key('praise', week - back), n) end
    erased = erased + learner.do_not_remind(L.n) + redis.call('DEL', key('subject', n))
  end
  return erased + redis.call('DEL', key('learner', who), key('profile', who), key('dialogue', who),
    key('tries', 'learner:' .. who))
end

return once('erase', function()
  return { what == 'person' and forget() or revoke(what) }
end)
