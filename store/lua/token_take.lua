-- The access token, or the right to fetch it. ARGV[6] a token that WeChat refused, or '', [7] milliseconds
-- for which the right lasts, [8] milliseconds of life below which a token is renewed. Returns have, fetch or
-- wait; the token or ''; its milliseconds left; the fence of a fetch.
--
-- Looking and taking the right are one step, so there is nothing to look at again once one has it.

local token = redis.call('GET', key('token'))
if token and token == ARGV[6] then
  redis.call('DEL', key('token'))
  token = false
end
local left = token and redis.call('PTTL', key('token')) or 0
if left > tonumber(ARGV[8]) then return { 'have', token, left, 0 } end

if redis.call('EXISTS', key('token_right')) == 1 then
  return { token and 'have' or 'wait', token or '', left, 0 }
end
local fence = redis.call('INCR', key('token_fence'))
redis.call('SET', key('token_right'), fence, 'PX', ARGV[7])
return { 'fetch', token or '', left, fence }
