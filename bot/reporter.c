#include "bot/reporter.h"

#include "bot/log.h"
#include "bot/war_report_files.h"
#include "bot/war_report_gather.h"
#include "bot/war_report_notice.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <uv.h>

#define PAUSE_MS      5000
#define PAUSE_FULL_MS 500 /* until the outbox has room again */

/* One round: is a report due, or one being told? Then either gather, draw and note it, or put it
 * into the outbox, page after page. end_round() ends it wherever it is. */
struct reporter {
    uv_loop_t *loop;
    struct store *store;
    struct account *account;
    bool busy, stopping;
    uint64_t next; /* loop time of the next round */

    /* By period: the last day of the newest that is known to be made. */
    int64_t made[WAR_REPORT_MONTH + 1];

    /* the one that is being made */
    enum war_report_period period;
    int64_t last; /* its last day */
    char picture[STORE_REPORT_PICTURE];
    void *ctx; /* what it is made of */
    const struct war_report *report;
    uv_work_t job;
    const char *problem; /* NULL: drawn */
    const char *told;    /* the problem that was logged last */

    char telling[32];
    int64_t put;
};

static struct store_turn turn_of(const struct reporter *reporter) {
    int64_t now = time(NULL);
    return (struct store_turn){
        .account = reporter->account->config->name,
        .openid = "",
        .id = "",
        .now = now,
        .day = calendar_day(reporter->account->calendar, now)->number,
    };
}

static void end_round(struct reporter *reporter, int error, uint64_t pause_ms) {
    if (error == STORE_E_REFUSED)
        log_line(LOG_ERROR, "account=%s war report: %s", reporter->account->config->name,
                 store_refusal(reporter->store));
    talloc_free(reporter->ctx);
    reporter->ctx = NULL;
    reporter->busy = false;
    reporter->next = uv_now(reporter->loop) + pause_ms;
}

static struct store_report_due due_of(const struct reporter *reporter) {
    return (struct store_report_due){
        .period = war_report_store_period(reporter->period),
        .number = war_report_number(reporter->period, reporter->last),
        .picture = reporter->picture,
    };
}

/* ---- telling ---- */

static void tell(struct reporter *reporter);

static void on_told(void *data, int error, bool more, bool full, int64_t put) {
    struct reporter *reporter = data;
    reporter->put += put;
    if (error || reporter->stopping || full) {
        end_round(reporter, error, full ? PAUSE_FULL_MS : PAUSE_MS);
        return;
    }
    if (more) {
        tell(reporter);
        return;
    }
    log_line(LOG_INFO, "account=%s war report %s: handed out (%" PRId64 " by this worker)",
             reporter->account->config->name, reporter->telling, reporter->put);
    reporter->put = 0;
    end_round(reporter, 0, 0);
}

static void tell(struct reporter *reporter) {
    struct store_turn turn = turn_of(reporter);
    store_report_tell(reporter->store, &turn, reporter->telling, on_told, reporter);
}

/* ---- making ---- */

/* The right to make it runs out, and then it is tried again. */
static void fail(struct reporter *reporter, const char *problem) {
    if (problem != reporter->told)
        log_line(LOG_ERROR, "account=%s the war report is not made: %s",
                 reporter->account->config->name, problem);
    reporter->told = problem;
    end_round(reporter, 0, PAUSE_MS);
}

static void on_made(void *data, int error, int64_t result) {
    struct reporter *reporter = data;
    const struct config *config = reporter->account->installation;
    const char *name = reporter->account->config->name;
    if (!error && result != 1) /* it took too long, and another makes it */
        war_report_files_remove(config->reports, name, reporter->picture);
    if (!error && result == 1) {
        reporter->made[reporter->period] = reporter->last;
        reporter->told = NULL;
        if (reporter->report->people_count > 0)
            log_line(LOG_INFO, "account=%s war report made: %s", name, reporter->report->when);
    }
    end_round(reporter, error, 0);
}

static void note(struct reporter *reporter) {
    const struct account *account = reporter->account;
    struct store_turn turn = turn_of(reporter);
    struct store_report_due due = due_of(reporter);
    enum store_report_how how = STORE_REPORT_NOBODY;
    const char *words = "";
    if (reporter->report->people_count > 0) {
        bool is_notice = notices_has(account->notices, NOTICE_war_report) &&
                         config_template_id(account->config, notices_name(NOTICE_war_report));
        how = is_notice ? STORE_REPORT_NOTICE : STORE_REPORT_TEXT;
        words = war_report_notice_words(reporter->ctx, account, reporter->report, reporter->last,
                                        reporter->picture);
    }
    if (words)
        store_report_made(reporter->store, &turn, &due, how, words, on_made, reporter);
    else
        fail(reporter, "out of memory");
}

/* In a thread of libuv's, which has memory of its own. */
static void draw(uv_work_t *job) {
    struct reporter *reporter = job->data;
    const struct account *account = reporter->account;
    struct picture_png png;
    void *own = talloc_new(NULL);
    reporter->problem = NULL;
    if (!own ||
        war_report_picture(own, account->copy, (uint32_t)reporter->last, reporter->report, &png))
        reporter->problem = "the picture cannot be drawn";
    else if (war_report_files_save(account->installation->reports, account->config->name,
                                   reporter->picture, &png))
        reporter->problem = strerrordesc_np(errno);
    talloc_free(own);
}

static void on_drawn(uv_work_t *job, int status) {
    struct reporter *reporter = job->data;
    if (status || reporter->problem)
        fail(reporter, status ? uv_strerror(status) : reporter->problem);
    else
        note(reporter);
}

static void on_gathered(void *data, int error, const struct war_report *report) {
    struct reporter *reporter = data;
    if (error || reporter->stopping) {
        end_round(reporter, error, PAUSE_MS);
        return;
    }
    reporter->report = report;
    if (report->people_count > 0)
        uv_queue_work(reporter->loop, &reporter->job, draw, on_drawn);
    else
        note(reporter);
}

static void make(struct reporter *reporter) {
    const struct war_report_query query = {reporter->period, reporter->last, NULL};
    reporter->ctx = talloc_new(NULL);
    if (reporter->ctx)
        war_report_gather(reporter->ctx, reporter->store, reporter->account, &query, on_gathered,
                          reporter);
    else
        fail(reporter, "out of memory");
}

/* ---- looking ---- */

static void on_due(void *data, int error, enum store_report_state state, const char *telling) {
    struct reporter *reporter = data;
    if (error || reporter->stopping) {
        end_round(reporter, error, PAUSE_MS);
        return;
    }
    if (state == STORE_REPORT_MAKE) {
        make(reporter);
        return;
    }
    if (state == STORE_REPORT_DONE && *reporter->picture)
        reporter->made[reporter->period] = reporter->last;
    if (!*telling) {
        end_round(reporter, 0, PAUSE_MS);
        return;
    }
    snprintf(reporter->telling, sizeof reporter->telling, "%s", telling);
    tell(reporter);
}

/* Finds a report that may have to be made. */
static bool find_due(struct reporter *reporter) {
    for (int i = WAR_REPORT_DAY; i <= WAR_REPORT_MONTH; i++) {
        enum war_report_period period = (enum war_report_period)i;
        int64_t last;
        if (!war_report_schedule_due(&reporter->account->config->war_report.at[i], period,
                                     reporter->account->calendar, time(NULL), &last) ||
            reporter->made[i] == last || war_report_files_name(period, last, reporter->picture))
            continue;
        reporter->period = period;
        reporter->last = last;
        return true;
    }
    *reporter->picture = '\0';
    return false;
}

void reporter_tick(struct reporter *reporter) {
    if (reporter->busy || reporter->stopping || uv_now(reporter->loop) < reporter->next ||
        !store_ready(reporter->store))
        return;
    reporter->busy = true;
    struct store_report_due due = {.period = STORE_PERIOD_ALL, .picture = ""};
    if (find_due(reporter))
        due = due_of(reporter);
    struct store_turn turn = turn_of(reporter);
    store_report_due(reporter->store, &turn, &due, on_due, reporter);
}

void reporter_stop(struct reporter *reporter) {
    reporter->stopping = true;
}

bool reporter_busy(const struct reporter *reporter) {
    return reporter->busy;
}

struct reporter *reporter_open(void *ctx, struct uv_loop_s *loop, struct store *store,
                               struct account *account) {
    struct reporter *reporter = talloc_zero(ctx, struct reporter);
    if (!reporter)
        return NULL;
    reporter->loop = loop;
    reporter->store = store;
    reporter->account = account;
    reporter->job.data = reporter;
    return reporter;
}
