-- 退出战队. ARGV[6] 1 when this is the confirmation, [7] seconds the question stays open, [8] how many open teams
-- are offered to who has none. Returns what became of it, name, heads, '', offers.

local CONFIRMED, OPEN, OFFERS = ARGV[6] == '1', ARGV[7], tonumber(ARGV[8])

return once('team_leave', function()
  local L = learner.speaking()
  learner.save(L)
  local T = L.tm and team.find(L.tm)
  if not L.e then return { 'unbound', '', 0, '', {} } end
  if not T then return { 'none', '', 0, '', team.offers(OFFERS) } end
  if not T.open then return { 'fixed', T.name, 0, '', {} } end
  local dialogue = key('dialogue', L.openid)
  if not CONFIRMED or redis.call('GET', dialogue) ~= 'team' then
    redis.call('SET', dialogue, 'team', 'EX', OPEN)
    return { 'leave', T.name, team.heads(T.id), '', {} }
  end
  team.assign(L.e, nil)
  redis.call('DEL', dialogue)
  return { 'left', T.name, team.heads(T.id), '', team.offers(OFFERS) }
end)
