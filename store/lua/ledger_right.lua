-- The right to archive the ledger: one process has it at a time. ARGV[6] the fence of a right one may still
-- have, 0 for none, [7] for how many milliseconds it is given.
-- Returns the fence, 0 when somebody else has the right; date and last line of the archive's newest file,
-- '' both before the first.

local RIGHT = key('archive_right')
local holder, fence = redis.call('GET', RIGHT), ARGV[6]
if holder and holder ~= fence then return { 0, '', '' } end
if not holder then fence = text(redis.call('INCR', key('archive_fence'))) end
redis.call('SET', RIGHT, fence, 'PX', ARGV[7])
local date, last = (redis.call('GET', key('archived')) or ''):match('^(%S+) (%S+)$')
return { tonumber(fence), date or '', last or '' }
