-- The alarm: class, errcode, reason, since, count, and 1 for the one caller in ARGV[6] seconds who shall try
-- whether it is mended (never when that is 0). Nothing when there is no alarm.

local alarm, every = key('alarm'), tonumber(ARGV[6])
local row = redis.call('HMGET', alarm, 'class', 'errcode', 'reason', 'since', 'count', 'probe')
if not row[1] then return {} end
local due = every > 0 and turn.now >= tonumber(row[6])
if due then redis.call('HSET', alarm, 'probe', turn.now + every) end
row[6] = due and 1 or 0
return row
