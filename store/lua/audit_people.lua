-- What Redis holds of learners, at one moment with the ledger: ARGV[6] a line of the ledger, [7] a number of
-- lines. When there are more than so many after that line they come alone; else they come with the learners
-- of the shards of `who` from [8] on, [9] of them.
-- Returns the lines, the shards and 1 if there are more lines. A shard: its first number; of each number n, xp,
-- co, tally and more, or nothing; a letter each, 1 when shown on boards; and the scores on the boards of all
-- time, of the day, week and month that is now, and of those before, each a list or nothing.

local most = tonumber(ARGV[7])
local lines = redis.call('XRANGE', key('ledger'), '(' .. ARGV[6], '+', 'COUNT', most + 1)
if #lines > most then
  lines[#lines] = nil
  return { lines, {}, 1 }
end

local _, week, month = board.periods(turn.day)
local boards = {}
for p, period in ipairs({ 'all', 'd' .. turn.day, 'w' .. week, 'm' .. month,
  'd' .. turn.day - 1, 'w' .. week - 1, 'm' .. month - 1 }) do
  local at = key('board', 'p:' .. period)
  boards[p] = redis.call('EXISTS', at) == 1 and at
end

local function shard(k)
  local numbers = {}
  for n = k * 100, k * 100 + 99 do numbers[#numbers + 1] = text(n) end
  local openids = redis.call('HMGET', key('who', text(k)), unpack(numbers))
  local people, shown, scores = {}, {}, {}
  for i = 1, 100 do
    local L = openids[i] and redis.call('HMGET', key('learner', openids[i]), 'n', 'xp', 'co', 'tl', 'e', 'on',
      'go', 'hd')
    if not L or L[1] ~= numbers[i] then L = {} end
    people[i] = L
    shown[i] = learner.shown({ e = L[5], on = tonumber(L[6] or 0), go = tonumber(L[7] or 0),
      hd = tonumber(L[8] or 0) }) and '1' or '0'
  end
  for p = 1, #boards do
    scores[p] = boards[p] and redis.call('ZMSCORE', boards[p], unpack(numbers)) or {}
  end
  return { k * 100, people, table.concat(shown), scores }
end

local shards = {}
for k = tonumber(ARGV[8]), tonumber(ARGV[8]) + tonumber(ARGV[9]) - 1 do shards[#shards + 1] = shard(k) end
return { lines, shards, 0 }
