-- What Redis holds of departments and teams, at one moment with the ledger: ARGV[6] a line of the ledger, [7]
-- a number of lines. When there are more than so many after that line they come alone.
-- Returns the lines, rows and 1 if there are more lines. A row: "d:ID" or "t:ID", tally, then the scores on the
-- boards of all time and of the day, week and month that is now, "" where not on it; 1 if it stands on boards.

local most = tonumber(ARGV[7])
local lines = redis.call('XRANGE', key('ledger'), '(' .. ARGV[6], '+', 'COUNT', most + 1)
if #lines > most then
  lines[#lines] = nil
  return { lines, {}, 1 }
end

local rows, by_field = {}, {}
local function row_of(field)
  if not by_field[field] then
    by_field[field] = { field, '', '', '', '', '' }
    rows[#rows + 1] = by_field[field]
  end
  return by_field[field]
end

local tallies = redis.call('HGETALL', key('tally'))
for i = 1, #tallies, 2 do row_of(tallies[i])[2] = tallies[i + 1] end
local _, week, month = board.periods(turn.day)
for p, period in ipairs({ 'all', 'd' .. turn.day, 'w' .. week, 'm' .. month }) do
  for _, kind in ipairs({ 'd', 't' }) do
    local flat = redis.call('ZRANGE', key('board', kind .. ':' .. period), 0, -1, 'WITHSCORES')
    for i = 1, #flat, 2 do
      row_of(kind .. ':' .. flat[i])[2 + p] = flat[i + 1]
    end
  end
end
-- A team that has been dissolved is on none.
for _, row in ipairs(rows) do
  local id = row[1]:match('^t:(.*)$')
  row[7] = id and redis.call('HEXISTS', key('team', id), 'x') == 1 and 0 or 1
end
return { lines, rows, 0 }
