-- A page of what was flagged, the newest first. ARGV[6] the flag before which it begins, '' for the newest, [7]
-- how many at most.
-- Returns rows: id, number, name, kind, rule, at, detail; the numbers of a ring of praise as names.

local from = ARGV[6] == '' and '+' or '(' .. ARGV[6]
local rows = {}
for _, entry in ipairs(redis.call('XREVRANGE', key('flags'), from, '-', 'COUNT', ARGV[7])) do
  local flag = {}
  for i = 1, #entry[2], 2 do flag[entry[2][i]] = entry[2][i + 1] end
  local detail = flag.detail or ''
  if flag.kind == 'praise' then
    detail = detail:gsub('%d+', function(n)
      local name = learner.called(n)
      return name ~= '' and name or '#' .. n
    end):gsub('>', ' > ')
  end
  rows[#rows + 1] = { entry[1], flag.n, learner.called(flag.n), flag.kind, flag.rule, flag.at, detail }
end
return rows
