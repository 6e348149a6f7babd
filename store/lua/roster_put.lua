-- Writes employees as a file has them. ARGV[6] which import, [7] rows of key, number, name, department,
-- manager, tail, joined, left, tags, quoting, 1 if gone, 1 if a mentor, place in the file. Doing it again
-- changes nothing, so an import that was killed is simply run again: no memo. Returns how many, or -1.

if not people.hold(ARGV[6]) then return -1 end
local FIELDS = { 'no', 'nm', 'd', 'm', 't', 'j', 'l', 'g', 'q', 'x', 'mt' }
return people.each(ARGV[7], function(row)
  local number = table.remove(row, 1)
  local at = key('employee', number)
  if row[1] == number then row[1] = '' end
  row[3] = people.department(row[3])
  if row[10] == '1' then people.leave(number) else row[10] = '' end
  local set, unset = {}, {}
  for i, field in ipairs(FIELDS) do
    if row[i] == '' then
      unset[#unset + 1] = field
    else
      set[#set + 1], set[#set + 2] = field, row[i]
    end
  end
  if #set > 0 then redis.call('HSET', at, unpack(set)) end
  if #unset > 0 then redis.call('HDEL', at, unpack(unset)) end
  local openid = redis.call('HGET', at, 'u')
  if openid then
    people.place(openid, row[3])
    people.name(openid, row[2])
    question.place_at(openid, row[11] ~= '')
  end
  redis.call('ZADD', key('roster'), row[12], number)
end)
