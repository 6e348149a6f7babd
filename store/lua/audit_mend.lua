-- Puts right what the ledger says is wrong. ARGV[6] the last line of the ledger it was found by: if there is
-- another by now nothing is done. [7] rows with cells that end with 0x1f, rows with 0x1e:
--   p, number, xp, co, tally, and of each of the boards of audit_people.lua sum and time (when it was reached)
--   d or t, id, tally, and of each of the boards of audit_groups.lua the same
-- Returns 1, or 0 when the ledger has gone on.

local last = redis.call('XREVRANGE', key('ledger'), '+', '-', 'COUNT', 1)[1]
if (last and last[1] or ARGV[6]) ~= ARGV[6] then return 0 end

local _, week, month = board.periods(turn.day)
local PERIODS = { 'all', 'd' .. turn.day, 'w' .. week, 'm' .. month,
  'd' .. turn.day - 1, 'w' .. week - 1, 'm' .. month - 1 }

-- The places of a row whose boards begin with cell `at`.
local function places(kind, member, cells, at, shown)
  for p, period in ipairs(PERIODS) do
    local sum, reached = cells[at + 2 * p - 2], cells[at + 2 * p - 1]
    if not sum then return end
    board.put(kind, period, member, shown and tonumber(sum) or 0, tonumber(reached))
  end
end

local function person(cells)
  local n = tonumber(cells[2])
  local openid = learner.of(n)
  local L = openid and learner.peek(openid)
  if not L or L.n ~= n then return places('p', cells[2], cells, 6, false) end
  if L.xp ~= tonumber(cells[3]) then learner.put(L, 'xp', cells[3]) end
  if L.co ~= tonumber(cells[4]) then learner.put(L, 'co', cells[4]) end
  if (L.tl or '') ~= cells[5] then learner.put(L, 'tl', cells[5]) end
  learner.save(L)
  places('p', cells[2], cells, 6, learner.shown(L))
end

people.each(ARGV[7], function(cells)
  if cells[1] == 'p' then return person(cells) end
  redis.call('HSET', key('tally'), cells[1] .. ':' .. cells[2], cells[3])
  local dissolved = cells[1] == 't' and redis.call('HEXISTS', key('team', cells[2]), 'x') == 1
  places(cells[1], cells[2], cells, 4, not dissolved)
end)
return 1
