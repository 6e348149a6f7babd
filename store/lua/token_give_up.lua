-- Nothing was fetched. ARGV[6] AppID, [7] fence. Returns 1, or 0 when the right to fetch it was somebody
-- else's already.

local RIGHT = key('token_right', ARGV[6])
if redis.call('GET', RIGHT) ~= ARGV[7] then return 0 end
return redis.call('DEL', RIGHT)
