-- WeChat refuses the account as such. ARGV[6] class, [7] errcode, [8] reason, [9] seconds until the first
-- probe. Returns 1 when that is new.

local alarm = key('alarm')
local before = redis.call('HGET', alarm, 'errcode')
if not before then redis.call('HSET', alarm, 'since', turn.now, 'probe', turn.now + tonumber(ARGV[9])) end
redis.call('HSET', alarm, 'class', ARGV[6], 'errcode', ARGV[7], 'reason', ARGV[8])
redis.call('HINCRBY', alarm, 'count', 1)
return before == ARGV[7] and 0 or 1
