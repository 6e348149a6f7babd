-- The contests of the account, the newest first. ARGV[6] how many at most. Ends those that are due.

referee.due()
local rows = {}
for i, name in ipairs(redis.call('ZREVRANGE', key('contest_names'), '0', text(tonumber(ARGV[6]) - 1))) do
  rows[i] = referee.describe(referee.load(name), 0)
end
return rows
