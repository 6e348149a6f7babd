-- The learner left: off the boards, and reminded no more; points and ledger stay.

return once('unfollow', function()
  local L = learner.peek(turn.openid)
  if L then
    learner.put(L, 'on', 0)
    board.leave(L.n)
    question.place(L)
    learner.save(L)
  end
  return {}
end)
