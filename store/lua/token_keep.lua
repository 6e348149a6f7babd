-- A token that was fetched. ARGV[6] fence, [7] token, [8] milliseconds of its life. Returns 1, or 0 when the
-- right to fetch has been given again since: the other's token is newer, or will be.

if redis.call('GET', key('token_fence')) ~= ARGV[6] then return 0 end
redis.call('SET', key('token'), ARGV[7], 'PX', ARGV[8])
redis.call('DEL', key('token_right'))
return 1
