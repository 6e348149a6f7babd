-- The learner follows the account. ARGV[6] thresholds, [7..11] the rule that welcomes.
-- Returns number, xp, level, level before, points given, 1 if never seen before.

return once('follow', function()
  local L = learner.load(turn.openid)
  local before = L.lv
  learner.seen(L)
  if L.on ~= 1 then learner.put(L, 'on', 1) end
  local given = points.award(L, points.rule(7), ARGV[6])
  L.scored = L.xp > 0
  learner.save(L)
  return { L.n, L.xp, L.lv, before, given, L.is_new and 1 or 0 }
end)
