#ifndef DAY21_BOARD_WORDS_H
#define DAY21_BOARD_WORDS_H

/* Which board a text asks for, and what a board is called: 部门周榜, 战队月榜, 上周榜. A board's
 * name, sent as a text, asks for that board, so names are what links say. */

#include "store/board.h"

/* Reads a text as keywords_fold() leaves it; `query` gets kind, period, back, up and per_head. What
 * the text does not say is the persons' board of this week, where a newcomer has a chance. */
void board_words_read(const char *folded, struct store_board_query *query);

/* Room for a name. */
#define BOARD_WORDS_NAME 48
void board_words_name(const struct store_board_query *query, char name[BOARD_WORDS_NAME]);

/* The end of the name, which says of when it is: 周榜, 上月榜. */
const char *board_words_period(const struct store_board_query *query);

#endif
