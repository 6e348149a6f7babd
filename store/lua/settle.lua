-- What became of a send. ARGV[6] entry, [7] out, [8] outcome, [9] errcode, [10] reason, [11] msgid or '',
-- [12] when to try again, [13] seconds for which WeChat suppresses a double, [14] 1 if the learner turned
-- out not to follow.
--
-- Outcomes: sent, failed; busy: WeChat refused it for now, try again; rest: the same, but this try does
-- not count; uncertain: it may have been sent, so a reminder is tried again only while WeChat would
-- suppress the double, anything else is left unknown.

local entry, O, outcome, again = ARGV[6], outbox.load(ARGV[7]), ARGV[8], tonumber(ARGV[12])
if not O then return outbox.drop(entry) end

local function retry()
  outbox.state(O, 'queued', 'error', ARGV[9], 'reason', ARGV[10])
  redis.call('ZADD', key('retry'), again, O.id)
end

if O.state == 'air' then
  if outcome == 'busy' or outcome == 'rest' then
    redis.call('HDEL', O.key, 'first')
    if outcome == 'rest' then redis.call('HINCRBY', O.key, 'tries', -1) end
    retry()
  elseif outcome == 'uncertain' and O.kind == 'notice' and again - O.first <= tonumber(ARGV[13]) then
    retry()
  else
    outbox.state(O, outcome == 'uncertain' and 'unknown' or outcome,
      'error', ARGV[9], 'reason', ARGV[10], 'msgid', ARGV[11])
  end
end
if ARGV[11] ~= '' then redis.call('SET', key('job', ARGV[11]), O.id, 'EX', 2 * 86400) end
local L = ARGV[14] == '1' and learner.peek(O.to)
if L then
  L.on = 0
  redis.call('HSET', L.key, 'on', 0)
  board.leave(L.n)
  question.place(L)
end
return outbox.drop(entry)
