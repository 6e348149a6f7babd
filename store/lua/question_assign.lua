-- An operator gives a question to a mentor. ARGV[6] its id, [7] KEY of the employee. Returns done, unknown,
-- closed (it is not open), stranger (no such employee), nobody (not a mentor), asker, or full.

local Q = question.load(ARGV[6])
local name, openid = unpack(redis.call('HMGET', key('employee', ARGV[7]), 'nm', 'u'))
if not Q then return { 'unknown' } end
if not name then return { 'stranger' } end
if not openid then return { 'nobody' } end
return { question.assign(Q, learner.peek(openid)) }
