-- Takes a change back. ARGV[6] the line of the ledger that it is, [7] the learner's number, [8] points and
-- [9] coins it gave, [10] the day, [11] department, [12] team it counts for, [13] the operator's reason.
-- Returns what became of it (done, again: it was done before, gone: there is no such learner), the line that
-- does it, the balances. Coins that are spent already are owed.

local NAME = 'reverse:' .. ARGV[6]
local done = redis.call('HGET', key('corrected'), NAME)
local openid = learner.of(ARGV[7])
local L = openid and learner.peek(openid)
if done then return { 'again', done:match('^%S+ (%S+)'), L and L.xp or 0, L and L.co or 0 } end
if not L then return { 'gone', '', 0, 0 } end
local line = points.change(L, { rule = 'reverse', subject = ARGV[6], points = -tonumber(ARGV[8]),
  coins = -tonumber(ARGV[9]), id = NAME, day = tonumber(ARGV[10]), d = ARGV[11], tm = ARGV[12] })
learner.save(L)
redis.call('HSET', key('corrected'), NAME, ARGV[3] .. ' ' .. line .. ' ' .. ARGV[13])
return { 'done', line, L.xp, L.co }
