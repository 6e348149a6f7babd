-- 加入战队. ARGV[6] the team's name, folded, or '' for none; [7] 1 when this confirms that the learner leaves
-- another team for it; [8] seconds the question stays open; [9] how many open teams are offered.
-- Returns what became of it, name, heads, the name of the learner's team before, offers.

local NAMED, CONFIRMED, OPEN, OFFERS = ARGV[6], ARGV[7] == '1', ARGV[8], tonumber(ARGV[9])

local function hear(L)
  if not L.e then return { 'unbound', '', 0, '', {} } end
  local dialogue = key('dialogue', L.openid)
  local id = CONFIRMED and (redis.call('GET', dialogue) or ''):match('^team:(%d+)$') or team.named(NAMED)
  local T, before = id and team.find(id), L.tm and team.find(L.tm)
  if not T and NAMED == '' then return { 'which', '', 0, '', team.offers(OFFERS) } end
  if not T then return { 'missing', '', 0, '', team.offers(OFFERS) } end
  if T.id == L.tm then return { 'already', T.name, team.heads(id), '', {} } end
  if not T.open then return { 'closed', T.name, 0, '', team.offers(OFFERS) } end
  if before and not before.open then return { 'fixed', before.name, 0, '', {} } end
  if before and not CONFIRMED then
    redis.call('SET', dialogue, 'team:' .. id, 'EX', OPEN)
    return { 'sure', T.name, team.heads(id), before.name, {} }
  end
  team.assign(L.e, id)
  if CONFIRMED then redis.call('DEL', dialogue) end
  return { 'joined', T.name, team.heads(id), before and before.name or '', {} }
end

return once('team_join', function()
  local L = learner.speaking()
  learner.save(L)
  return hear(L)
end)
