-- An import is done. ARGV[6] which one, [7] how its file was written, or '' when it was given up before
-- its first step. Returns 1, or 0 when it had lost the roster to another.

if not people.hold(ARGV[6]) then return 0 end
if ARGV[7] ~= '' then redis.call('SET', key('roster_head'), ARGV[7]) end
redis.call('DEL', key('roster_lock'))
return 1
