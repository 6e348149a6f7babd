/* media/… and material/…: uploads and what becomes of them. Rules: api.md §10. */

#include "bot/config.h"
#include "endpoint.h"
#include "media.h"
#include "shelf.h"

#include <inttypes.h>
#include <string.h>

#define KIB            1024LL
#define MIB            (KIB * KIB)
#define UPLOAD_MOST    (10 * MIB)
#define THREE_DAYS     (3LL * 86400 * 1000)
#define IMAGES_MOST    100000 /* permanent ones */
#define OTHERS_MOST    1000
#define LIST_MOST      20
#define TITLE_MOST     64
#define INTRODUCE_MOST 1024

/* ---- what is what ---- */

static const struct format {
    const char *extension, *content_type;
    size_t at; /* of the magic bytes */
    const char *magic;
} formats[] = {
    {"png", "image/png", 0, "\x89PNG\r\n"}, {"jpg", "image/jpeg", 0, "\xff\xd8\xff"},
    {"gif", "image/gif", 0, "GIF8"},        {"amr", "audio/amr", 0, "#!AMR"},
    {"mp3", "audio/mpeg", 0, "ID3"},        {"mp3", "audio/mpeg", 0, "\xff\xfb"},
    {"mp3", "audio/mpeg", 0, "\xff\xf3"},   {"mp4", "video/mp4", 4, "ftyp"},
};

static const struct kind {
    const char *type, *formats;
    int64_t most;
    int too_big;
} kinds[] = {
    {"image", "png jpg gif", 2 * MIB, 40009},
    {"voice", "amr mp3", 2 * MIB, 40010},
    {"video", "mp4", 10 * MIB, 40011},
    {"thumb", "jpg", 64 * KIB, 40012},
};

static const struct kind *kind_find(const char *type) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].type, type))
            return &kinds[i];
    return NULL;
}

static const struct format *format_of(const struct form_part *part) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t length = strlen(formats[i].magic);
        if (part->length >= formats[i].at + length &&
            !memcmp((const char *)part->bytes + formats[i].at, formats[i].magic, length))
            return &formats[i];
    }
    return NULL;
}

/* The file of an upload. Returns 0 or an errcode: WeChat finds no file that has no name. */
static int part_find(const struct call *call, const struct form_part **part) {
    *part = form_find(call->form, "media");
    if (!*part || !*(*part)->filename)
        return 41005;
    if (!(*part)->length)
        return 44001;
    return (int64_t)(*part)->length > UPLOAD_MOST ? 45001 : 0;
}

static int part_check(const struct form_part *part, const struct kind *kind,
                      const struct format **format) {
    *format = format_of(part);
    if (!kind)
        return 40004;
    if (!*format || !strstr(kind->formats, (*format)->extension))
        return 40005;
    return (int64_t)part->length > kind->most ? kind->too_big : 0;
}

/* Keeps an upload of this type. Returns its id, or NULL when the call has been refused. */
static const char *keep(struct call *call, const char *type, int64_t until, json_t *about) {
    const struct form_part *part;
    const struct format *format = NULL;
    value_keep(call->request->ctx, about);
    int errcode = part_find(call, &part);
    if (!errcode)
        errcode = part_check(part, kind_find(type), &format);
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return NULL;
    }
    json_t *known = must(json_pack("{ss ss ss so}", "type", type, "content_type",
                                   format->content_type, "extension", format->extension, "name",
                                   value_bytes(part->filename, strlen(part->filename))));
    if (json_object_update(known, about))
        must(NULL);
    const char *id =
        media_keep(call->request->ctx, call->account, part->bytes, part->length, until, known);
    if (!id)
        call_refuse(call, -1, NULL);
    return id;
}

static json_int_t now_s(const struct call *call) {
    return (json_int_t)(world_now_ms(call->world) / 1000);
}

/* ---- temporary ---- */

void media_upload(struct call *call) {
    const char *type = call_query(call, "type");
    const char *id = keep(call, type, world_now_ms(call->world) + THREE_DAYS, must(json_object()));
    if (id)
        call_give(call, json_pack("{ss ss sI}", "type", type,
                                  strcmp(type, "thumb") != 0 ? "media_id" : "thumb_media_id", id,
                                  "created_at", now_s(call)));
}

/* Gives the bytes, or where a video is. */
static void give(struct call *call, const char *id, bool permanent) {
    void *ctx = call->request->ctx;
    const json_t *media = media_find(call->account, id);
    size_t length = 0;
    bool fits = media && permanent == !value_integer(media, "until", 0);
    const void *bytes = fits ? media_read(ctx, call->account, id, &length) : NULL;
    if (!bytes) {
        call_refuse(call, 40007, NULL);
        return;
    }
    if (!strcmp(value_string(media, "type"), "video")) {
        const char *url = media_url(ctx, call->account, id);
        call_give(call, permanent ? json_pack("{ss ss ss}", "title", value_string(media, "title"),
                                              "description", value_string(media, "introduction"),
                                              "down_url", url)
                                  : json_pack("{ss}", "video_url", url));
        return;
    }
    call_give_file(call, &(struct call_file){
                             .content_type = value_string(media, "content_type"),
                             .headers = must(talloc_asprintf(
                                 ctx, "Content-Disposition: attachment; filename=\"%s.%s\"\r\n", id,
                                 value_string(media, "extension"))),
                             .bytes = bytes,
                             .length = length,
                         });
}

void media_get(struct call *call) {
    give(call, call_query(call, "media_id"), false);
}

/* For the bodies of articles: only a URL, of which there may be as many as one likes. */
void media_upload_image(struct call *call) {
    const struct form_part *part;
    const struct format *format = NULL;
    int errcode = part_find(call, &part);
    if (!errcode)
        errcode = part_check(part, kind_find("image"), &format);
    if (!errcode && !strstr("png jpg", format->extension))
        errcode = 40005;
    if (!errcode && (int64_t)part->length > MIB)
        errcode = 40009;
    if (errcode) {
        call_refuse(call, errcode, NULL);
        return;
    }
    const char *id = keep(call, "image", 0, must(json_pack("{sb}", "url_only", true)));
    if (id)
        call_give(call, json_pack("{ss}", "url", media_url(call->request->ctx, call->account, id)));
}

/* What mass sending wants as mpvideo. */
void media_upload_video(struct call *call) {
    const char *id = value_string(call->body, "media_id");
    size_t length = 0;
    void *ctx = call->request->ctx;
    const void *bytes =
        media_is(call->account, id, "video") ? media_read(ctx, call->account, id, &length) : NULL;
    if (!bytes) {
        call_refuse(call, 40007, NULL);
        return;
    }
    const char *made =
        media_keep(ctx, call->account, bytes, length, world_now_ms(call->world) + THREE_DAYS,
                   json_pack("{ss ss ss ss ss}", "type", "mpvideo", "content_type", "video/mp4",
                             "extension", "mp4", "title", value_string(call->body, "title"),
                             "introduction", value_string(call->body, "description")));
    if (made)
        call_give(call, json_pack("{ss ss sI}", "type", "video", "media_id", made, "created_at",
                                  now_s(call)));
    else
        call_refuse(call, -1, NULL);
}

/* ---- permanent ---- */

static bool is_material(const json_t *media, const char *type) {
    return !value_integer(media, "until", 0) && !json_object_get(media, "url_only") &&
           (!*type || !strcmp(value_string(media, "type"), type));
}

static json_int_t count(const struct account *account, const char *type) {
    const char *id;
    const json_t *media;
    json_int_t found = 0;
    json_object_foreach(shelf_all(account, "media"), id, media) {
        found += is_material(media, type);
    }
    return found;
}

/* A video's title and introduction; NULL when they are missing. */
static json_t *description_read(const struct call *call) {
    const struct form_part *part = form_find(call->form, "description");
    json_t *given = part ? json_loadb(part->bytes, part->length, 0, NULL) : NULL;
    const char *title = value_string(given, "title");
    const char *introduction = value_string(given, "introduction");
    json_t *about = *title && strlen(title) <= TITLE_MOST && strlen(introduction) <= INTRODUCE_MOST
                        ? json_pack("{ss ss}", "title", title, "introduction", introduction)
                        : NULL;
    json_decref(given);
    return about;
}

void material_add(struct call *call) {
    const char *type = call_query(call, "type");
    bool image = !strcmp(type, "image");
    json_t *about = strcmp(type, "video") != 0 ? json_object() : description_read(call);
    if (!about) {
        call_refuse(call, 47001, NULL);
        return;
    }
    if (count(call->account, type) >= (image ? IMAGES_MOST : OTHERS_MOST)) {
        json_decref(about);
        call_refuse(call, 45001, "material count out of limit");
        return;
    }
    const char *id = keep(call, type, 0, about);
    if (id)
        call_give(call, json_pack("{ss ss*}", "media_id", id, "url",
                                  image ? media_url(call->request->ctx, call->account, id) : NULL));
}

void material_get(struct call *call) {
    give(call, value_string(call->body, "media_id"), true);
}

void material_delete(struct call *call) {
    const char *id = value_string(call->body, "media_id");
    const json_t *media = media_find(call->account, id);
    if (!media || !is_material(media, "")) {
        call_refuse(call, 40007, NULL);
        return;
    }
    media_forget(call->account, id);
    call_accept(call, 0);
}

void material_count(struct call *call) {
    call_give(call, json_pack("{sI sI sI sI}", "voice_count", count(call->account, "voice"),
                              "video_count", count(call->account, "video"), "image_count",
                              count(call->account, "image"), "news_count",
                              (json_int_t)shelf_count(call->account, "draft")));
}

void material_list(struct call *call) {
    const char *type = value_string(call->body, "type"), *id;
    json_int_t offset = value_integer(call->body, "offset", -1);
    json_int_t wanted = value_integer(call->body, "count", 0), at = 0;
    const json_t *media;
    if (!kind_find(type) || offset < 0 || wanted < 1 || wanted > LIST_MOST) {
        call_refuse(call, kind_find(type) ? 40035 : 40004, NULL);
        return;
    }
    json_t *items = must(json_array());
    json_object_foreach(shelf_all(call->account, "media"), id, media) {
        if (!is_material(media, type) || at++ < offset ||
            (json_int_t)json_array_size(items) == wanted)
            continue;
        if (json_array_append_new(items,
                                  json_pack("{ss ss sI ss}", "media_id", id, "name",
                                            value_string(media, "name"), "update_time",
                                            value_integer(media, "created_at", 0), "url",
                                            media_url(call->request->ctx, call->account, id))))
            must(NULL);
    }
    call_give(call, json_pack("{sI sI so}", "total_count", count(call->account, type), "item_count",
                              (json_int_t)json_array_size(items), "item", items));
}
