-- The learner left: off the boards and out of the reminders; points and ledger stay.

return once('unfollow', function()
  local L = learner.peek(turn.openid)
  if L then
    learner.put(L, 'on', 0)
    redis.call('ZREM', key('due'), 'streak_at_risk:' .. L.openid)
    board.leave(L.n)
    learner.save(L)
  end
  return {}
end)
