-- Puts one message into the outbox. ARGV[6] out, [7] kind, [8] name, [9] body, [10] 1 to force.
-- Returns 1 queued, 0 was there already, -1 nobody of this openid, -2 does not follow.

local L = learner.peek(turn.openid)
if not L then return -1 end
if L.on ~= 1 then return -2 end
local put = outbox.put(ARGV[6], { 'kind', ARGV[7], 'name', ARGV[8], 'to', turn.openid, 'body', ARGV[9],
                                  'force', ARGV[10] })
return put and 1 or 0
