-- An operator gives, or with less than 0 takes. ARGV[6] what makes it unique, [7] the learner's number,
-- [8] points, [9] coins, [10] the reason, [11] from how many points on each level is.
-- Returns what became of it (done, again: it was done before, gone: there is no such learner, short: there is
-- not so much to take), the line of the ledger that does it, the balances.

local NAME = 'grant:' .. ARGV[6]
local done = redis.call('HGET', key('corrected'), NAME)
local openid = learner.of(ARGV[7])
local L = openid and learner.peek(openid)
if done then return { 'again', done:match('^%S+ (%S+)'), L and L.xp or 0, L and L.co or 0 } end
if not L then return { 'gone', '', 0, 0 } end
local xp, coins = tonumber(ARGV[8]), tonumber(ARGV[9])
if L.xp + xp < 0 or (coins < 0 and L.co + coins < 0) then return { 'short', '', L.xp, L.co } end
local line = points.change(L, { rule = 'grant', subject = ARGV[10], points = xp, coins = coins, id = NAME,
  day = math.max(turn.day, board.day(L.tl)), d = L.d, tm = L.tm }, points.levels(ARGV[11]))
learner.save(L)
redis.call('HSET', key('corrected'), NAME, ARGV[3] .. ' ' .. line .. ' ' .. ARGV[10])
return { 'done', line, L.xp, L.co }
