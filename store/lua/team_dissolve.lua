-- A team is no more, in steps: of its people ARGV[7] at most are let go at a time. [6] its name, folded. Its name
-- is free, and it is off the boards, when nobody is left; what was earned for it stays in the ledger, and its
-- name for those who read that. Returns what became of it, and how many are left.

local id = team.named(ARGV[6])
if not id then return { 'unknown', 0 } end
redis.call('HSET', key('team', id), 'x', 1)
redis.call('ZREM', key('teams_open'), id)

for _, n in ipairs(redis.call('SRANDMEMBER', key('members', id), ARGV[7])) do
  team.assign(redis.call('HGET', key('learner', learner.of(n)), 'e'), nil)
end
for _, number in ipairs(redis.call('SRANDMEMBER', key('awaiting', id), ARGV[7])) do
  team.assign(number, nil)
end

local left = redis.call('SCARD', key('members', id)) + redis.call('SCARD', key('awaiting', id))
if left == 0 then
  redis.call('HDEL', key('teams'), ARGV[6])
  redis.call('HDEL', key('team', id), 'fn', 'op', 'cp')
  redis.call('HDEL', key('heads'), 't:' .. id)
  board.drop('t', id)
end
return { 'done', left }
