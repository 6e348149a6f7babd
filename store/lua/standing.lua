-- How the learner stands. ARGV[6] policy, [7] the working days up to today.
-- Returns number, xp, level, streak, days checked in, 1 if checked in today, name ('' when not bound),
-- coins, freezes in hand, days missed and the streak that mending would bring back, 1 if today is a working
-- day, 1 if on leave today, 1 if left out of the boards, the day on which the plan was finished (0: not yet),
-- then the learner's newest lines, "AT POINTS COINS RULE WHY".

return once('standing', function()
  local L, work = learner.speaking(), ARGV[7]
  learner.save(L)
  local missed, mended = streak.broken(L, work, points.policy(ARGV[6]))
  local result = { L.n, L.xp, L.lv, streak.length(L, work), L.ci, L.ld == turn.day and 1 or 0,
    people.called(L.e), L.co, L.fz, missed, mended, work:byte(-1) == 49 and 1 or 0,
    streak.on_leave(L, turn.day) and 1 or 0, L.hd, L.f }
  for line in (L.rc or ''):gmatch('[^\n]+') do result[#result + 1] = line end
  return result
end)
