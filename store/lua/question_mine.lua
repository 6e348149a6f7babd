-- 我的提问: the newest questions of a learner. ARGV[6] how many at most. Returns 0, then rows of id, when it
-- was asked and is to be answered, state, the mentor's number (of one that is nobody's yet: 0) and name, the
-- question, the answer, course.

local L = learner.speaking()
learner.save(L)
local result = { 0 }
local ids = redis.call('LRANGE', key('asked', L.n), -tonumber(ARGV[6]), -1)
for i = #ids, 1, -1 do
  local Q = question.load(ids[i])
  local m = question.whose(Q)
  result[#result + 1] = { Q.id, Q.at, Q.by, question.state(Q), m or 0, m and learner.called(m) or '', Q.q, Q.a or '',
    Q.c or '' }
end
return result
