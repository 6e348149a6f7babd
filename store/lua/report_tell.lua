-- Puts a war report into the outbox for the next who stand on the board of all time. ARGV[6] its PERIOD, [7] how
-- many learners are looked at, [8] with so many messages in the outbox it waits. By learner's number, so that
-- nobody is passed over or told twice while places change; where it has come to is noted at once.
-- Without a template WeChat lets us write to who wrote or tapped in the last 48 hours; that is surely so of who
-- was active today or yesterday.
-- Returns 'more', 'full' (later more) or 'told'; and how many were put.

local ID, MOST, FULL = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
local at = key('report', ID)
local how, teller = unpack(redis.call('HMGET', at, 'how', 'teller'))
local from, last = tonumber(teller) or 1, tonumber(redis.call('GET', key('learners'))) or 0
local to = math.min(from + MOST - 1, last)
if not how or from > last then
  redis.call('SREM', key('reports_told'), ID)
  return { 'told', 0 }
end
if redis.call('XLEN', key('outbox')) >= FULL then return { 'full', 0 } end

local function active(n)
  return redis.call('GETBIT', key('active', turn.day), n) == 1
    or redis.call('GETBIT', key('active', turn.day - 1), n) == 1
end

local numbers, put = {}, 0
for n = from, to do numbers[#numbers + 1] = text(n) end
for i, score in ipairs(redis.call('ZMSCORE', key('board', 'p:all'), unpack(numbers))) do
  local n = numbers[i]
  local openid = score and (how == 'notice' or active(n)) and learner.of(tonumber(n))
  if openid and outbox.put('war_report:' .. ID .. ':' .. openid,
    { 'kind', how, 'name', 'war_report', 'to', openid }) then
    put = put + 1
  end
end
redis.call('HSET', at, 'teller', text(to + 1))
return { 'more', put }
