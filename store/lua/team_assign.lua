-- Employees play for teams from now on. ARGV[6] rows of KEY, id of the team ('' for none). Says how things shall
-- be, so it can be done again. Returns 'done' or why the last one that was not done was not, and how many were.

local why, count = 'done', 0
people.each(ARGV[6], function(row)
  local name, gone = unpack(redis.call('HMGET', key('employee', row[1]), 'nm', 'x'))
  if not name then
    why = 'stranger'
  elseif gone then
    why = 'gone'
  elseif row[2] ~= '' and not team.find(row[2]) then
    why = 'unknown'
  else
    team.assign(row[1], row[2] ~= '' and row[2] or nil)
    count = count + 1
  end
end)
return { why, count }
