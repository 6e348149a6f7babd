-- How many numbers have been given to learners.

return tonumber(redis.call('GET', key('learners')) or 0)
