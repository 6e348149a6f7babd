-- The learner left: off the boards and out of the reminders; points and ledger stay.

return once('unfollow', function()
  local L = learner.peek(turn.openid)
  if L then
    learner.put(L, 'on', 0)
    learner.do_not_remind(L.n)
    board.leave(L.n)
    learner.save(L)
  end
  return {}
end)
