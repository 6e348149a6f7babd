-- Ends the contests whose end has come. Returns how many, and the name of one whose players are being told its
-- result, or ''.

return { referee.due(), redis.call('SRANDMEMBER', key('contests_told')) or '' }
