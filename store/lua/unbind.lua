-- The learner wants to be bound no more. ARGV[6] 1 when this is the confirmation, [7] seconds the
-- question stays open. Returns what became of it, a name or ''.

return once('unbind', function()
  local L = learner.speaking()
  learner.save(L)
  if not L.e then return { 'unbound', '' } end
  local dialogue, name = key('dialogue', L.openid), people.called(L.e)
  if ARGV[6] ~= '1' or redis.call('GET', dialogue) ~= 'unbind' then
    redis.call('SET', dialogue, 'unbind', 'EX', ARGV[7])
    return { 'sure', name }
  end
  people.unbind(L.openid)
  redis.call('DEL', dialogue)
  return { 'done', name }
end)
