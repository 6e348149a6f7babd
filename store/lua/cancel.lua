-- The learner does not want to answer what was asked. Returns 1 if anything was.

return once('cancel', function()
  local L = learner.load(turn.openid)
  learner.seen(L)
  learner.save(L)
  return redis.call('DEL', key('dialogue', turn.openid))
end)
