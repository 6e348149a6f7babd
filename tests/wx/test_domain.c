#include "wx/domain.h"

#include "config/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <talloc.h>

#include <cmocka.h>

static const char url[] = "https://api.example/cgi-bin/token?x=1";

static struct wx_domain *open_domain(void) {
    struct wx_domain *domain = NULL;
    assert_int_equal(wx_domain_open(NULL, "https://api.example", "https://api2.example", &domain),
                     0);
    return domain;
}

static void the_base_is_used_until_it_fails_and_again_after_a_time(void **state) {
    (void)state;
    struct wx_domain *domain = open_domain();
    assert_int_equal(wx_domain_way(domain, url, 100), WX_DOMAIN_BASE);
    assert_int_equal(wx_domain_failed(domain, WX_DOMAIN_BASE, 100), WX_DOMAIN_OTHER);
    /* Others that were on their way fail, too. */
    assert_int_equal(wx_domain_failed(domain, WX_DOMAIN_BASE, 101), WX_DOMAIN_OTHER);
    assert_int_equal(wx_domain_way(domain, url, 102), WX_DOMAIN_OTHER);
    assert_int_equal(wx_domain_way(domain, url, 100 + LIMIT_HTTP_FALLBACK_MS), WX_DOMAIN_OTHER);
    assert_int_equal(wx_domain_way(domain, url, 101 + LIMIT_HTTP_FALLBACK_MS), WX_DOMAIN_BASE);
    talloc_free(domain);
}

static void when_the_other_fails_too_the_base_is_tried(void **state) {
    (void)state;
    struct wx_domain *domain = open_domain();
    wx_domain_failed(domain, WX_DOMAIN_BASE, 100);
    assert_int_equal(wx_domain_failed(domain, WX_DOMAIN_OTHER, 101), WX_DOMAIN_BASE);
    assert_int_equal(wx_domain_way(domain, url, 102), WX_DOMAIN_BASE);
    talloc_free(domain);
}

static void the_rest_of_the_url_stays(void **state) {
    (void)state;
    struct wx_domain *domain = open_domain();
    char *other = wx_domain_url(domain, domain, url);
    assert_string_equal(other, "https://api2.example/cgi-bin/token?x=1");
    talloc_free(domain);
}

static void what_is_not_below_the_base_goes_where_it_says(void **state) {
    (void)state;
    struct wx_domain *domain = open_domain();
    wx_domain_failed(domain, WX_DOMAIN_BASE, 100);
    static const char *const foreign[] = {"https://learn.example/wx/demo", "https://api.example",
                                          "https://api.example.evil/x", "http://api.example/x"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_int_equal(wx_domain_way(domain, foreign[i], 101), WX_DOMAIN_FOREIGN);
    talloc_free(domain);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_base_is_used_until_it_fails_and_again_after_a_time),
        cmocka_unit_test(when_the_other_fails_too_the_base_is_tried),
        cmocka_unit_test(the_rest_of_the_url_stays),
        cmocka_unit_test(what_is_not_below_the_base_goes_where_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
