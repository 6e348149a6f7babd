-- Boards: who earned how much, for ever and in the day, week and month that is now. What has been earned
-- is written beside the earner as a tally, "ALL DAY WEEK MONTH D W M": the four sums and which day, week and
-- month three of them are of. So a board can be left and entered again without counting anything.

local board = {}

local EPOCH = 1577836800 -- 2020-01-01: the fraction of a score counts from here, and lasts until 2088
local KEEP = { d = 3 * 86400, w = 15 * 86400, m = 62 * 86400 }
local BACK = { d = 2, w = 2, m = 2 } -- periods that are over and may still be kept

-- The number of the week, Monday's, and of the month, year * 12 + month from 0, in which a day lies.
-- Month: http://howardhinnant.github.io/date_algorithms.html#civil_from_days
local function periods(day)
  local z = day + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  return day, math.floor((day + 3) / 7), (yoe + era * 400) * 12 + mp + 2
end
board.periods = periods

local function read(tally)
  local all, d, w, m, day, week, month =
    (tally or ''):match('^(%-?%d+) (%-?%d+) (%-?%d+) (%-?%d+) (%d+) (%d+) (%d+)$')
  return tonumber(all) or 0, tonumber(d) or 0, tonumber(w) or 0, tonumber(m) or 0,
    tonumber(day) or 0, tonumber(week) or 0, tonumber(month) or 0
end
board.read = read

-- The day of a tally: what has been counted into a day is never counted into one before it.
function board.day(tally)
  return tonumber((tally or ''):match('(%d+) %d+ %d+$')) or 0
end

-- Among equals the one who was there first stands higher: the earlier, the larger the fraction. Whole
-- points up to 2^21 keep a fraction of 31 bits exact in a double.
local function place(kind, period, keep, member, sum, since)
  local at = key('board', kind .. ':' .. period)
  if sum <= 0 then return redis.call('ZREM', at, member) end
  local score = sum + 1 - ((since or turn.now) - EPOCH + 1) / 2147483648
  if redis.call('ZADD', at, ('%.17g'):format(score), member) == 1 and keep then
    redis.call('EXPIRE', at, keep)
  end
end

-- The place of a sum that was reached at `since`; one that is there already with that sum stays as it is.
function board.put(kind, period, member, sum, since)
  local score = redis.call('ZSCORE', key('board', kind .. ':' .. period), member)
  if score and math.floor(tonumber(score)) == sum then return end
  place(kind, period, KEEP[period:sub(1, 1)], member, sum, since)
end

-- One more period that is over: what is taken back is taken off its board, if that is still kept; what a late
-- message gives may be the first there.
local function amend(kind, period, keep, member, give)
  local at = key('board', kind .. ':' .. period)
  local score = redis.call('ZSCORE', at, member)
  if not score then return give > 0 and place(kind, period, keep, member, give) end
  if math.floor(score) + give <= 0 then return redis.call('ZREM', at, member) end
  redis.call('ZINCRBY', at, give, member)
end

-- Counts `give` (less than 0: takes it back) into `day`, and returns the new tally. `shown`: the member
-- stands on the boards; they are written only then.
function board.credit(kind, member, tally, day, give, shown)
  local all, d, w, m, D, W, M = read(tally)
  local _, week, month = periods(day)
  member = text(tonumber(member))
  all = all + give
  if day >= D then
    d = D == day and d + give or give
    w = W == week and w + give or give
    m = M == month and m + give or give
    D, W, M = day, week, month
    if shown then
      place(kind, 'd' .. D, KEEP.d, member, d)
      place(kind, 'w' .. W, KEEP.w, member, w)
      place(kind, 'm' .. M, KEEP.m, member, m)
    end
  else
    if shown then amend(kind, 'd' .. day, KEEP.d, member, give) end
    if week == W then
      w = w + give
      if shown then place(kind, 'w' .. W, KEEP.w, member, w) end
    elseif shown then
      amend(kind, 'w' .. week, KEEP.w, member, give)
    end
    if month == M then
      m = m + give
      if shown then place(kind, 'm' .. M, KEEP.m, member, m) end
    elseif shown then
      amend(kind, 'm' .. month, KEEP.m, member, give)
    end
  end
  if shown then place(kind, 'all', nil, member, all) end
  return ('%d %d %d %d %d %d %d'):format(all, d, w, m, D, W, M)
end

-- … of a department or team, whose tally is kept in `tally`. A team that has been dissolved stands on no
-- board, also when something is taken back from it.
function board.credit_group(kind, id, day, give)
  local tallies, field = key('tally'), kind .. ':' .. id
  local dissolved = kind == 't' and give < 0 and redis.call('HEXISTS', key('team', id), 'x') == 1
  redis.call('HSET', tallies, field,
    board.credit(kind, id, redis.call('HGET', tallies, field), day, give, not dissolved))
end

-- Who is shown from now on takes the places the tally gives, and those in contests; who was so before keeps
-- theirs, and since when.
function board.enter(L)
  local all, d, w, m, D, W, M = read(L.tl)
  local member = text(L.n)
  if all <= 0 or not learner.shown(L) or redis.call('ZSCORE', key('board', 'p:all'), member) then return end
  local today, week, month = periods(math.max(turn.day, D)) -- the message may be one of the day before
  place('p', 'all', nil, member, all)
  if D == today then place('p', 'd' .. D, KEEP.d, member, d) end
  if W == week then place('p', 'w' .. W, KEEP.w, member, w) end
  if M == month then place('p', 'm' .. M, KEEP.m, member, m) end
  contest.enter(L.n)
end

-- Off every board there is of this kind.
function board.drop(kind, member)
  local day, week, month = periods(turn.day + 1) -- the message may be one of the day before
  redis.call('ZREM', key('board', kind .. ':all'), member)
  for period, last in pairs({ d = day, w = week, m = month }) do
    for number = last - BACK[period] - 1, last do
      redis.call('ZREM', key('board', kind .. ':' .. period .. number), member)
    end
  end
end

-- … a person, and off those of contests.
function board.leave(n)
  board.drop('p', text(n))
  contest.leave(n)
end
