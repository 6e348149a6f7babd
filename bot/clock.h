#ifndef DAY21_CLOCK_H
#define DAY21_CLOCK_H

/* A time of the day as operators write it in their files: "08:30". */

#define CLOCK_EXPECTED "a time of the day as HH:MM"

/* The minute of the day, 0 to 1439; -1: not two digits, a colon and two digits, or no such time. */
int clock_minute(const char *text);

#endif
