-- Forgets lines that were written before ARGV[6], in seconds, and are in the archive: ARGV[7] at most, as
-- this holds up everybody else. Returns how many; 0: none is left.

local before, most = ARGV[6] .. '000-0', ARGV[7]
local ms, seq = (redis.call('GET', key('archived')) or ''):match(' (%d+)%-(%d+)$')
if not ms then return 0 end
if tonumber(ms) < tonumber(ARGV[6]) * 1000 then before = ms .. '-' .. text(tonumber(seq) + 1) end
-- By whole nodes of the stream first, which costs little; what is left then is less than one.
local gone = redis.call('XTRIM', key('ledger'), 'MINID', '~', before, 'LIMIT', most)
if gone == 0 then gone = redis.call('XTRIM', key('ledger'), 'MINID', before) end
return gone
