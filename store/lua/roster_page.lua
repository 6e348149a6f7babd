-- A page of the roster. ARGV[6] from which place, counted from 0, [7] how many at most. Returns rows of
-- key, number, name, department, manager, tail, joined, left, tags, quoting, 1 if gone, 1 if a mentor, place in
-- the file.

local rows, paths = {}, {}
local from = tonumber(ARGV[6])
local flat = redis.call('ZRANGE', key('roster'), from, from + tonumber(ARGV[7]) - 1, 'WITHSCORES')
for i = 1, #flat, 2 do
  local row = redis.call('HMGET', key('employee', flat[i]),
    'no', 'nm', 'd', 'm', 't', 'j', 'l', 'g', 'q', 'x', 'mt')
  for f = 1, 11 do row[f] = row[f] or '' end
  local id = row[3]
  if id ~= '' then
    paths[id] = paths[id] or redis.call('HGET', key('department'), id)
    row[3] = paths[id]
  end
  if row[1] == '' then row[1] = flat[i] end
  table.insert(row, 1, flat[i])
  row[13] = flat[i + 1]
  rows[#rows + 1] = row
end
return rows
