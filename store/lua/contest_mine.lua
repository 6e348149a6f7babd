-- 竞赛: the contests in which the learner plays, and the result of the last that is over.
-- Returns number; 1 if the learner stands on boards; then one list each: the contest as of
-- referee.describe(), then what the learner plays for there: its id, name, rank, value, points missing to overtake
-- who stands before, their name, points of the learner's own. Of one that is over its first three follow.

local function own_of(c, L)
  local party = contest.party(c, L.n, L.d, L.tm)
  if not party then return nil end
  local rank, value = referee.rank(c, party)
  local own = redis.call('ZSCORE', key('contest_player', c.name), text(L.n))
  local row = { party, referee.called(c, party), rank, value, 0, '', math.floor(tonumber(own) or 0) }
  if rank > 1 and c.state == 'on' then
    local ahead = {}
    referee.rows(c, rank - 2, rank - 2, ahead)
    row[5], row[6] = referee.gap(c, party, value, ahead[3]), ahead[4]
    row[8] = ahead[2]
  end
  row[8] = row[8] or 0
  return row
end

local function add(result, c, L)
  local own = own_of(c, L)
  if not own then return end
  local list = referee.describe(c, 0)
  for i = 1, 8 do list[#list + 1] = own[i] end
  if c.state == 'over' then referee.rows(c, 0, 2, list) end
  result[#result + 1] = list
end

return once('contests', function()
  local L = learner.speaking()
  learner.save(L)
  referee.due()
  local result = { L.n, learner.shown(L) and 1 or 0 }
  contest.each(function(c)
    if c.kind ~= 'l' then add(result, referee.load(c.name), L) end
  end)
  local last = redis.call('ZREVRANGE', key('contests_over'), '0', '0')[1]
  if last then add(result, referee.load(last), L) end
  return result
end)
