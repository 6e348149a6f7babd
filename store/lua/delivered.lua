-- WeChat's word on a template message: TEMPLATESENDJOBFINISH. ARGV[6] msgid, [7] status. If we never learnt
-- what became of a send, this is how we do.

local id = redis.call('GET', key('job', ARGV[6]))
if not id then
  local L = learner.peek(turn.openid)
  local air = L and redis.call('HGET', L.key, 'air')
  local O = air and outbox.load(air)
  if not O or (O.state ~= 'air' and O.state ~= 'unknown') then return 0 end
  id = air
  outbox.state(O, 'sent', 'msgid', ARGV[6])
  redis.call('SET', key('job', ARGV[6]), id, 'EX', 2 * 86400)
end
if redis.call('EXISTS', key('out', id)) == 0 then return 0 end
redis.call('HSET', key('out', id), 'delivered', ARGV[7])
return 1
