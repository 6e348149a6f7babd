-- How the learner stands. Returns number, xp, level, streak, days checked in, 1 if checked in today,
-- name ('' when not bound), then the newest ledger lines, "time points rule".

return once('standing', function()
  local L = learner.load(turn.openid, 'e')
  learner.seen(L)
  learner.save(L)
  local result = { L.n, L.xp, L.lv, learner.streak(L), L.ci, L.ld == turn.day and 1 or 0,
    people.called(L.e) }
  for _, line in ipairs(redis.call('LRANGE', key('recent', L.openid), 0, 4)) do
    result[#result + 1] = line
  end
  return result
end)
