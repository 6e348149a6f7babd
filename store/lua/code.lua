-- A one-time code for an employee, in place of one there was; wrong tries are forgiven. ARGV[6] key,
-- [7] salt, [8] the code, [9] seconds it is good for. Only its hash is kept. Returns 1, 0 no such
-- employee, -1 one who has left.

local row = redis.call('HMGET', key('employee', ARGV[6]), 'nm', 'x')
if not row[1] then return 0 end
if row[2] then return -1 end
redis.call('SET', key('code', ARGV[6]), ARGV[7] .. ':' .. redis.sha1hex(ARGV[7] .. ':' .. ARGV[8]),
  'EX', ARGV[9])
redis.call('DEL', key('tries', 'employee:' .. ARGV[6]))
return 1
