#include "wx/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void without_limits_all_go(void **state) {
    (void)state;
    struct wx_flow flow = {0};
    wx_flow_init(&flow, 0, 0, 0);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(wx_flow_begin(&flow, 0), WX_FLOW_GO);
    assert_int_equal(flow.in_air, 10000);
}

static void a_tenth_of_a_minute_goes_at_once_and_the_rest_one_by_one(void **state) {
    (void)state;
    struct wx_flow flow = {0};
    wx_flow_init(&flow, 600, 0, 1000);
    for (int i = 0; i < 60; i++)
        assert_int_equal(wx_flow_begin(&flow, 1000), WX_FLOW_GO);
    assert_int_equal(wx_flow_begin(&flow, 1000), 100);
    assert_int_equal(wx_flow_begin(&flow, 1030), 70);
    assert_int_equal(wx_flow_begin(&flow, 1100), WX_FLOW_GO);
    assert_int_equal(wx_flow_begin(&flow, 1100), 100);
    /* However long nothing went, no more than a tenth goes at once. */
    for (int i = 0; i < 60; i++)
        assert_int_equal(wx_flow_begin(&flow, 1000 * 1000 * 1000), WX_FLOW_GO);
    assert_int_equal(wx_flow_begin(&flow, 1000 * 1000 * 1000), 100);
}

static void over_a_minute_as_many_go_as_were_said(void **state) {
    (void)state;
    static const unsigned rates[] = {1, 7, 60, 1000, 50000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct wx_flow flow = {0};
        unsigned went = 0;
        wx_flow_init(&flow, rates[i], 0, 0);
        while (wx_flow_begin(&flow, 0) == WX_FLOW_GO)
            ;
        for (int64_t now = 0; now < 60000;) {
            int64_t wait = wx_flow_begin(&flow, now);
            went += wait == WX_FLOW_GO;
            assert_true(wait >= 0);
            now += wait;
        }
        assert_in_range(went, rates[i] - 1, rates[i]);
    }
}

static void no_more_are_in_the_air_than_were_said(void **state) {
    (void)state;
    struct wx_flow flow = {0};
    wx_flow_init(&flow, 0, 2, 0);
    assert_int_equal(wx_flow_begin(&flow, 0), WX_FLOW_GO);
    assert_int_equal(wx_flow_begin(&flow, 0), WX_FLOW_GO);
    assert_int_equal(wx_flow_begin(&flow, 0), WX_FLOW_FULL);
    wx_flow_init(&flow, 0, 3, 0); /* who is in the air stays counted */
    assert_int_equal(wx_flow_begin(&flow, 0), WX_FLOW_GO);
    assert_int_equal(wx_flow_begin(&flow, 0), WX_FLOW_FULL);
    wx_flow_end(&flow);
    assert_int_equal(wx_flow_begin(&flow, 0), WX_FLOW_GO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_limits_all_go),
        cmocka_unit_test(a_tenth_of_a_minute_goes_at_once_and_the_rest_one_by_one),
        cmocka_unit_test(over_a_minute_as_many_go_as_were_said),
        cmocka_unit_test(no_more_are_in_the_air_than_were_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
