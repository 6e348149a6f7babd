-- Something is asked, answered, or heard: a text that may be what the learner was asked for. ARGV[6] ask,
-- answer or heard; [7] the text, or '' to be asked for it; [8] id and [9] course ('' for none) of an answer;
-- [10] letters and [11] a hash of the text, [12] minute of the day, [13] policy, the rules that [14] asking and
-- [15] answering earn by, or '', [16] open questions a learner may have, [17] when one of now is to be answered
-- and [18] its mentor is reminded, [19] seconds the dialogue stays open.
-- Returns what became of it, id, the other's number and name, the question, when it is to be answered, the
-- course, how many are open (of the asker, or on the mentor's desk); number, xp, level, level before, points
-- given, coins, coins given, why it was not what the rule says, or ''.

local WHAT, TEXT, ID, COURSE, OPEN = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[19]
local dialogue = key('dialogue', turn.openid)

local SAY = {}

function SAY.ask(L, said)
  if TEXT ~= '' then return question.ask(L, said) end
  if not said.policy.unbound and not L.e then return 'bind' end
  redis.call('SET', dialogue, 'question', 'EX', OPEN)
  return 'ask'
end

function SAY.answer(L, said)
  if TEXT ~= '' then return question.answer(L, ID, COURSE, said) end
  local Q = question.load(ID)
  local why = question.not_theirs(L, Q)
  if why then return why, Q end
  redis.call('SET', dialogue, 'answer:' .. ID .. ':' .. COURSE, 'EX', OPEN)
  return 'reply', Q
end

function SAY.heard(L, said)
  local asked = redis.call('GET', dialogue) or ''
  local id, course = asked:match('^answer:(%d+):(.*)$')
  if TEXT == '' or asked ~= 'question' and not id then return 'none' end
  redis.call('DEL', dialogue)
  if id then return question.answer(L, id, course, said) end
  return question.ask(L, said)
end

-- Whom it concerns besides the learner.
local function other(L, Q)
  if Q.n == text(L.n) then return Q.m end
  return Q.n
end

return once('question_say', function()
  local L = learner.speaking()
  local before = L.lv
  local said = { text = TEXT, effort = tonumber(ARGV[10]), hash = ARGV[11], minute = tonumber(ARGV[12]),
    policy = points.policy(ARGV[13]), ask_rule = ARGV[14], answer_rule = ARGV[15], most = tonumber(ARGV[16]),
    by = ARGV[17], remind = ARGV[18] }
  local outcome, Q, given, coins, why = SAY[WHAT](L, said)
  learner.save(L)
  if outcome == 'asked' or outcome == 'answered' then redis.call('DEL', dialogue) end
  local n = Q and other(L, Q)
  local asks = outcome == 'asked' or outcome == 'many'
  local open = asks and redis.call('SCARD', key('waiting', L.n)) or redis.call('ZCARD', key('desk', L.n))
  return { outcome, Q and Q.id or ID, n or '', n and learner.called(n) or '', Q and Q.q or '', Q and Q.by or '',
    Q and Q.c or COURSE, open,
    L.n, L.xp, L.lv, before, given or 0, L.co, coins or 0, why or '' }
end)
