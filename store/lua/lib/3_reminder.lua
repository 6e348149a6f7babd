-- Reminders: whom to look at, and when. What is kept is a moment, a minute of a day, and the numbers of
-- those whose minute it is, as small a set as Redis has. A reminder that has become untrue stays where it is
-- until its moment, since nothing says where it is: whoever ripens it asks whether it is still true.

local reminder = {}

-- The learner is to be looked at in the minute of that second.
function reminder.put(notice, n, at)
  local moment = notice .. ':' .. text(turn.day) .. ':' .. text(math.ceil(at / 60))
  redis.call('SADD', key('reminder', moment), text(n))
  redis.call('ZADD', key('reminders'), text(at), moment)
end

-- Calls ripe[notice](number, day it was made on) for those whose moment has come, `most` at most, each
-- once. Returns how many they were.
function reminder.ripen(most, ripe)
  local count = 0
  while count < most do
    local moment = redis.call('ZRANGE', key('reminders'), '-inf', turn.now, 'BYSCORE', 'LIMIT', 0, 1)[1]
    if not moment then break end
    local notice, day = moment:match('^(.*):(%d+):%d+$')
    local asked = most - count
    local numbers = redis.call('SPOP', key('reminder', moment), asked)
    if #numbers < asked then redis.call('ZREM', key('reminders'), moment) end
    for _, n in ipairs(numbers) do ripe[notice](tonumber(n), tonumber(day)) end
    count = count + #numbers
  end
  return count
end
