-- The names of learners: ARGV[6] their numbers, with a comma after each. '' of who is not bound.

local names = {}
for n in ARGV[6]:gmatch('(%d+),') do
  names[#names + 1] = learner.called(n)
end
return names
