-- It is mended. Returns 1 if there was an alarm.

return redis.call('DEL', key('alarm'))
