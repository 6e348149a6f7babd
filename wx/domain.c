#include "wx/domain.h"

#include "config/limits.h"
#include "wx/error.h"

#include <string.h>
#include <talloc.h>

struct wx_domain {
    char *base, *other;
    int64_t away_until; /* the base is not asked before */
};

int wx_domain_open(void *ctx, const char *base, const char *other, struct wx_domain **domain) {
    struct wx_domain *made = talloc_zero(ctx, struct wx_domain);
    if (!made)
        return WX_E_NOMEM;
    made->base = talloc_strdup(made, base);
    made->other = talloc_strdup(made, other);
    if (!made->base || !made->other) {
        talloc_free(made);
        return WX_E_NOMEM;
    }
    talloc_free(*domain);
    *domain = made;
    return 0;
}

/* What of `url` follows the base; NULL when it is not below it. */
static const char *below(const struct wx_domain *domain, const char *url) {
    size_t length = strlen(domain->base);
    return strncmp(url, domain->base, length) == 0 && url[length] == '/' ? url + length : NULL;
}

enum wx_domain_way wx_domain_way(const struct wx_domain *domain, const char *url, int64_t now) {
    if (!below(domain, url))
        return WX_DOMAIN_FOREIGN;
    return now < domain->away_until ? WX_DOMAIN_OTHER : WX_DOMAIN_BASE;
}

char *wx_domain_url(void *ctx, const struct wx_domain *domain, const char *url) {
    return talloc_asprintf(ctx, "%s%s", domain->other, below(domain, url));
}

/* When the other fails as well, the next request begins with the base again: which of the two comes
 * back first is not known, and where nothing works nothing is lost by trying. */
enum wx_domain_way wx_domain_failed(struct wx_domain *domain, enum wx_domain_way way, int64_t now) {
    domain->away_until = way == WX_DOMAIN_BASE ? now + LIMIT_HTTP_FALLBACK_MS : 0;
    return way == WX_DOMAIN_BASE ? WX_DOMAIN_OTHER : WX_DOMAIN_BASE;
}
