-- One outgoing message: state, error, reason, tries, delivered; nothing when there is none. ARGV[6] out.

local row = redis.call('HMGET', key('out', ARGV[6]), 'state', 'error', 'reason', 'tries', 'delivered')
if not row[1] then return {} end
for i = 2, 5 do row[i] = row[i] or '' end
return row
