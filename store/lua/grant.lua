-- An operator gives, or with less than 0 takes. ARGV[6] what makes it unique, [7] the learner's number,
-- [8] points, [9] coins, [10] the reason, [11] from how many points on each level is. Returns as points.correct().

local NAME = 'grant:' .. ARGV[6]
local xp, coins = tonumber(ARGV[8]), tonumber(ARGV[9])

return points.correct(NAME, ARGV[7], ARGV[10], function(L)
  if L.xp + xp < 0 or (coins < 0 and L.co + coins < 0) then return nil end
  return points.change(L, { rule = 'grant', subject = ARGV[10], points = xp, coins = coins, id = NAME,
    day = math.max(turn.day, board.day(L.tl)), d = L.d, tm = L.tm }, points.levels(ARGV[11]))
end)
