#include "wx/error.h"

#include <stddef.h>

static const struct {
    int error, status;
    const char *text;
} errors[] = {
#define X(name, value, status, text) {WX_E_##name, status, text},
    WX_ERRORS(X)
#undef X
};

const char *wx_error_text(int error) {
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].error == error)
            return errors[i].text;
    return error == 0 ? "no error" : "unknown error";
}

int wx_error_status(int error) {
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].error == error)
            return errors[i].status;
    return error == 0 ? 200 : 500;
}

/* WeChat's errcodes whose class is not PAYLOAD. What is wrong with a payload has hundreds of codes,
 * and one more of them each year: they share the class of what we have never heard of. */
static const struct {
    int errcode;
    enum wx_class klass;
} classes[] = {
    {0, WX_CLASS_OK},
    {-1, WX_CLASS_BUSY},

    {40001, WX_CLASS_TOKEN}, /* invalid credential */
    {40014, WX_CLASS_TOKEN}, /* invalid access_token */
    {42001, WX_CLASS_TOKEN}, /* access_token expired */

    {10003, WX_CLASS_CONFIG}, /* a login may not return to this domain */
    {40013, WX_CLASS_CONFIG}, /* AppID */
    {40125, WX_CLASS_CONFIG}, /* AppSecret */
    {40164, WX_CLASS_CONFIG}, /* our address is not in the account's IP allow list */
    {40243, WX_CLASS_CONFIG}, /* AppSecret frozen */
    {41002, WX_CLASS_CONFIG}, /* no AppID */
    {41004, WX_CLASS_CONFIG}, /* no AppSecret */
    {61451, WX_CLASS_CONFIG}, /* invalid parameter of the account's authorisation */
    {89503, WX_CLASS_CONFIG}, /* the address needs the administrator's confirmation */
    {89506, WX_CLASS_CONFIG}, /* refused twice, for 24 hours */
    {89507, WX_CLASS_CONFIG}, /* refused, for an hour */

    {45009, WX_CLASS_QUOTA}, /* of the day */
    {45011, WX_CLASS_QUOTA}, /* of the minute */
    {45028, WX_CLASS_QUOTA}, /* mass sends */
    {45066, WX_CLASS_QUOTA}, /* one clientmsgid again within a minute */
    {48006, WX_CLASS_QUOTA}, /* clear_quota itself */

    {40003, WX_CLASS_RECIPIENT}, /* openid */
    {43004, WX_CLASS_RECIPIENT}, /* does not follow */
    {43019, WX_CLASS_RECIPIENT}, /* on the account's blacklist */
    {43101, WX_CLASS_RECIPIENT}, /* subscription notice refused or used up */
    {45015, WX_CLASS_RECIPIENT}, /* outside the 48 hours in which one may answer */
    {45047, WX_CLASS_RECIPIENT}, /* so many customer-service messages for this one person */
    {45080, WX_CLASS_RECIPIENT}, /* not typed to who has not written lately */
    {45081, WX_CLASS_RECIPIENT}, /* nor twice */
    {49003, WX_CLASS_RECIPIENT}, /* openid of another account */
    {50005, WX_CLASS_RECIPIENT}, /* does not follow */

    {40200, WX_CLASS_PERMISSION}, /* not for this type of account */
    {48001, WX_CLASS_PERMISSION}, /* no right to this API */
    {48008, WX_CLASS_PERMISSION}, /* no right to this kind of message */
    {50002, WX_CLASS_PERMISSION}, /* account restricted */

    {40029, WX_CLASS_LOGIN}, /* code invalid */
    {40163, WX_CLASS_LOGIN}, /* code used */
    {42003, WX_CLASS_LOGIN}, /* code expired */

    {45065, WX_CLASS_REPEATED}, /* clientmsgid exists */
};

/* A login that failed is begun again by the person; a message nobody can be given, or that WeChat
 * will not have, is not sent again. */
static const struct wx_policy policies[] = {
    [WX_CLASS_OK] = {WX_NEXT_DONE, .severity = WX_SEVERITY_INFO},
    [WX_CLASS_REPEATED] = {WX_NEXT_DONE, .severity = WX_SEVERITY_INFO},
    [WX_CLASS_BUSY] = {WX_NEXT_AGAIN, .bounded = true, .severity = WX_SEVERITY_WARNING},
    [WX_CLASS_TOKEN] = {WX_NEXT_AGAIN, .bounded = true, .severity = WX_SEVERITY_ERROR},
    [WX_CLASS_CONFIG] = {WX_NEXT_AGAIN, false, WX_SCOPE_ACCOUNT, 0, WX_SEVERITY_ALARM},
    [WX_CLASS_QUOTA] = {WX_NEXT_AGAIN, false, WX_SCOPE_ENDPOINT, 600, WX_SEVERITY_ERROR},
    [WX_CLASS_RECIPIENT] = {WX_NEXT_DROP, .severity = WX_SEVERITY_INFO},
    [WX_CLASS_PAYLOAD] = {WX_NEXT_DROP, .severity = WX_SEVERITY_ERROR},
    [WX_CLASS_PERMISSION] = {WX_NEXT_DROP, .severity = WX_SEVERITY_ERROR},
    [WX_CLASS_LOGIN] = {WX_NEXT_DROP, .severity = WX_SEVERITY_INFO},
};

const struct wx_policy *wx_class_policy(enum wx_class klass) {
    return &policies[(size_t)klass < sizeof policies / sizeof *policies ? klass : WX_CLASS_PAYLOAD];
}

/* Where the window is another than the class's. */
static const struct {
    int errcode;
    unsigned pause_s;
} pauses[] = {
    {45011, 60}, /* of the minute */
    {45066, 60}, /* likewise */
};

unsigned wx_class_pause(enum wx_class klass, int errcode) {
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++)
        if (pauses[i].errcode == errcode)
            return pauses[i].pause_s;
    return wx_class_policy(klass)->pause_s;
}

enum wx_class wx_errcode_class(int errcode) {
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i].errcode == errcode)
            return classes[i].klass;
    return WX_CLASS_PAYLOAD;
}

const char *wx_class_name(enum wx_class klass) {
    static const char *const names[] = {
        [WX_CLASS_OK] = "ok",           [WX_CLASS_BUSY] = "busy",
        [WX_CLASS_TOKEN] = "token",     [WX_CLASS_CONFIG] = "config",
        [WX_CLASS_QUOTA] = "quota",     [WX_CLASS_RECIPIENT] = "recipient",
        [WX_CLASS_PAYLOAD] = "payload", [WX_CLASS_PERMISSION] = "permission",
        [WX_CLASS_LOGIN] = "login",     [WX_CLASS_REPEATED] = "repeated",
    };
    return (size_t)klass < sizeof names / sizeof *names ? names[klass] : "unknown";
}
