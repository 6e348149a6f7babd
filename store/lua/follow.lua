-- The learner follows the account. ARGV[6] policy, [7] the rule that welcomes, [8] minute of the day.
-- Returns number, xp, level, level before, points given, coins, coins given, 1 if never seen before.

return once('follow', function()
  local L = learner.speaking()
  local before = L.lv
  if L.on ~= 1 then
    learner.put(L, 'on', 1)
    board.enter(L)
    question.place(L)
  end
  local what = { subject = '', minute = tonumber(ARGV[8]) }
  local given, coins = points.award(L, points.rule(ARGV[7]), what, points.policy(ARGV[6]))
  learner.save(L)
  return { L.n, L.xp, L.lv, before, given, L.co, coins, L.is_new and 1 or 0 }
end)
