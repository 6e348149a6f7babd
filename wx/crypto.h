#ifndef DAY21_WX_CRYPTO_H
#define DAY21_WX_CRYPTO_H

/* The only file that knows OpenSSL. Rules: WeChat «消息加解密说明»
 * (developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption.html). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WX_AES_KEY_SIZE     32
#define WX_ENCODING_AES_KEY 43 /* characters of an EncodingAESKey, which is base64 less its "=" */
#define WX_SIGNATURE_SIZE   41 /* SHA-1 in lower-case hex, with its NUL */
#define WX_FINGERPRINT_SIZE 33 /* 128 bits in lower-case hex, with its NUL */

/* Decodes an EncodingAESKey. Its last character may carry bits that no canonical encoder would set
 * (the documentation's own sample does); they are dropped. Returns 0, WX_E_KEY. */
int wx_aes_key_decode(const char *encoded, uint8_t key[WX_AES_KEY_SIZE]);

/* sha1(sort(parts)) in hex: the signature over token, timestamp, nonce and, for an encrypted body,
 * the ciphertext. At most 4 parts, sorted by byte value. */
void wx_sign(const char *const parts[], size_t count, char signature[WX_SIGNATURE_SIZE]);

/* Whether two signatures are the same, in time that depends on the length of `given` only. A
 * `given` that is NULL or of another length differs. */
bool wx_signature_equal(const char signature[WX_SIGNATURE_SIZE], const char *given);

/* A short name for any bytes: the first 128 bits of their SHA-256, in hex. */
void wx_fingerprint(const void *data, size_t length, char fingerprint[WX_FINGERPRINT_SIZE]);

/* The same of several strings, each with its NUL, so that no two lists of them look alike. */
void wx_fingerprint_parts(const char *const parts[], size_t count,
                          char fingerprint[WX_FINGERPRINT_SIZE]);

/* The SHA-256 of bytes that come in pieces; any number of these at once, one thread each. It
 * belongs to ctx. wx_digest_open() returns 0, WX_E_NOMEM; wx_digest_end() may be said once. */
struct wx_digest;
#define WX_SHA256_SIZE 65 /* in lower-case hex, with its NUL */
int wx_digest_open(void *ctx, struct wx_digest **digest);
void wx_digest_add(struct wx_digest *digest, const void *data, size_t length);
void wx_digest_end(struct wx_digest *digest, char sha256[WX_SHA256_SIZE]);

/* `length` unguessable bytes. Returns 0 or WX_E_NOMEM (the system has no randomness to give). */
int wx_random(void *buffer, size_t length);

/* base64(AES-256-CBC(random16 | length, 4 bytes big-endian | message | appid)), PKCS#7 padded to 32
 * bytes, IV the first 16 bytes of the key. `random` NULL draws fresh bytes; tests give their own.
 * *sealed is NUL-terminated and belongs to ctx. Returns 0, WX_E_NOMEM. */
int wx_envelope_seal(void *ctx, const uint8_t key[WX_AES_KEY_SIZE], const char *appid,
                     const uint8_t random[16], const void *message, size_t length, char **sealed);

/* The reverse. `appid` NULL accepts any (the sandbox reading what we sealed never needs it). The
 * text must be canonical base64 without a blank or line break in it: that is how WeChat sends it.
 * *message is NUL-terminated, may hold any bytes, and belongs to ctx. The padding is checked whole;
 * whatever is wrong with the ciphertext is the one error WX_E_ENVELOPE, so that nothing can be
 * learnt by asking. Returns 0, WX_E_ENVELOPE, WX_E_APPID, WX_E_NOMEM. */
int wx_envelope_open(void *ctx, const uint8_t key[WX_AES_KEY_SIZE], const char *appid,
                     const char *sealed, size_t length, char **message, size_t *message_length);

#endif
