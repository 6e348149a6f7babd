#include "bot/clock.h"

#include <string.h>

int clock_minute(const char *text) {
    static const char most[] = "29:59";
    if (strlen(text) != 5)
        return -1;
    for (int i = 0; i < 5; i++)
        if (text[i] < (i == 2 ? ':' : '0') || text[i] > most[i])
            return -1;
    int hour = (text[0] - '0') * 10 + (text[1] - '0');
    return hour < 24 ? hour * 60 + (text[3] - '0') * 10 + (text[4] - '0') : -1;
}
