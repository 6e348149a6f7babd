-- Who plays for a team. ARGV[6] its name, folded, [7] from which place, counted from 0, [8] how many at most.
-- Returns team.row(), then rows of KEY, number as it is written, name, 1 if bound, points this week: first
-- those who are bound, by number of learner, then the others. Nothing if there is no such team.

local id = team.named(ARGV[6])
local head = id and team.row(id)
if not head then return {} end
local members = redis.call('SMEMBERS', key('members', id))
for i, n in ipairs(members) do members[i] = tonumber(n) end
table.sort(members)
local awaiting = redis.call('SMEMBERS', key('awaiting', id))
table.sort(awaiting)

local result, from = { head }, tonumber(ARGV[7])
for i = from + 1, math.min(from + tonumber(ARGV[8]), #members + #awaiting) do
  local n, number, points = members[i], awaiting[i - #members], 0
  if n then
    local e, tl = unpack(redis.call('HMGET', key('learner', learner.of(n)), 'e', 'tl'))
    number, points = e, board.of_week(tl)
  end
  local no, name = unpack(redis.call('HMGET', key('employee', number), 'no', 'nm'))
  result[#result + 1] = { number, no or number, name or '', n and 1 or 0, points }
end
return result
