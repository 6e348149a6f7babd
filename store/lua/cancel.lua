-- The learner does not want to answer what was asked. Returns 1 if anything was.

return once('cancel', function()
  local L = learner.speaking()
  learner.save(L)
  return redis.call('DEL', key('dialogue', turn.openid))
end)
