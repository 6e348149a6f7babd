-- 退出排行 and 参加排行: whether the learner stands on the boards. ARGV[6] 1 to stand there.
-- Returns 1 if that is new, and 1 if the learner is bound.

return once('show', function()
  local L = learner.speaking()
  local hidden = ARGV[6] == '1' and 0 or 1
  local changed = L.hd ~= hidden
  learner.put(L, 'hd', hidden)
  if hidden == 1 then board.leave(L.n) else board.enter(L) end
  learner.save(L)
  return { changed and 1 or 0, L.e and 1 or 0 }
end)
