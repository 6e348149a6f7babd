#ifndef DAY21_CONFIG_H
#define DAY21_CONFIG_H

/* config/day21.yaml: how this installation is run. Relative paths are relative to the directory
 * day21 is started in. The commented example in config/ runs as it is. */

#include "bot/war_report_schedule.h"
#include "bot/workdays.h"
#include "bot/yaml.h"
#include "wx/callback.h"

#include <stdbool.h>

struct config_account {
    const char *name;  /* [a-z0-9-]{1,32}; the path below /wx/, and the tag of its keys in Redis */
    const char *title; /* how the account is called in its copy */
    const char *appid, *original_id, *token, *previous_token, *aes_key, *previous_aes_key;
    const char *mode;                     /* plain, compatible, safe */
    const char *format;                   /* xml, json; default xml */
    const char *secret_file, *secret_env; /* the AppSecret is in one of them */
    const char *secret;                   /* filled by config_secrets(), never printed */
    const char *pack;                     /* directory below `templates`, e.g. "starter" */
    const char *time_zone;                /* IANA name, default Asia/Shanghai */
    const char *calendar;                 /* NAME of <templates>/calendar/NAME.yaml, default cn */
    struct workdays_company company_days; /* rest_days, work_days; read by workdays_load() */
    const struct config_template {
        const char *notice; /* a notice of the pack's notices.yaml */
        const char *id;     /* the template_id WeChat gave this account for it */
    } * templates;
    unsigned templates_count;
    struct config_report {
        const char *day, *week, *month;                      /* default off, mon 09:00, off */
        struct war_report_schedule at[WAR_REPORT_MONTH + 1]; /* derived */
    } war_report;
    struct wx_account wx; /* derived from the above on load, keys decoded */
};

struct config {
    const char *path;
    const char *listen;              /* FastCGI: socket path (it has a "/") or host:port */
    unsigned processes;              /* serve processes on that socket, 1 to 64 */
    const char *redis;               /* likewise */
    const char *redis_password_file; /* may be NULL */
    const char *redis_password;      /* filled by config_redis_password(), never printed */
    const char *api_base;            /* default https://api.weixin.qq.com */
    const char *api_base_fallback;   /* where it is also reached; NULL: nowhere */
    const char *public_url;          /* where learners' phones reach us, no "/" at its end */
    const char *templates;           /* directory of copy and packs */
    const char *archive;             /* directory of the ledger's files; need not be there yet */
    const char *reports;             /* directory of war reports' pictures; likewise */
    unsigned timestamp_window;       /* seconds, 10 to 3600 */
    unsigned turn_deadline_ms;       /* 100 to 4800; default LIMIT_TURN_DEADLINE_MS */
    struct config_work {
        unsigned tick_ms; /* how often the worker looks for what is due, 10 to 60000 */
        /* A send without outcome for so long is another worker's to reconcile, 1 to 540: WeChat
         * knows a client_msg_id again for some 10 minutes. */
        unsigned claim_after_s;
        unsigned concurrency; /* sends in the air at once, per account, 1 to 256 */
        unsigned daily_cap;   /* reminders one learner gets in a day at most, 1 to 100 */
        unsigned ledger_days; /* days a line stays in Redis besides its file, 1 to 90 */
        /* "21:30", "08:30": no reminder in between; the same twice: none is too late */
        const char *quiet_from, *quiet_to;
        unsigned quiet_from_minute, quiet_to_minute; /* of the day, derived */
    } work;
    struct config_account *accounts;
    unsigned accounts_count;
    const struct config_account **by_name; /* the same, sorted; of config_account() */
};

/* Returns 0 or -1 with *problem (file, line, reason). Checks all that can be known without the
 * network: lengths of keys and AppIDs, two accounts of one name, one AppID or one original id,
 * times, ranges, that the packs' directories are there. The config belongs to ctx. */
int config_load(void *ctx, const char *path, struct config **config, struct yaml_problem *problem);

/* Reads the AppSecrets: only roles that call WeChat need them. A file others may read is refused.
 * What is complained about is named, its content never. */
int config_secrets(struct config *config, struct yaml_problem *problem);

/* Reads the password of Redis, if there is one; a file as above. */
int config_redis_password(struct config *config, struct yaml_problem *problem);

/* The account of this name, or NULL. */
const struct config_account *config_account(const struct config *config, const char *name,
                                            size_t length);

/* The template_id for a notice of this account, or NULL. */
const char *config_template_id(const struct config_account *account, const char *notice);

#endif
