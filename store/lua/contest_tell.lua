-- Tells a player the result of a contest, once. ARGV[6] name, [7] number, [8] body of the reply. Returns 1 if it
-- was put into the outbox.

local told = key('contest_told', ARGV[6])
if redis.call('SETBIT', told, ARGV[7], 1) == 1 then return { 0 } end
redis.call('EXPIRE', told, 62 * 86400) -- its players are not known for longer
local put = outbox.put('contest:' .. ARGV[6] .. ':' .. ARGV[7],
  { 'kind', 'reply', 'name', 'contest', 'to', turn.openid, 'body', ARGV[8] })
return { put and 1 or 0 }
