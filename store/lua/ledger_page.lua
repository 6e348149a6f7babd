-- A page of the ledger, the oldest first. ARGV[6] the line after which it begins, '0-0' for the first of
-- all, [7] seconds before which its lines were written, '' for any, [8] how many at most, [9] the fence of
-- the right to archive, 0 without, [10] for how many milliseconds that right goes on.
-- Returns 1, or 0 when the right has gone to somebody else; then the lines, id and fields each.

local fence = tonumber(ARGV[9])
if fence > 0 then
  if redis.call('GET', key('archive_right')) ~= ARGV[9] then return { 0 } end
  redis.call('PEXPIRE', key('archive_right'), ARGV[10])
end
local before = '+'
if ARGV[7] ~= '' then before = '(' .. ARGV[7] .. '000-0' end
return { 1, redis.call('XRANGE', key('ledger'), '(' .. ARGV[6], before, 'COUNT', ARGV[8]) }
