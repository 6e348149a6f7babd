-- A token that was fetched. ARGV[6] AppID, [7] fence, [8] token, [9] milliseconds of its life. Returns 1, or
-- 0 when the right to fetch has been given again since: the other's token is newer, or will be.

if redis.call('GET', key('token_fence', ARGV[6])) ~= ARGV[7] then return 0 end
redis.call('SET', key('token', ARGV[6]), ARGV[8], 'PX', ARGV[9])
redis.call('DEL', key('token_right', ARGV[6]))
return 1
