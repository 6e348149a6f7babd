-- What there is to do about war reports. ARGV[6] period (d, w, m) of one that is due, or '', [7] its number,
-- [8] the picture this process would make of it, [9] for how many milliseconds it then has the right to.
-- Returns 'make' (it has), 'wait' (somebody else has) or 'done'; and the PERIOD of a report whose readers are
-- being told, or ''.

local PERIOD, NUMBER, PICTURE = ARGV[6], ARGV[7], ARGV[8]
local state = 'done'
if PERIOD ~= '' and (tonumber(redis.call('HGET', key('reports'), PERIOD)) or 0) < tonumber(NUMBER) then
  local right = redis.call('SET', key('report_right', PERIOD .. NUMBER), PICTURE, 'NX', 'PX', ARGV[9])
  state = right and 'make' or 'wait'
end
return { state, redis.call('SRANDMEMBER', key('reports_told')) or '' }
