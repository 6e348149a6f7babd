-- A contest begins, now or later. ARGV[6] name, [7] title, [8] from, [9] to, [10] kind, [11] scoring, [12] k,
-- [13] counts, [14] departments' paths or teams' names, each ended by 0x1f, or '*', [15] prizes, [16] 1 to tell the
-- players, [17] how many an account may have.
-- Returns 1, or 0 when it has been created before just so; or less than 0, and what is wrong: -1 the name
-- is taken, -2 too many, -3 that department or team there is not, -4 begins in the past, -5 there is a league.

local NAME, FROM, TO, KIND = ARGV[6], ARGV[8], ARGV[9], ARGV[10]
local PRINT = redis.sha1hex(table.concat(ARGV, '\n', 6, 16))

local function id_of(one)
  if KIND == 'd' then return redis.call('HGET', key('departments'), one) end
  local id = redis.call('HGET', key('teams'), one) or (redis.call('EXISTS', key('team', one)) == 1 and one)
  return id
end

-- The ids of who plays, or nil and the one there is not.
local function ids()
  if ARGV[14] == '*' then return '*' end
  local list = ','
  for one in ARGV[14]:gmatch('([^\31]+)\31') do
    local id = id_of(one)
    if not id then return nil, one end
    list = list .. id .. ','
  end
  return list
end

referee.due()
local before = referee.load(NAME)
if before then return { before.print == PRINT and 0 or -1, before.title } end
local count, has_league = 0, false
contest.each(function(c)
  count = count + 1
  has_league = has_league or c.kind == 'l'
end)
if count >= tonumber(ARGV[17]) then return { -2, text(count) } end
if KIND == 'l' and has_league then return { -5, '' } end
if tonumber(FROM) < turn.now then return { -4, '' } end
local who, missing = ids()
if not who then return { -3, missing } end
redis.call('HSET', key('contest', NAME), 'title', ARGV[7], 'from', FROM, 'to', TO, 'kind', KIND,
  'scoring', ARGV[11], 'k', ARGV[12], 'counts', ARGV[13], 'who', who, 'prizes', ARGV[15],
  'announce', ARGV[16], 'state', 'on', 'print', PRINT)
redis.call('ZADD', key('contest_names'), FROM, NAME)
referee.announce(referee.load(NAME))
return { 1, '' }
