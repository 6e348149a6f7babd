-- The access token, or the right to fetch it. ARGV[6] AppID, [7] a token that WeChat refused, or '',
-- [8] milliseconds for which the right lasts, [9] milliseconds of life below which a token is renewed.
-- Returns have, fetch or wait; the token or ''; its milliseconds left; the fence of a fetch.
--
-- Looking and taking the right are one step, so there is nothing to look at again once one has it.

local TOKEN, RIGHT = key('token', ARGV[6]), key('token_right', ARGV[6])

local token = redis.call('GET', TOKEN)
if token and token == ARGV[7] then
  redis.call('DEL', TOKEN)
  token = false
end
local left = token and redis.call('PTTL', TOKEN) or 0
if left > tonumber(ARGV[9]) then return { 'have', token, left, 0 } end

if redis.call('EXISTS', RIGHT) == 1 then return { token and 'have' or 'wait', token or '', left, 0 } end
local fence = redis.call('INCR', key('token_fence', ARGV[6]))
redis.call('SET', RIGHT, fence, 'PX', ARGV[8])
return { 'fetch', token or '', left, fence }
