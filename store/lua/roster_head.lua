-- How the file of the last import was written: '' when there was none.

return redis.call('GET', key('roster_head')) or ''
