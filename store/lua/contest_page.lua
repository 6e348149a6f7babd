-- The next players of a contest that is over who may be told its result. ARGV[6] name, [7] how many are looked
-- at. WeChat lets us write to who wrote or tapped in the last 48 hours; that is surely so of who was active
-- today or yesterday.
-- Returns where the page after this one begins, '' after the last; the contest and its first three; then rows
-- of number, openid, department or team they play for, rank, value, points of their own.

local c, MOST = referee.load(ARGV[6]), tonumber(ARGV[7])
local function active(n)
  return redis.call('GETBIT', key('active', turn.day), n) == 1
    or redis.call('GETBIT', key('active', turn.day - 1), n) == 1
end

local from = c.teller or 0
local players = redis.call('ZRANGE', key('contest_player', c.name), text(from), text(from + MOST - 1), 'WITHSCORES')
local result = { #players == 2 * MOST and text(from + MOST) or '', referee.describe(c, 3) }
for i = 1, #players, 2 do
  local n = players[i]
  local openid = active(n) and redis.call('GETBIT', key('contest_told', c.name), n) == 0 and learner.of(tonumber(n))
  local L = openid and learner.peek(openid)
  if L and L.on == 1 then
    local party = contest.party(c, L.n, L.d, L.tm)
    local rank, value = referee.rank(c, party)
    result[#result + 1] = { L.n, openid, c.kind ~= 'p' and party and referee.called(c, party) or '', rank, value,
      math.floor(tonumber(players[i + 1])) }
  end
end
return result
