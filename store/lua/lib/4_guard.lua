-- What looks like a game played with the points is flagged for an operator: nothing is ever taken away
-- for it. A flag is raised once per learner, kind and day.

local guard = {}

local SAID = 6       -- texts that are remembered
local PARTNERS = 16  -- whom one praised in a week, remembered
local RING = 4       -- the longest ring that is looked for
local FLAGS = 10000  -- the oldest are forgotten

local function flag(L, kind, rule, detail)
  local day, kinds = (L.fg or ''):match('^(%d+):(.*)$')
  if tonumber(day) ~= turn.day then kinds = '' end
  if (',' .. kinds .. ','):find(',' .. kind .. ',', 1, true) then return end
  learner.put(L, 'fg', turn.day .. ':' .. (kinds == '' and kind or kinds .. ',' .. kind))
  redis.call('XADD', key('flags'), 'MAXLEN', '~', FLAGS, '*', 'n', text(L.n), 'kind', kind,
    'rule', rule.name, 'at', ARGV[3], 'day', ARGV[4], 'detail', detail)
end

-- So many awards within so short a time. `before`: when the one before this was.
local function burst(L, rule, before, policy)
  if policy.burst == 0 then return end
  local began, count = (L.bu or ''):match('^(%d+):(%d+)$')
  began, count = tonumber(began) or 0, tonumber(count) or 0
  if turn.now - began >= policy.burst_s then
    if not before or turn.now - before >= policy.burst_s then -- alone: nothing to remember
      if L.bu and L.bu ~= '' then learner.put(L, 'bu', '') end
      return
    end
    began, count = before, 1
  end
  count = count + 1
  learner.put(L, 'bu', began .. ':' .. count)
  if count >= policy.burst then flag(L, 'burst', rule, count .. '/' .. policy.burst_s .. 's') end
end

-- The night may go over midnight.
local function night(L, rule, minute, policy)
  local from, to = policy.night_from, policy.night_to
  if from == to or not minute then return end
  local within = from < to and minute >= from and minute < to
    or from > to and (minute >= from or minute < to)
  if within then flag(L, 'night', rule, ('%02d:%02d'):format(math.floor(minute / 60), minute % 60)) end
end

-- The same words again, by the hash the caller made of them.
local function same_text(L, rule, words, policy)
  if policy.same_text == 0 or words == '' then return end
  words = redis.sha1hex(words):sub(1, 6)
  local said, same = { words }, 1
  for before in (L.sa or ''):gmatch('%x+') do
    if #said < SAID then said[#said + 1] = before end
    if before == words then same = same + 1 end
  end
  learner.put(L, 'sa', table.concat(said, ','))
  if same >= policy.same_text then flag(L, 'same_text', rule, 'x' .. same) end
end

local function partners(week, n)
  local list = {}
  for peer, count in (redis.call('HGET', key('praise', week), n) or ''):gmatch('(%d+):(%d+)') do
    list[#list + 1] = { tonumber(peer), tonumber(count) }
  end
  return list
end

-- Points that go round: praise that comes back to who gave it, over RING people at most.
local function praise(L, rule, peer, policy)
  if policy.praise == 0 or not peer or peer == L.n then return end
  local _, week = board.periods(turn.day)
  local mine, found = partners(week, L.n), false
  for _, one in ipairs(mine) do
    if one[1] == peer then one[2], found = one[2] + 1, true end
  end
  if not found and #mine < PARTNERS then mine[#mine + 1] = { peer, 1 } end
  local rows = {}
  for _, one in ipairs(mine) do rows[#rows + 1] = one[1] .. ':' .. one[2] end
  redis.call('HSET', key('praise', week), L.n, table.concat(rows, ' '))
  redis.call('EXPIRE', key('praise', week), 21 * 86400)

  local function ring(n, path)
    for _, one in ipairs(n == L.n and mine or partners(week, n)) do
      if one[2] >= policy.praise then
        if one[1] == L.n and #path > 1 then return table.concat(path, '>') end
        local known = false
        for _, before in ipairs(path) do known = known or before == one[1] end
        if not known and #path < RING then
          path[#path + 1] = one[1]
          local round = ring(one[1], path)
          if round then return round end
          path[#path] = nil
        end
      end
    end
  end
  local round = ring(L.n, { L.n })
  if round then flag(L, 'praise', rule, round) end
end

-- Looks at something that earned points. what: as for points.award(); before: when something did last.
function guard.look(L, rule, what, before, policy)
  burst(L, rule, before, policy)
  night(L, rule, what.minute, policy)
  same_text(L, rule, what.text or '', policy)
  praise(L, rule, what.peer, policy)
end
