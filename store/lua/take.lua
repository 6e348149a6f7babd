-- What the worker shall send now. ARGV[6] how many at most, [7] reminders a learner gets in a day, [8] 0 or
-- when the quiet hours that are now will end, [9] milliseconds without outcome after which a send is
-- taken over, [10] seconds for which WeChat suppresses a double of one client_msg_id, [11] the working days
-- up to today, [12] names of notices for which the account has no template, a comma between two.
--
-- One call moves what is due into the outbox, takes new and abandoned entries, passes each through the
-- gate and writes down the intent to send it. Returns 1 if there may be more (0: there is not), and rows of
-- entry, out, kind, name, to, body, tries, streak, days checked in; or 'alarm': everything stays where it is
-- while the account has one.

local MOST, CAP, QUIET = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local IDLE, GUARD, WORK, PLAIN = ARGV[9], tonumber(ARGV[10]), ARGV[11], ARGV[12]

local rows = { 0 }

-- As many were found as were asked for: what is behind them has not been looked at.
local function looked(found, asked)
  if found >= asked then rows[1] = 1 end
end

local function try_again()
  local found = redis.call('ZRANGE', key('retry'), '-inf', turn.now, 'BYSCORE', 'LIMIT', 0, MOST)
  looked(#found, MOST)
  for _, id in ipairs(found) do
    redis.call('ZREM', key('retry'), id)
    if redis.call('EXISTS', key('out', id)) == 1 then outbox.queue(id) end
  end
end

-- What becomes of a reminder that was made on that day, now that its moment has come.
local RIPE = {
  -- Who has checked in since has a later one.
  streak_at_risk = function(n, day)
    local who, notice = learner.of(n), 'streak_at_risk'
    local L = who and learner.peek(who)
    if not L or L.ld > day then return end
    outbox.put(notice .. ':' .. turn.day .. ':' .. who, { 'kind', 'notice', 'name', notice, 'to', who })
  end,
  question_waiting = question.ripe,
}

-- The second part of an OUT's id: what it is about.
local function of(O)
  return O.id:match('^[^:]*:([^:]*):')
end

local function nothing_waits(_, L)
  if redis.call('EXISTS', key('desk', L.n)) == 0 then return 'nothing waits' end
end

-- Why this reminder must not go to this learner now, or nil; and true when it may be right a day later.
local NOTICE = {
  streak_at_risk = function(O, L)
    if L.ld >= turn.day then return 'checked in' end
    if O.day ~= turn.day or streak.length(L, WORK) == 0 then return 'no streak to lose' end
    if WORK:byte(-1) ~= 49 then return 'a rest day', true end
    if streak.on_leave(L, turn.day) then return 'on leave', true end
  end,
  war_report = function(O, L)
    if not learner.shown(L) then return 'on no board' end
    if turn.day - O.day > 1 then return 'old news' end
  end,
  question_asked = nothing_waits,
  question_waiting = nothing_waits,
  question_answered = function(O)
    if not question.load(of(O)) then return 'erased' end
  end,
}

-- What stands in a notice beside what is known of the learner.
local WORDS = {
  war_report = function(O) return redis.call('HGET', key('report', of(O)), 'words') end,
  question_asked = function(_, L) return question.waiting(L.n) end,
  question_waiting = function(_, L) return question.waiting(L.n) end,
  question_answered = function(O) return question.answered(of(O)) end,
}

-- A notice about questions goes as a plain message when that is better: an answer, which is too long for a
-- template; and what has no template. WeChat takes one for 48 hours after the learner wrote or tapped: that is
-- surely open for who was active today or yesterday. Returns why it cannot go at all, or nil.
local function choose_kind(O, L)
  if O.kind ~= 'notice' or not O.name:match('^question_') then return nil end
  local untold = (',' .. PLAIN .. ','):find(',' .. O.name .. ',', 1, true)
  if not untold and O.name ~= 'question_answered' then return nil end
  local open = redis.call('GETBIT', key('active', turn.day), L.n) == 1
    or redis.call('GETBIT', key('active', turn.day - 1), L.n) == 1
  if open then
    O.kind = 'text'
    redis.call('HSET', O.key, 'kind', O.kind)
  elseif untold then
    return 'no template, and not here lately'
  end
end

-- The gate that everything outgoing passes. Returns nil, or 'skip' and why, or 'wait' and until when.
local function gate(O, L)
  if not L or L.on ~= 1 then return 'skip', 'not following' end
  if O.force == '1' then return nil end
  if O.kind == 'reply' and O.name ~= 'contest' then return nil end -- who waits for an answer is awake
  if NOTICE[O.name] then
    local why, tomorrow = NOTICE[O.name](O, L)
    if tomorrow then reminder.put(O.name, L.n, turn.now + 86400) end
    if why then return 'skip', why end
  end
  if QUIET > turn.now then return 'wait', QUIET end
  local why = choose_kind(O, L)
  if why then return 'skip', why end
  if O.kind == 'reply' or O.name == 'question_answered' or O.capped then return nil end
  local day, sent = unpack(redis.call('HMGET', L.key, 'od', 'oc'))
  sent = tonumber(day) == turn.day and tonumber(sent) or 0
  if sent >= CAP then return 'skip', 'daily cap' end
  redis.call('HSET', L.key, 'od', turn.day, 'oc', sent + 1)
  redis.call('HSET', O.key, 'capped', 1)
end

-- An entry that another worker took and never settled. Its message may have been sent.
local function abandoned(O)
  return O.state == 'air' and (O.kind ~= 'notice' or turn.now - O.first > GUARD)
end

local function intend(entry, id)
  local O = outbox.load(id)
  if not O or (O.state ~= 'queued' and O.state ~= 'air') then return outbox.drop(entry) end
  if abandoned(O) then
    outbox.state(O, 'unknown', 'reason', 'no outcome')
    return outbox.drop(entry)
  end
  local L = learner.peek(O.to)
  local verdict, detail = gate(O, L)
  if verdict then
    if verdict == 'wait' then
      redis.call('ZADD', key('retry'), detail, id)
    else
      outbox.state(O, O.state == 'air' and 'unknown' or 'skipped', 'reason', detail)
    end
    return outbox.drop(entry)
  end
  outbox.state(O, 'air', 'first', O.first or turn.now, 'tries', O.tries + 1)
  redis.call('HSET', L.key, 'air', id)
  local body = O.body or WORDS[O.name] and WORDS[O.name](O, L) or ''
  return { entry, id, O.kind, O.name or '', O.to, body, O.tries + 1, streak.length(L, WORK), L.ci }
end

question.give_out()
if redis.call('EXISTS', key('alarm')) == 1 then return 'alarm' end
try_again()
looked(reminder.ripen(MOST, RIPE), MOST)
if redis.call('EXISTS', key('outbox')) == 0 then return rows end -- nothing has ever been put
local function take(entries, asked)
  looked(#entries, asked)
  for _, entry in ipairs(entries) do
    local row = intend(entry[1], entry[2][2])
    if row then rows[#rows + 1] = row end
  end
end
take(redis.call('XAUTOCLAIM', key('outbox'), GROUP, GROUP, IDLE, '0', 'COUNT', MOST)[2], MOST)
local room = MOST - (#rows - 1)
if room > 0 then
  local read = redis.call('XREADGROUP', 'GROUP', GROUP, GROUP, 'COUNT', room, 'STREAMS', key('outbox'), '>')
  if read then take(read[1][2], room) end
end
return rows
