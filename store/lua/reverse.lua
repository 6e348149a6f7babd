-- Takes a change back. ARGV[6] the line of the ledger that it is, [7] the learner's number, [8] points and
-- [9] coins it gave, [10] the day, [11] department, [12] team it counts for, [13] the operator's reason.
-- Returns as points.correct(). Coins that are spent already are owed.

local NAME = 'reverse:' .. ARGV[6]

return points.correct(NAME, ARGV[7], ARGV[13], function(L)
  return points.change(L, { rule = 'reverse', subject = ARGV[6], points = -tonumber(ARGV[8]),
    coins = -tonumber(ARGV[9]), id = NAME, day = tonumber(ARGV[10]), d = ARGV[11], tm = ARGV[12] })
end)
