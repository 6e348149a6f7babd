-- Date and last line of the archive's newest file, '' both before the first.

local date, last = (redis.call('GET', key('archived')) or ''):match('^(%S+) (%S+)$')
return { date or '', last or '' }
