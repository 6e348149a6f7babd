-- 补签: mends a broken streak with the freezes in hand, one for each day missed. ARGV[6] policy, [7] the working
-- days up to today.
-- Returns what became of it (mended, whole: nothing to mend, few: too few freezes), days missed, the
-- streak, freezes in hand.

return once('makeup', function()
  local L, work, policy = learner.speaking(), ARGV[7], points.policy(ARGV[6])
  local missed, length = streak.broken(L, work, policy)
  local outcome = 'whole'
  if missed > L.fz then
    outcome = 'few'
  elseif missed > 0 then
    streak.mend(L, work, policy)
    outcome = 'mended'
  end
  learner.save(L)
  return { outcome, missed, outcome == 'whole' and streak.length(L, work) or length, L.fz }
end)
