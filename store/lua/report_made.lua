-- A war report is made. ARGV[6] period (d, w, m), [7] number, [8] picture, [9] how its readers are told (notice,
-- text), or '' when there was nobody to report of, [10] what they are told.
-- Returns 1; 0 when the right to make it has run out meanwhile.

local PERIOD, NUMBER, PICTURE, HOW = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local id, right = PERIOD .. NUMBER, key('report_right', PERIOD .. NUMBER)
if redis.call('GET', right) ~= PICTURE then return { 0 } end
redis.call('DEL', right)
redis.call('HSET', key('reports'), PERIOD, NUMBER)
if HOW ~= '' then
  redis.call('HSET', key('reports'), 'picture:' .. PERIOD, NUMBER .. ' ' .. PICTURE)
  redis.call('HSET', key('report', id), 'how', HOW, 'words', ARGV[10])
  redis.call('EXPIRE', key('report', id), 62 * 86400)
  redis.call('SADD', key('reports_told'), id)
end
return { 1 }
