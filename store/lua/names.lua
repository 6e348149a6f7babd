-- The names of learners: ARGV[6] their numbers, with a comma after each. '' of who is not bound.

local names = {}
for n in ARGV[6]:gmatch('(%d+),') do
  local openid = learner.of(n)
  names[#names + 1] = openid and people.called(redis.call('HGET', key('learner', openid), 'e')) or ''
end
return names
