#include "wx/multipart.h"

#include "config/limits.h"
#include "wx/crypto.h"
#include "wx/error.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

static const struct {
    const char *ending, *type;
} types[] = {
    {".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"},    {".png", "image/png"},
    {".gif", "image/gif"},  {".bmp", "image/bmp"},      {".mp3", "audio/mpeg"},
    {".amr", "audio/amr"},  {".wma", "audio/x-ms-wma"}, {".wav", "audio/wav"},
    {".mp4", "video/mp4"},
};

static const char octets[] = "application/octet-stream";

static const char *ending_of(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot && !strchr(dot, '/') ? dot : "";
}

const char *wx_multipart_type(const char *name) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcasecmp(ending_of(name), types[i].ending) == 0)
            return types[i].type;
    return octets;
}

static bool plain(const char *name) {
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    return *name && strlen(name) <= 100 && !name[strspn(name, allowed)];
}

/* The name without its directories; one that is not plain keeps its ending alone. */
static char *plain_name(void *ctx, const char *name) {
    const char *slash = strrchr(name, '/'), *last = slash ? slash + 1 : name;
    if (plain(last))
        return talloc_strdup(ctx, last);
    const char *ending = ending_of(last);
    return talloc_asprintf(ctx, "file%s", plain(ending) ? ending : "");
}

/* 128 random bits stand in no file. */
static int draw_boundary(char boundary[sizeof "day21-" + 32]) {
    static const char digits[] = "0123456789abcdef";
    unsigned char random[16];
    if (wx_random(random, sizeof random))
        return WX_E_NOMEM;
    char *end = stpcpy(boundary, "day21-");
    for (size_t i = 0; i < sizeof random; i++) {
        *end++ = digits[random[i] >> 4];
        *end++ = digits[random[i] & 15];
    }
    *end = '\0';
    return 0;
}

static char *write_head(void *ctx, const struct wx_file *file, const char *description,
                        const char *boundary) {
    char *head = talloc_strdup(ctx, "");
    if (head && description)
        head = talloc_asprintf_append(
            head, "--%s\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n%s\r\n",
            boundary, description);
    char *name = head ? plain_name(head, file->name) : NULL;
    if (!name)
        return NULL;
    return talloc_asprintf_append(
        head,
        "--%s\r\nContent-Disposition: form-data; name=\"media\"; filename=\"%s\"\r\n"
        "Content-Type: %s\r\n\r\n",
        boundary, name, wx_multipart_type(file->name));
}

int wx_multipart_write(void *ctx, const struct wx_file *file, const char *description, char **body,
                       size_t *length, char **content_type) {
    char boundary[sizeof "day21-" + 32];
    if (file->length == 0)
        return WX_E_FIELD;
    if (file->length > LIMIT_MEDIA)
        return WX_E_TOO_LARGE;
    if (draw_boundary(boundary))
        return WX_E_NOMEM;
    void *work = talloc_new(ctx);
    char *head = write_head(work, file, description, boundary);
    char *tail = talloc_asprintf(work, "\r\n--%s--\r\n", boundary);
    char *type = talloc_asprintf(work, "multipart/form-data; boundary=%s", boundary);
    size_t before = head ? strlen(head) : 0, after = tail ? strlen(tail) : 0;
    char *made = talloc_size(work, before + file->length + after);
    int error = head && tail && type && made ? 0 : WX_E_NOMEM;
    if (!error) {
        memcpy(made, head, before);
        memcpy(made + before, file->bytes, file->length);
        memcpy(made + before + file->length, tail, after);
        *body = talloc_steal(ctx, made);
        *length = before + file->length + after;
        *content_type = talloc_steal(ctx, type);
    }
    talloc_free(work);
    return error;
}
