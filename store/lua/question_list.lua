-- Questions, for an operator. ARGV[6] all, open, overdue, unassigned, or an id: that one; [7] from which place,
-- counted from 0, [8] how many at most are looked at. Returns how many were, then rows of id, when it was asked,
-- is to be answered and was, state, the asker's number and name, the mentor's number and name, course, the
-- question, the answer. The mentor's number of one that is nobody's: 0.

local WHICH, FROM, MOST = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])

local function ids()
  if WHICH == 'open' then return redis.call('ZRANGE', key('questions'), FROM, FROM + MOST - 1) end
  if WHICH == 'unassigned' then return redis.call('ZRANGE', key('unassigned'), FROM, FROM + MOST - 1) end
  if WHICH == 'overdue' then
    return redis.call('ZRANGE', key('questions'), '-inf', '(' .. turn.now, 'BYSCORE', 'LIMIT', FROM, MOST)
  end
  if WHICH ~= 'all' then return FROM == 0 and { WHICH } or {} end
  local list = {}
  for id = FROM + 1, math.min(FROM + MOST, tonumber(redis.call('GET', key('question_last'))) or 0) do
    list[#list + 1] = text(id)
  end
  return list
end

local list = ids()
local result = { #list }
for _, id in ipairs(list) do
  local Q = question.load(id)
  if Q then
    local m = question.whose(Q)
    result[#result + 1] = { Q.id, Q.at, Q.by, Q.ad or 0, question.state(Q), Q.n, learner.called(Q.n), m or 0,
      m and learner.called(m) or '', Q.c or '', Q.q, Q.a or '' }
  end
end
return result
