-- Nothing was fetched. ARGV[6] fence. Returns 1, or 0 when the right to fetch was somebody else's already.

if redis.call('GET', key('token_right')) ~= ARGV[6] then return 0 end
return redis.call('DEL', key('token_right'))
