/* The AES envelope, two ways: any bytes as the ciphertext, and, since those never get past AES, any
 * bytes as the frame inside a ciphertext made with the right key. The frame goes in whole blocks,
 * so that its padding, its length and its AppID are what the input says. */

#include "wx/callback.h"
#include "wx/crypto.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#define APPID "wxd21d21d21d21d21d"
#define NOW   1700000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t key[WX_AES_KEY_SIZE] = "an AES key of 32 bytes, no more";

static void expect(bool holds) {
    if (!holds)
        abort();
}

/* What opens seals again, and opens again to the same. */
static void open_any(void *ctx, const char *appid, const char *sealed, size_t length) {
    char *message = NULL, *again = NULL, *resealed = NULL;
    size_t message_length = 0, again_length = 0;
    if (wx_envelope_open(ctx, key, appid, sealed, length, &message, &message_length) != 0)
        return;
    expect(message[message_length] == '\0');
    expect(wx_envelope_seal(ctx, key, APPID, NULL, message, message_length, &resealed) == 0);
    expect(wx_envelope_open(ctx, key, APPID, resealed, strlen(resealed), &again, &again_length) ==
           0);
    expect(again_length == message_length && memcmp(again, message, again_length) == 0);
}

static char *seal_frame(void *ctx, const uint8_t *frame, size_t size) {
    int written = 0, last = 0;
    size_t whole = size / 16 * 16;
    uint8_t *blocks = talloc_size(ctx, whole + 16);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key, key);
    EVP_CIPHER_CTX_set_padding(cipher, 0);
    EVP_EncryptUpdate(cipher, blocks, &written, frame, (int)whole);
    EVP_EncryptFinal_ex(cipher, blocks + written, &last);
    EVP_CIPHER_CTX_free(cipher);
    char *sealed = talloc_size(ctx, whole / 3 * 4 + 8);
    sealed[0] = '\0';
    EVP_EncodeBlock((unsigned char *)sealed, blocks, (int)whole);
    return sealed;
}

/* The input as the body of a request, so that finding the ciphertext in it is tried too. */
static void open_body(void *ctx, const char *body, size_t length) {
    struct wx_account account = {.appid = APPID,
                                 .original_id = "gh_day21demo",
                                 .token = "t",
                                 .mode = WX_MODE_SAFE,
                                 .window = 600};
    const struct wx_callback_request request = {.method = "POST",
                                                .query = "msg_signature=0&timestamp=1&nonce=n",
                                                .body = body,
                                                .body_length = length,
                                                .now = NOW};
    struct wx_callback callback;
    expect(wx_callback_open(ctx, &account, &request, &callback) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    void *ctx = talloc_new(NULL);
    open_any(ctx, APPID, (const char *)data, size);
    open_body(ctx, (const char *)data, size);
    const char *sealed = seal_frame(ctx, data, size);
    open_any(ctx, APPID, sealed, strlen(sealed));
    open_any(ctx, NULL, sealed, strlen(sealed));
    talloc_free(ctx);
    return 0;
}
