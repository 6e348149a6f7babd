-- The learner follows the account. ARGV[6] thresholds, [7..11] the rule that welcomes.
-- Returns number, xp, level, level before, points given, 1 if never seen before.

return once('follow', function()
  local L = learner.load(turn.openid)
  local before = L.lv
  learner.seen(L)
  if L.on ~= 1 then redis.call('HSET', L.key, 'on', 1) end
  local given = points.award(L, points.rule(7), ARGV[6])
  if given == 0 and L.xp > 0 then points.on_board(L) end
  return { L.n, L.xp, L.lv, before, given, L.is_new and 1 or 0 }
end)
