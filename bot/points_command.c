/* day21 points VERB ACCOUNT …: the ledger, for operators. */

#include "bot/points_command.h"

static const struct verb verbs[] = {
    {"explain", "LEARNER [--days N]", 1, 3, points_explain},
    {"flags", "[--clear ID]", 0, 2, points_flags},
    {"grant", "LEARNER POINTS [COINS] --reason TEXT [--id ID]", 4, 7, points_grant},
    {"rebuild", "[--apply]", 0, 1, points_rebuild},
    {"replay", "--rules FILE [--days N]", 2, 4, points_replay},
    {"reverse", "LINE [--reason TEXT]", 1, 3, points_reverse},
    {NULL},
};

const struct command points_command = {
    .name = "points",
    .purpose = "the ledger",
    .redis = true,
    .verbs = verbs,
};
