-- What begins, ends and tells of contests. The board of a contest that is over is not touched any more, by
-- nobody: that is the result.

local referee = {}

local KEEP_RESULT, KEEP_REST = 400 * 86400, 62 * 86400
local OF_ALL = { 'contest_board', 'contest_player', 'contest_sum', 'contest_head', 'contest_name', 'contest_told' }

-- Fields as in store/keys.h, and those of its line; nil when there is none of this name.
function referee.load(name)
  local row = redis.call('HGETALL', key('contest', name))
  if #row == 0 then return nil end
  local c = { name = name }
  for i = 1, #row, 2 do c[row[i]] = row[i + 1] end
  for _, field in ipairs({ 'from', 'to', 'k', 'ended', 'teller' }) do c[field] = tonumber(c[field]) end
  return c
end

-- The heads of listed departments, with all below them, counted anew.
local function recount(c)
  if c.kind ~= 'd' or c.who == '*' or c.scoring ~= 'h' then return end
  redis.call('DEL', key('contest_head', c.name))
  local departments = redis.call('HKEYS', key('department'))
  for _, d in ipairs(departments) do
    local bound = tonumber(redis.call('HGET', key('heads'), 'd:' .. d)) or 0
    local party = bound ~= 0 and contest.party(c, nil, d)
    if party then redis.call('HINCRBY', key('contest_head', c.name), party, text(bound)) end
  end
  contest.weigh(c)
end

function referee.recount()
  contest.each(function(c)
    if turn.now < c.to then recount(c) end
  end)
end

-- From now on it runs, or will.
function referee.announce(c)
  local list = redis.call('GET', key('contests')) or ''
  redis.call('SET', key('contests'), list .. ('%s %d %d %s %s %d %s %s\n'):format(c.name, c.from, c.to,
    c.kind, c.scoring, c.k, c.counts, c.who))
  recount(c)
end

-- It runs no more.
local function strike(name)
  local left = {}
  for line in (redis.call('GET', key('contests')) or ''):gmatch('[^\n]+\n') do
    if line:match('^[^ ]+') ~= name then left[#left + 1] = line end
  end
  if #left == 0 then return redis.call('DEL', key('contests')) end
  redis.call('SET', key('contests'), table.concat(left))
end

local function members(name, f)
  for _, id in ipairs(redis.call('HKEYS', key('contest_sum', name))) do
    f(key('contest_member', name .. ':' .. id))
  end
end

-- What stands on a board is called: of a person '' when they are not to be shown by name.
local function called(kind, id)
  if kind == 'd' then return redis.call('HGET', key('department'), id) or '' end
  if kind == 't' then return redis.call('HGET', key('team', id), 'nm') or '' end
  local openid = learner.of(id)
  local L = openid and learner.peek(openid)
  return L and learner.shown(L) and people.called(L.e) or ''
end

-- … in a contest; when it is over, as it was called then.
function referee.called(c, id)
  return c.state == 'over' and redis.call('HGET', key('contest_name', c.name), id) or called(c.kind, id)
end

-- Ends it, once. At the moment of its end it stands as it will for ever.
function referee.close(c)
  if c.state ~= 'on' then return false end
  strike(c.name)
  redis.call('HSET', key('contest', c.name), 'state', 'over', 'ended', text(math.min(turn.now, c.to)))
  if c.kind == 'l' then return true end
  redis.call('ZADD', key('contests_over'), text(math.min(turn.now, c.to)), c.name)
  if c.announce == '1' then redis.call('SADD', key('contests_told'), c.name) end
  if c.kind ~= 'p' then
    for _, id in ipairs(redis.call('HKEYS', key('contest_sum', c.name))) do
      redis.call('HSET', key('contest_name', c.name), id, called(c.kind, id))
    end
  end
  for _, noun in ipairs(OF_ALL) do redis.call('EXPIRE', key(noun, c.name), KEEP_REST) end
  redis.call('EXPIRE', key('contest_board', c.name), KEEP_RESULT)
  redis.call('EXPIRE', key('contest_name', c.name), KEEP_RESULT)
  members(c.name, function(at) redis.call('UNLINK', at) end)
  return true
end

-- Ends all whose end has come. Returns how many.
function referee.due()
  local count = 0
  contest.each(function(c)
    if turn.now >= c.to and referee.close(referee.load(c.name)) then count = count + 1 end
  end)
  return count
end

-- As if it had never been.
function referee.cancel(c)
  strike(c.name)
  members(c.name, function(at) redis.call('UNLINK', at) end)
  for _, noun in ipairs(OF_ALL) do redis.call('UNLINK', key(noun, c.name)) end
  redis.call('DEL', key('contest', c.name))
  redis.call('ZREM', key('contest_names'), c.name)
end

-- Rank from 1 and value; 0, 0 when it is not on the board.
function referee.rank(c, id)
  local at = key('contest_board', c.name)
  local rank = id and redis.call('ZREVRANK', at, id)
  if not rank then return 0, 0 end
  return rank + 1, contest.value(redis.call('ZSCORE', at, id))
end

-- Puts rows from, to (from 0) of the board into `list`: rank, id, value, name.
function referee.rows(c, from, to, list)
  local flat = redis.call('ZREVRANGE', key('contest_board', c.name), text(from), text(to), 'WITHSCORES')
  for i = 1, #flat, 2 do
    list[#list + 1] = from + (i + 1) / 2
    list[#list + 1] = tonumber(flat[i])
    list[#list + 1] = contest.value(flat[i + 1])
    list[#list + 1] = referee.called(c, flat[i])
  end
end

-- Points that are missing to overtake who stands before, whose value is `next`: equals who were first stay.
function referee.gap(c, id, own, next)
  if c.scoring ~= 'h' then return next - own + 1 end
  return math.ceil((next + 1) * math.max(contest.heads(c, id), 1) / 100) - contest.sum(c, id)
end

-- A contest as C reads it; then rows of its board up to `top`.
function referee.describe(c, top)
  local list = { c.name, c.title, c.from, c.to, c.kind, c.scoring, c.k, c.state, c.ended or 0, c.prizes or '',
    redis.call('ZCARD', key('contest_board', c.name)), redis.call('ZCARD', key('contest_player', c.name)),
    tonumber(c.announce) or 0 }
  if top > 0 then referee.rows(c, 0, top - 1, list) end
  return list
end
