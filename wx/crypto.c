#include "wx/crypto.h"

#include "wx/error.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>
#include <talloc.h>

#define BLOCK      16 /* of AES */
#define PAD_BLOCK  32 /* WeChat pads to the size of the key */
#define RANDOM     16
#define FRAME_HEAD (RANDOM + 4) /* random bytes, then the length of the message */

/* Fetching an algorithm costs more than using it on one message, so both algorithms and contexts
 * are kept for the life of the process. A process has one loop and no threads. */
static struct {
    EVP_MD *sha1, *sha256;
    EVP_CIPHER *aes;
    EVP_MD_CTX *digest;
    EVP_CIPHER_CTX *cipher;
} kept;

static bool ready(void) {
    if (kept.cipher)
        return true;
    if (!kept.sha1)
        kept.sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
    if (!kept.sha256)
        kept.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!kept.aes)
        kept.aes = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    if (!kept.digest)
        kept.digest = EVP_MD_CTX_new();
    if (!kept.sha1 || !kept.sha256 || !kept.aes || !kept.digest)
        return false;
    kept.cipher = EVP_CIPHER_CTX_new();
    return kept.cipher != NULL;
}

static void hex(const uint8_t *bytes, size_t count, char *out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

/* ---- base64, strictly: one text for each run of bytes ---- */

/* The six bits of a character, plus one; 0 where there are none. */
static const uint8_t sextets[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

/* Decodes `length` characters, none of them "=", into length * 3 / 4 bytes. What is left of the
 * last character when the bytes are full goes to *rest. */
static bool base64_decode(const char *text, size_t length, uint8_t *bytes, unsigned *rest) {
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < length; i++) {
        uint8_t value = sextets[(unsigned char)text[i]];
        if (value == 0)
            return false;
        bits = bits << 6 | (value - 1u);
        held += 6;
        if (held >= 8) {
            held -= 8;
            *bytes++ = (uint8_t)(bits >> held);
            bits &= (1u << held) - 1;
        }
    }
    *rest = bits;
    return true;
}

int wx_aes_key_decode(const char *encoded, uint8_t key[WX_AES_KEY_SIZE]) {
    uint8_t decoded[WX_AES_KEY_SIZE];
    unsigned rest;
    if (strlen(encoded) != WX_ENCODING_AES_KEY ||
        !base64_decode(encoded, WX_ENCODING_AES_KEY, decoded, &rest))
        return WX_E_KEY;
    memcpy(key, decoded, sizeof decoded);
    return 0;
}

/* ---- digests ----
 * A system without them gives a signature that equals none, so that nothing is let in; what comes
 * after it is never reached. */

void wx_sign(const char *const parts[], size_t count, char signature[WX_SIGNATURE_SIZE]) {
    const char *sorted[4];
    size_t held = 0;
    for (size_t i = 0; i < count && i < 4; i++) {
        size_t at = held++;
        for (; at > 0 && strcmp(sorted[at - 1], parts[i]) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = parts[i];
    }
    memset(signature, 0, WX_SIGNATURE_SIZE);
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (!ready() || EVP_DigestInit_ex2(kept.digest, kept.sha1, NULL) != 1)
        return;
    for (size_t i = 0; i < held; i++)
        EVP_DigestUpdate(kept.digest, sorted[i], strlen(sorted[i]));
    if (EVP_DigestFinal_ex(kept.digest, digest, NULL) == 1)
        hex(digest, WX_SIGNATURE_SIZE / 2, signature);
}

bool wx_signature_equal(const char signature[WX_SIGNATURE_SIZE], const char *given) {
    if (!given || strlen(given) != WX_SIGNATURE_SIZE - 1)
        return false;
    unsigned differ = 0;
    for (size_t i = 0; i < WX_SIGNATURE_SIZE - 1; i++)
        differ |= (unsigned char)(signature[i] ^ given[i]);
    return differ == 0;
}

void wx_fingerprint(const void *data, size_t length, char fingerprint[WX_FINGERPRINT_SIZE]) {
    uint8_t digest[EVP_MAX_MD_SIZE] = {0};
    if (ready() && EVP_DigestInit_ex2(kept.digest, kept.sha256, NULL) == 1 &&
        EVP_DigestUpdate(kept.digest, data, length) == 1)
        EVP_DigestFinal_ex(kept.digest, digest, NULL);
    hex(digest, WX_FINGERPRINT_SIZE / 2, fingerprint);
}

void wx_fingerprint_parts(const char *const parts[], size_t count,
                          char fingerprint[WX_FINGERPRINT_SIZE]) {
    uint8_t digest[EVP_MAX_MD_SIZE] = {0};
    if (ready() && EVP_DigestInit_ex2(kept.digest, kept.sha256, NULL) == 1) {
        for (size_t i = 0; i < count; i++)
            EVP_DigestUpdate(kept.digest, parts[i], strlen(parts[i]) + 1);
        EVP_DigestFinal_ex(kept.digest, digest, NULL);
    }
    hex(digest, WX_FINGERPRINT_SIZE / 2, fingerprint);
}

struct wx_digest {
    EVP_MD_CTX *sha256;
};

static int close_digest(struct wx_digest *digest) {
    EVP_MD_CTX_free(digest->sha256);
    return 0;
}

int wx_digest_open(void *ctx, struct wx_digest **digest) {
    struct wx_digest *made = talloc_zero(ctx, struct wx_digest);
    if (!made)
        return WX_E_NOMEM;
    talloc_set_destructor(made, close_digest);
    made->sha256 = EVP_MD_CTX_new();
    if (!made->sha256 || EVP_DigestInit_ex2(made->sha256, EVP_sha256(), NULL) != 1) {
        talloc_free(made);
        return WX_E_NOMEM;
    }
    *digest = made;
    return 0;
}

void wx_digest_add(struct wx_digest *digest, const void *data, size_t length) {
    EVP_DigestUpdate(digest->sha256, data, length);
}

void wx_digest_end(struct wx_digest *digest, char sha256[WX_SHA256_SIZE]) {
    uint8_t bytes[EVP_MAX_MD_SIZE] = {0};
    EVP_DigestFinal_ex(digest->sha256, bytes, NULL);
    hex(bytes, WX_SHA256_SIZE / 2, sha256);
}

int wx_random(void *buffer, size_t length) {
    if (length > INT32_MAX || RAND_bytes(buffer, (int)length) != 1)
        return WX_E_NOMEM;
    return 0;
}

/* ---- the envelope ---- */

/* AES-256-CBC in place over whole blocks; the padding is WeChat's and not the cipher's. */
static bool aes_cbc(const uint8_t key[WX_AES_KEY_SIZE], uint8_t *blocks, size_t length,
                    bool encrypt) {
    int written = 0, last = 0;
    return length <= INT32_MAX && ready() &&
           EVP_CipherInit_ex2(kept.cipher, kept.aes, key, key, encrypt, NULL) == 1 &&
           EVP_CIPHER_CTX_set_padding(kept.cipher, 0) == 1 &&
           EVP_CipherUpdate(kept.cipher, blocks, &written, blocks, (int)length) == 1 &&
           EVP_CipherFinal_ex(kept.cipher, blocks + written, &last) == 1 &&
           (size_t)written + (size_t)last == length;
}

int wx_envelope_seal(void *ctx, const uint8_t key[WX_AES_KEY_SIZE], const char *appid,
                     const uint8_t random[16], const void *message, size_t length, char **sealed) {
    size_t appid_length = strlen(appid);
    if (length > INT32_MAX / 2 || appid_length > INT32_MAX / 2)
        return WX_E_NOMEM;
    size_t framed = FRAME_HEAD + length + appid_length;
    size_t padding = PAD_BLOCK - framed % PAD_BLOCK;
    size_t total = framed + padding;
    uint8_t *frame = talloc_size(ctx, total);
    if (!frame)
        return WX_E_NOMEM;

    int error = 0;
    if (random)
        memcpy(frame, random, RANDOM);
    else
        error = wx_random(frame, RANDOM);
    for (int i = 0; i < 4; i++)
        frame[RANDOM + i] = (uint8_t)(length >> (24 - 8 * i));
    if (length)
        memcpy(frame + FRAME_HEAD, message, length);
    memcpy(frame + FRAME_HEAD + length, appid, appid_length);
    memset(frame + framed, (int)padding, padding);

    char *text = talloc_size(ctx, (total + 2) / 3 * 4 + 1);
    if (error || !text || !aes_cbc(key, frame, total, true)) {
        talloc_free(frame);
        talloc_free(text);
        return WX_E_NOMEM;
    }
    EVP_EncodeBlock((unsigned char *)text, frame, (int)total);
    talloc_free(frame);
    *sealed = text;
    return 0;
}

/* Base64 of whole cipher blocks into a new *blocks. Line breaks, spaces and texts that no encoder
 * would write are refused: WeChat sends none, and the signature is over the text as it is. */
static int decode_blocks(void *ctx, const char *sealed, size_t length, uint8_t **blocks,
                         size_t *size) {
    size_t characters = length;
    while (characters > 0 && length - characters < 2 && sealed[characters - 1] == '=')
        characters--;
    size_t decoded = length / 4 * 3 - (length - characters);
    if (length == 0 || length % 4 != 0 || length > INT32_MAX || decoded % BLOCK != 0)
        return WX_E_ENVELOPE;
    uint8_t *bytes = talloc_size(ctx, decoded);
    if (!bytes)
        return WX_E_NOMEM;
    unsigned rest;
    if (!base64_decode(sealed, characters, bytes, &rest) || rest != 0) {
        talloc_free(bytes);
        return WX_E_ENVELOPE;
    }
    *blocks = bytes;
    *size = decoded;
    return 0;
}

/* The frame without its padding, 0 if the padding is wrong. Looks at PAD_BLOCK bytes whatever they
 * are. */
static size_t unpad(const uint8_t *frame, size_t size) {
    if (size < PAD_BLOCK)
        return 0;
    unsigned padding = frame[size - 1];
    unsigned wrong = padding < 1 || padding > PAD_BLOCK;
    for (unsigned i = 1; i <= PAD_BLOCK; i++)
        wrong |= (i <= padding) & (frame[size - i] != padding);
    return wrong ? 0 : size - padding;
}

/* Where the message lies in an opened frame, and whose it is. */
static int read_frame(const uint8_t *frame, size_t size, const char *appid, size_t *length) {
    size_t framed = unpad(frame, size);
    if (framed < FRAME_HEAD)
        return WX_E_ENVELOPE;
    uint64_t said = (uint64_t)frame[RANDOM] << 24 | (uint64_t)frame[RANDOM + 1] << 16 |
                    (uint64_t)frame[RANDOM + 2] << 8 | frame[RANDOM + 3];
    if (said > framed - FRAME_HEAD)
        return WX_E_ENVELOPE;
    size_t owner = framed - FRAME_HEAD - (size_t)said;
    if (appid && (strlen(appid) != owner || memcmp(frame + FRAME_HEAD + said, appid, owner) != 0))
        return WX_E_APPID;
    *length = (size_t)said;
    return 0;
}

int wx_envelope_open(void *ctx, const uint8_t key[WX_AES_KEY_SIZE], const char *appid,
                     const char *sealed, size_t length, char **message, size_t *message_length) {
    uint8_t *frame = NULL;
    size_t size = 0, opened = 0;
    int error = decode_blocks(ctx, sealed, length, &frame, &size);
    if (!error && !aes_cbc(key, frame, size, false))
        error = WX_E_ENVELOPE;
    if (!error)
        error = read_frame(frame, size, appid, &opened);
    if (error) {
        talloc_free(frame);
        return error;
    }
    /* The message moves to the front of its own buffer: the head before it leaves room for a NUL.
     */
    memmove(frame, frame + FRAME_HEAD, opened);
    frame[opened] = '\0';
    *message = (char *)frame;
    *message_length = opened;
    return 0;
}
