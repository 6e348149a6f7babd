-- Something a rule is about happened. ARGV[6] policy, [7] the rule, [8] subject, [9] effort, [10] a hash of
-- the learner's words or '', [11] number of the learner it is about or '', [12] minute of the day.
-- Returns number, xp, level, level before, points given, coins, coins given, why it was not what the rule
-- says, or ''.

return once('award', function()
  local L = learner.speaking()
  local before = L.lv
  local what = { subject = ARGV[8], effort = tonumber(ARGV[9]), text = ARGV[10], peer = tonumber(ARGV[11]),
    minute = tonumber(ARGV[12]) }
  local given, coins, why = points.award(L, points.rule(ARGV[7]), what, points.policy(ARGV[6]))
  learner.save(L)
  return { L.n, L.xp, L.lv, before, given, L.co, coins, why or '' }
end)
