/* Any text as the body of a successful answer: what the typed calls read of it is whole or refused,
 * and on refusal nothing has been touched. */

#include "wx/error.h"
#include "wx/jssdk.h"
#include "wx/mass.h"
#include "wx/media.h"
#include "wx/oauth.h"
#include "wx/qrcode.h"
#include "wx/quota.h"
#include "wx/user.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds) {
    if (!holds)
        abort();
}

static void read_people(void *ctx, const char *body) {
    struct wx_user user = {0};
    struct wx_login login = {0};
    int error = wx_user_read(ctx, body, &user);
    expect(error == 0 || error == WX_E_REPLY);
    expect(error ? !user.openid : *user.openid && user.unionid && user.remark);
    int64_t sum = 0;
    for (size_t i = 0; i < user.tag_count; i++)
        sum ^= user.tags[i]; /* they are all there */
    expect(user.tag_count > 0 || sum == 0);
    error = wx_oauth_read(ctx, body, &login);
    expect(error ? !login.openid : *login.openid && login.access_token && login.unionid);
}

static void read_things(void *ctx, const char *body) {
    struct wx_qrcode qrcode = {0};
    struct wx_quota quota = {0};
    const char *media_id = NULL, *ticket = NULL;
    int64_t first = 0, second = 0;
    int error = wx_qrcode_read(ctx, body, &qrcode);
    expect(error ? !qrcode.ticket : qrcode.ticket && qrcode.url);
    error = wx_media_read(ctx, body, &media_id);
    expect(error ? !media_id : *media_id != '\0');
    error = wx_jssdk_read(ctx, body, &ticket, &first);
    expect(error ? !ticket : *ticket != '\0');
    wx_quota_read(body, &quota);
    wx_mass_read(body, &first, &second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    void *ctx = talloc_new(NULL);
    char *body = talloc_size(ctx, size + 1); /* so that reading on is noticed */
    if (size)
        memcpy(body, data, size);
    body[size] = '\0';
    read_people(ctx, body);
    read_things(ctx, body);
    talloc_free(ctx);
    return 0;
}
