-- What Redis holds of learners, at one moment with the ledger: ARGV[6] a line of the ledger, [7] a number of
-- lines. When there are more than so many after that line they come alone; else they come with the learners
-- of the shards of `who` from [8] on, [9] of them.
-- Returns the lines, rows and 1 if there are more lines. A row: number, 1 if there is such a learner, 1 if shown on boards, xp, co, tally,
-- then the points on the boards of all time and of the day, week and month that is now, and of those before,
-- "" where not on it.

local most = tonumber(ARGV[7])
local lines = redis.call('XRANGE', key('ledger'), '(' .. ARGV[6], '+', 'COUNT', most + 1)
if #lines > most then
  lines[#lines] = nil
  return { lines, {}, 1 }
end

local _, week, month = board.periods(turn.day)
local PERIODS = { 'all', 'd' .. turn.day, 'w' .. week, 'm' .. month,
  'd' .. turn.day - 1, 'w' .. week - 1, 'm' .. month - 1 }

local rows = {}
local function shard(first)
  local numbers = {}
  for n = first, first + 99 do numbers[#numbers + 1] = text(n) end
  local openids = redis.call('HMGET', key('who', text(first / 100)), unpack(numbers))
  local scores = {}
  for p, period in ipairs(PERIODS) do
    scores[p] = redis.call('ZMSCORE', key('board', 'p:' .. period), unpack(numbers))
  end
  for i = 1, 100 do
    local row, known = { numbers[i], 0, 0, '', '', '' }, false
    local L = openids[i] and redis.call('HMGET', key('learner', openids[i]), 'n', 'xp', 'co', 'tl', 'e', 'on',
      'go', 'hd')
    if L and L[1] == numbers[i] then
      known = true
      row[2] = 1
      row[3] = learner.shown({ e = L[5], on = tonumber(L[6]), go = tonumber(L[7]), hd = tonumber(L[8]) })
        and 1 or 0
      row[4], row[5], row[6] = L[2] or '', L[3] or '', L[4] or ''
    end
    for p = 1, #PERIODS do
      local score = scores[p][i]
      if score then known = true end
      row[6 + p] = score and text(math.floor(tonumber(score))) or ''
    end
    if known then rows[#rows + 1] = row end
  end
end

local from = tonumber(ARGV[8])
for k = from, from + tonumber(ARGV[9]) - 1 do shard(k * 100) end
return { lines, rows, 0 }
