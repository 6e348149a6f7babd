-- Whom a team can be made of: a page of the roster without those who have left. ARGV[6] from which place, counted
-- from 0, [7] how many at most. Returns how many it has looked at, then rows of KEY, number as it is written,
-- name, department, 1 if bound, id of the team ('' for none).

local numbers = redis.call('ZRANGE', key('roster'), ARGV[6], tonumber(ARGV[6]) + tonumber(ARGV[7]) - 1)
local rows, paths = { #numbers }, {}
for _, number in ipairs(numbers) do
  local no, name, d, gone, openid, id =
    unpack(redis.call('HMGET', key('employee', number), 'no', 'nm', 'd', 'x', 'u', 'tm'))
  if d then paths[d] = paths[d] or redis.call('HGET', key('department'), d) end
  if not gone then
    rows[#rows + 1] = { number, no or number, name or '', d and paths[d] or '', openid and 1 or 0, id or '' }
  end
end
return rows
