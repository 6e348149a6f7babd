-- 待答: what a mentor has to answer, the oldest first. ARGV[6] how many at most. Returns how many there
-- are (-1 of who is no mentor and has none), then rows of id, when it is to be answered, the asker's number and name, the
-- question.

local L = learner.speaking()
learner.save(L)
local ids = question.desk(L.n)
local result = { (L.mt or #ids > 0) and #ids or -1 }
for i = 1, math.min(#ids, tonumber(ARGV[6])) do
  local Q = question.load(ids[i])
  result[#result + 1] = { Q.id, Q.by, Q.n, learner.called(Q.n), Q.q }
end
return result
