-- The learner left: off the boards and out of the reminders; points and ledger stay.

return once('unfollow', function()
  local L = learner.peek(turn.openid)
  if L then
    redis.call('HSET', L.key, 'on', 0)
    redis.call('ZREM', key('due'), 'streak_at_risk:' .. L.openid)
    points.off_board(L)
  end
  return {}
end)
