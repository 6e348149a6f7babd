/* store/health.h against a real Redis. */

#include "store/health.h"

#include "tests/fixture/redis.h"

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct store_health got;
static char version[32], fsync_text[32], policy[32];

static void on_health(void *data, int error, const struct store_health *health) {
    (void)data;
    fixture_done(error);
    if (!health)
        return;
    got = *health;
    snprintf(version, sizeof version, "%s", health->version);
    snprintf(fsync_text, sizeof fsync_text, "%s", health->fsync);
    snprintf(policy, sizeof policy, "%s", health->policy);
}

static void look(void) {
    fixture.called = false;
    store_health(fixture.store, on_health, NULL);
    if (!fixture.called)
        fixture_wait();
}

static void its_settings_are_told(void **state) {
    (void)state;
    redis_say(&fixture.redis, "CONFIG SET appendonly yes");
    redis_say(&fixture.redis, "CONFIG SET appendfsync always");
    redis_say(&fixture.redis, "CONFIG SET maxmemory-policy noeviction");
    redis_say(&fixture.redis, "CONFIG SET maxmemory 500mb");
    redis_say(&fixture.redis, "CONFIG SET hash-max-listpack-value 1000");
    redis_say(&fixture.redis, "CONFIG SET set-max-intset-entries 8000");
    look();
    assert_int_equal(fixture.error, 0);
    assert_non_null(strchr(version, '.'));
    assert_true(got.appendonly);
    assert_true(got.written);
    assert_string_equal(fsync_text, "always");
    assert_string_equal(policy, "noeviction");
    assert_int_equal(got.most_memory, 500 << 20);
    assert_int_equal(got.packed[1], 1000);
    assert_int_equal(got.packed[3], 8000);
    assert_true(got.memory > 0 && got.memory < got.most_memory);
    assert_true(got.machine > got.memory);
    assert_true(got.saved);
    assert_false(got.lax);
}

static void settings_that_lose_data_are_told(void **state) {
    (void)state;
    redis_say(&fixture.redis, "CONFIG SET appendonly no");
    redis_say(&fixture.redis, "CONFIG SET appendfsync everysec");
    redis_say(&fixture.redis, "CONFIG SET no-appendfsync-on-rewrite yes");
    redis_say(&fixture.redis, "CONFIG SET maxmemory-policy allkeys-lru");
    look();
    assert_int_equal(fixture.error, 0);
    assert_false(got.appendonly);
    assert_string_equal(fsync_text, "everysec");
    assert_true(got.lax);
    assert_string_equal(policy, "allkeys-lru");
}

static void a_snapshot_that_fails_is_told(void **state) {
    (void)state;
    char in_the_way[96];
    snprintf(in_the_way, sizeof in_the_way, "%s/dump.rdb", fixture.redis.directory);
    assert_int_equal(mkdir(in_the_way, 0700), 0);
    redis_say(&fixture.redis, "BGSAVE");
    for (int tries = 200; tries > 0 && got.saved; tries--) {
        usleep(50000);
        look();
    }
    assert_false(got.saved);
}

static void a_redis_that_does_not_tell_its_settings_is_an_answer(void **state) {
    (void)state;
    redis_say(&fixture.redis, "ACL SETUSER default -config");
    look();
    redis_say(&fixture.redis, "ACL SETUSER default +@all");
    assert_int_equal(fixture.error, 0);
    assert_string_equal(fsync_text, "");
    assert_int_equal(got.packed[1], 0);
    assert_string_equal(policy, "allkeys-lru");
}

static void a_redis_that_is_gone_is_told(void **state) {
    (void)state;
    redis_server_kill(&fixture.redis);
    fixture_wait_ready(false);
    look();
    assert_int_equal(fixture.error, STORE_E_AWAY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_settings_are_told),
        cmocka_unit_test(settings_that_lose_data_are_told),
        cmocka_unit_test(a_snapshot_that_fails_is_told),
        cmocka_unit_test(a_redis_that_does_not_tell_its_settings_is_an_answer),
        cmocka_unit_test(a_redis_that_is_gone_is_told),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
