-- Teams in the order of their ids, from the one after ARGV[6] on; [7] how many ids at most are looked at. Returns
-- where to go on, 0 at the end, then team.row() of each.

local from, last = tonumber(ARGV[6]), tonumber(redis.call('GET', key('team_last'))) or 0
local to = math.min(from + tonumber(ARGV[7]), last)
local result = { to < last and to or 0 }
for id = from + 1, to do result[#result + 1] = team.row(text(id)) end
return result
