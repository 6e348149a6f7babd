#include "store/league.h"

#include "store/redis.h"

static void on_league(redis_then *then, void *data, int error, const struct answer *answer) {
    enum { HEAD = 11, ROW = 3 };
    struct store_league league = {0};
    if (!error) {
        league.is_on = answer_integer(answer, 0) != 0;
        league.number = answer_integer(answer, 1);
        league.shown = answer_integer(answer, 2) != 0;
        league.tier = (unsigned)answer_integer(answer, 3);
        league.rank = answer_integer(answer, 4);
        league.points = answer_integer(answer, 5);
        league.total = answer_integer(answer, 6);
        league.up = answer_integer(answer, 7);
        league.down = answer_integer(answer, 8);
        league.last_rank = answer_integer(answer, 9);
        league.last_tier = (unsigned)answer_integer(answer, 10);
        for (size_t i = HEAD; i + ROW <= answer_count(answer); i += ROW) {
            if (league.count == STORE_LEAGUE_ROWS)
                break;
            league.rows[league.count].number = answer_integer(answer, i);
            league.rows[league.count].points = answer_integer(answer, i + 1);
            league.rows[league.count].name = answer_text(answer, i + 2);
            league.count++;
        }
    }
    ((store_league_done *)then)(data, error, error ? NULL : &league);
}

void store_league(struct store *store, const struct store_turn *turn, store_league_done *done,
                  void *data) {
    struct redis_args args;
    args_begin(&args, turn);
    args_integer(&args, STORE_LEAGUE_ROWS);
    redis_run(store, "league_mine", turn->account, &args, on_league, (redis_then *)done, data);
}
