-- Boards: who earned how much, for ever and in the day, week and month that is now. What has been earned
-- is written beside the earner as a tally, "ALL DAY WEEK MONTH D": the four sums, and the day whose, and
-- whose week's and month's, three of them are. So a board can be left and entered again without counting
-- anything.

local board = {}

local EPOCH = 1577836800 -- 2020-01-01: the seconds of a score count from here, and last until 2088
local SECONDS = 2147483648
local KEEP = { d = 3 * 86400, w = 15 * 86400, m = 62 * 86400 }
local BACK = { d = 2, w = 2, m = 2 } -- periods that are over and may still be kept

-- The number of the week, Monday's, and of the month, year * 12 + month from 0, in which a day lies.
-- Month: http://howardhinnant.github.io/date_algorithms.html#civil_from_days
local month_of = remembered(function(day)
  local z = day + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  return (yoe + era * 400) * 12 + mp + 2
end)

local function periods(day)
  return day, math.floor((day + 3) / 7), month_of(day)
end
board.periods = periods

-- The name of the period (all, d, w, m) so many before the one that is now.
function board.period(period, back)
  if period == 'all' then return 'all' end
  local now = {}
  now.d, now.w, now.m = periods(turn.day)
  return period .. (now[period] - back)
end

-- The boards of periods that are over and may still be kept.
function board.over(kind)
  local list = {}
  for _, period in ipairs({ 'd', 'w', 'm' }) do
    for back = 1, BACK[period] do list[#list + 1] = key('board', kind .. ':' .. board.period(period, back)) end
  end
  return list
end

local function read(tally)
  local all, d, w, m, day = (tally or ''):match('^(%-?%d+) (%-?%d+) (%-?%d+) (%-?%d+) (%d+)$')
  return tonumber(all) or 0, tonumber(d) or 0, tonumber(w) or 0, tonumber(m) or 0, tonumber(day) or 0
end
board.read = read

-- The day of a tally: what has been counted into a day is never counted into one before it.
function board.day(tally)
  return tonumber((tally or ''):match('%d+$')) or 0
end

-- What a tally has of this week.
function board.of_week(tally)
  local _, _, w, _, D = read(tally)
  local _, week = periods(D)
  local _, now = periods(turn.day)
  return week == now and w or 0
end

-- Among equals the one who was there first stands higher: a score is the sum, times 2^31, and the seconds
-- that are left of the time scores last since the sum was reached (now, if not said). Sums up to 2^21 keep
-- that exact in a double, larger ones to a few seconds; and whole numbers are what Redis reads and writes
-- fastest.
function board.score(sum, since)
  return ('%d'):format(sum * SECONDS + SECONDS - 1 - ((since or turn.now) - EPOCH))
end

-- The sum a score is of, and how early it was reached: the more the earlier.
function board.sum(score)
  score = tonumber(score)
  local sum = math.floor(score / SECONDS)
  return sum, score - sum * SECONDS
end

local function place(kind, period, keep, member, sum, since)
  local at = key('board', kind .. ':' .. period)
  if sum <= 0 then return redis.call('ZREM', at, member) end
  if redis.call('ZADD', at, board.score(sum, since), member) == 1 and keep then
    redis.call('EXPIRE', at, keep)
  end
end

-- The place of a sum that was reached at `since`; one that is there already with that sum stays as it is.
function board.put(kind, period, member, sum, since)
  local score = redis.call('ZSCORE', key('board', kind .. ':' .. period), member)
  if score and board.sum(score) == sum then return end
  place(kind, period, KEEP[period:sub(1, 1)], member, sum, since)
end

-- One more period that is over: what is taken back is taken off its board, if that is still kept; what a late
-- message gives may be the first there.
local function amend(kind, period, keep, member, give)
  local at = key('board', kind .. ':' .. period)
  local score = redis.call('ZSCORE', at, member)
  if not score then return give > 0 and place(kind, period, keep, member, give) end
  if board.sum(score) + give <= 0 then return redis.call('ZREM', at, member) end
  redis.call('ZINCRBY', at, ('%d'):format(give * SECONDS), member)
end

-- Counts `give` (less than 0: takes it back) into `day`, and returns the new tally. `shown`: the member
-- stands on the boards; they are written only then.
function board.credit(kind, member, tally, day, give, shown)
  local all, d, w, m, D = read(tally)
  local _, week, month = periods(day)
  local W, M = week, month
  if D ~= day then _, W, M = periods(D) end
  member = text(tonumber(member))
  -- The sum of a period to which `day` belongs: of the tally's, of a newer one, or of one that is over.
  local function count(name, number, last, sum)
    if number < last then
      if shown then amend(kind, name .. number, KEEP[name], member, give) end
      return sum
    end
    sum = number == last and sum + give or give
    if shown then place(kind, name .. number, KEEP[name], member, sum) end
    return sum
  end
  all = all + give
  d, w, m = count('d', day, D, d), count('w', week, W, w), count('m', month, M, m)
  if shown then place(kind, 'all', nil, member, all) end
  return ('%d %d %d %d %d'):format(all, d, w, m, math.max(day, D))
end

-- … of a department or team, whose tally is kept in `tally`. A team that has been dissolved stands on no
-- board, also when something is taken back from it.
function board.credit_group(kind, id, day, give)
  local tallies, field = key('tally'), kind .. ':' .. id
  local dissolved = kind == 't' and give < 0 and redis.call('HEXISTS', key('team', id), 'x') == 1
  redis.call('HSET', tallies, field,
    board.credit(kind, id, redis.call('HGET', tallies, field), day, give, not dissolved))
end

-- When points last changed, as far as the newest lines tell.
local function last_change(L)
  for line in (L.rc or ''):gmatch('[^\n]+') do
    local at, give = line:match('^(%w+) (%-?%d+) ')
    if tonumber(give) ~= 0 then return tonumber(at, 36) end
  end
end

-- Who is shown from now on takes the places the tally gives, among equals the one they had, and those in
-- contests; who was shown before keeps theirs.
function board.enter(L)
  local all, d, w, m, D = read(L.tl)
  local member = text(L.n)
  if all <= 0 or not learner.shown(L) or redis.call('ZSCORE', key('board', 'p:all'), member) then return end
  local since = last_change(L)
  local today, week, month = periods(math.max(turn.day, D)) -- the message may be one of the day before
  local _, W, M = periods(D)
  place('p', 'all', nil, member, all, since)
  if D == today then place('p', 'd' .. D, KEEP.d, member, d, since) end
  if W == week then place('p', 'w' .. W, KEEP.w, member, w, since) end
  if M == month then place('p', 'm' .. M, KEEP.m, member, m, since) end
  contest.enter(L.n)
end

-- Off every board there is of this kind.
function board.drop(kind, member)
  redis.call('ZREM', key('board', kind .. ':all'), member)
  for _, period in ipairs({ 'd', 'w', 'm' }) do
    for back = -1, BACK[period] do -- the message may be one of the day before
      redis.call('ZREM', key('board', kind .. ':' .. board.period(period, back)), member)
    end
  end
end

-- … a person, and off those of contests.
function board.leave(n)
  board.drop('p', text(n))
  contest.leave(n)
end
