-- The archive has a new file, whole and read again. ARGV[6] fence, [7] its date, [8] its last line.
-- Returns 1, or 0 when the right to archive has gone to somebody else.

if redis.call('GET', key('archive_right')) ~= ARGV[6] then return 0 end
redis.call('SET', key('archived'), ARGV[7] .. ' ' .. ARGV[8])
return 1
