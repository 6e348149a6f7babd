#include "wx/crypto.h"

#include "wx/error.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

#define KEY   "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
#define APPID "wxd21d21d21d21d21d"

static const char *text(const json_t *vector, const char *name) {
    return json_string_value(json_object_get(vector, name));
}

static bool flag(const json_t *vector, const char *name) {
    return json_is_true(json_object_get(vector, name));
}

static void signature_of(const json_t *vector, const char *encrypted, char *signature) {
    const char *parts[4] = {text(vector, "token"), text(vector, "timestamp"), text(vector, "nonce"),
                            encrypted};
    wx_sign(parts, encrypted ? 4 : 3, signature);
}

static void check_plain_signature(const json_t *vector) {
    char signature[WX_SIGNATURE_SIZE];
    signature_of(vector, NULL, signature);
    bool negative = strcmp(text(vector, "kind"), "plain_signature_negative") == 0;
    assert_int_equal(wx_signature_equal(signature, text(vector, "signature")), !negative);
}

static void check_msg_signature(const json_t *vector) {
    const char *expected = text(vector, "msg_signature");
    if (!expected || flag(vector, "ascii_quirk"))
        return;
    char signature[WX_SIGNATURE_SIZE];
    signature_of(vector, text(vector, "encrypted"), signature);
    assert_int_equal(wx_signature_equal(signature, expected),
                     !flag(vector, "negative_msg_signature"));
}

static void check_sealed(const json_t *vector) {
    const char *random = text(vector, "random"), *appid = text(vector, "appid");
    const char *plaintext = text(vector, "plaintext");
    uint8_t key[WX_AES_KEY_SIZE];
    assert_int_equal(wx_aes_key_decode(text(vector, "encodingAESKey"), key), 0);
    if (!random || strlen(random) != 16 || !appid)
        return;
    char *sealed = NULL;
    assert_int_equal(wx_envelope_seal(NULL, key, appid, (const uint8_t *)random, plaintext,
                                      strlen(plaintext), &sealed),
                     0);
    bool same = strcmp(sealed, text(vector, "encrypted")) == 0;
    assert_int_equal(same, !flag(vector, "broken_upstream"));
    talloc_free(sealed);
}

static void check_opened(const json_t *vector) {
    const char *encrypted = text(vector, "encrypted"), *plaintext = text(vector, "plaintext");
    if (flag(vector, "broken_upstream"))
        plaintext = text(vector, "actual_plaintext");
    uint8_t key[WX_AES_KEY_SIZE];
    char *opened = NULL;
    size_t length = 0;
    assert_int_equal(wx_aes_key_decode(text(vector, "encodingAESKey"), key), 0);
    assert_int_equal(wx_envelope_open(NULL, key, text(vector, "appid"), encrypted,
                                      strlen(encrypted), &opened, &length),
                     0);
    assert_int_equal(length, strlen(plaintext));
    assert_string_equal(opened, plaintext);
    talloc_free(opened);
    opened = NULL;
    assert_int_equal(wx_envelope_open(NULL, key, "wx0000000000000000", encrypted, strlen(encrypted),
                                      &opened, &length),
                     WX_E_APPID);
    assert_null(opened);
    if (text(vector, "peer_test_key_wrong")) {
        assert_int_equal(wx_aes_key_decode(text(vector, "peer_test_key_wrong"), key), 0);
        assert_int_equal(
            wx_envelope_open(NULL, key, NULL, encrypted, strlen(encrypted), &opened, &length),
            WX_E_ENVELOPE);
    }
}

static size_t check_vectors(const char *path) {
    json_error_t error;
    json_t *vectors = json_load_file(path, 0, &error);
    size_t i, checked = 0;
    json_t *vector;
    json_array_foreach(vectors, i, vector) {
        const char *kind = text(vector, "kind");
        if (strncmp(kind, "plain_signature", 15) == 0) {
            check_plain_signature(vector);
        } else if (strcmp(kind, "msg_signature_only") == 0) {
            check_msg_signature(vector);
        } else if (strcmp(kind, "decrypt") == 0 || strcmp(kind, "encrypt") == 0) {
            check_msg_signature(vector);
            check_sealed(vector);
            check_opened(vector);
        } else {
            continue;
        }
        checked++;
    }
    json_decref(vectors);
    return checked;
}

static void the_vectors_tencent_publishes_are_met(void **state) {
    (void)state;
    assert_int_equal(check_vectors("tests/wx/data/vectors.json"), 13);
}

static void the_vectors_of_other_implementations_are_met(void **state) {
    (void)state;
    char path[512];
    const char *shared = getenv("DAY21_SHARED");
    snprintf(path, sizeof path, "%s/wechat/vectors.json", shared ? shared : "../shared");
    FILE *file = fopen(path, "r");
    if (!file)
        skip();
    fclose(file);
    assert_true(check_vectors(path) >= 40);
}

static void a_key_of_another_length_or_alphabet_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF=",
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDE-G",
        "abcdefghijklmnopqrstuvwxyz 123456789ABCDEFG",
        "abcdefghijklmnopqrstuvwxyz\xe4"
        "123456789ABCDEFG",
    };
    uint8_t key[WX_AES_KEY_SIZE] = {7};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(wx_aes_key_decode(wrong[i], key), WX_E_KEY);
    assert_int_equal(key[0], 7);
}

static void a_key_whose_last_bits_no_encoder_would_set_is_the_same_key(void **state) {
    (void)state;
    uint8_t canonical[WX_AES_KEY_SIZE], other[WX_AES_KEY_SIZE];
    /* "E" is 000100 and "G" 000110: they differ in the two bits that are dropped. */
    assert_int_equal(wx_aes_key_decode("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE", canonical),
                     0);
    assert_int_equal(wx_aes_key_decode(KEY, other), 0);
    assert_memory_equal(canonical, other, sizeof other);
}

static void a_signature_equals_itself_only(void **state) {
    (void)state;
    char signature[WX_SIGNATURE_SIZE], changed[WX_SIGNATURE_SIZE];
    wx_sign((const char *const[]){"a", "b", "c"}, 3, signature);
    assert_string_equal(signature, "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_true(wx_signature_equal(signature, "a9993e364706816aba3e25717850c26c9cd0d89d"));
    assert_false(wx_signature_equal(signature, NULL));
    assert_false(wx_signature_equal(signature, ""));
    assert_false(wx_signature_equal(signature, "a9993e364706816aba3e25717850c26c9cd0d89"));
    assert_false(wx_signature_equal(signature, "a9993e364706816aba3e25717850c26c9cd0d89dd"));
    assert_false(wx_signature_equal(signature, "A9993E364706816ABA3E25717850C26C9CD0D89D"));
    for (size_t i = 0; i < WX_SIGNATURE_SIZE - 1; i++) {
        strcpy(changed, signature);
        changed[i] ^= 1;
        assert_false(wx_signature_equal(signature, changed));
    }
}

static void signed_parts_are_sorted_by_byte_value(void **state) {
    (void)state;
    char one[WX_SIGNATURE_SIZE], other[WX_SIGNATURE_SIZE];
    wx_sign((const char *const[]){"b", "a\xff", "a", "B"}, 4, one);
    wx_sign((const char *const[]){"a", "B", "b", "a\xff"}, 4, other);
    assert_string_equal(one, other);
    wx_sign((const char *const[]){"Baa\xff"
                                  "b"},
            1, other);
    assert_string_equal(one, other);
}

static void a_fingerprint_is_the_head_of_the_sha256(void **state) {
    (void)state;
    char print[WX_FINGERPRINT_SIZE], other[WX_FINGERPRINT_SIZE];
    wx_fingerprint("abc", 3, print);
    assert_string_equal(print, "ba7816bf8f01cfea414140de5dae2223");
    wx_fingerprint("a\0bc", 5, print);
    wx_fingerprint_parts((const char *const[]){"a", "bc"}, 2, other);
    assert_string_equal(print, other);
    wx_fingerprint_parts((const char *const[]){"ab", "c"}, 2, other);
    assert_string_not_equal(print, other);
}

static void a_digest_of_pieces_is_that_of_the_whole(void **state) {
    (void)state;
    struct wx_digest *one, *other;
    char sha256[WX_SHA256_SIZE];
    assert_int_equal(wx_digest_open(NULL, &one), 0);
    assert_int_equal(wx_digest_open(NULL, &other), 0);
    wx_digest_add(one, "a", 1);
    wx_digest_add(other, "", 0);
    wx_digest_add(one, "bc", 2);
    wx_digest_end(one, sha256);
    assert_string_equal(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    wx_digest_end(other, sha256);
    assert_string_equal(sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    talloc_free(one);
    talloc_free(other);
}

static void random_bytes_differ(void **state) {
    (void)state;
    uint8_t one[16] = {0}, other[16] = {0};
    assert_int_equal(wx_random(one, sizeof one), 0);
    assert_int_equal(wx_random(other, sizeof other), 0);
    assert_memory_not_equal(one, other, sizeof one);
}

static void what_is_sealed_opens_again_at_every_length(void **state) {
    (void)state;
    uint8_t key[WX_AES_KEY_SIZE];
    char message[200];
    assert_int_equal(wx_aes_key_decode(KEY, key), 0);
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (char)(i * 7);
    for (size_t length = 0; length <= sizeof message; length++) {
        char *sealed = NULL, *opened = NULL;
        size_t opened_length = 0;
        void *ctx = talloc_new(NULL);
        assert_int_equal(wx_envelope_seal(ctx, key, APPID, NULL, message, length, &sealed), 0);
        assert_int_equal(
            wx_envelope_open(ctx, key, APPID, sealed, strlen(sealed), &opened, &opened_length), 0);
        assert_int_equal(opened_length, length);
        assert_memory_equal(opened, message, length);
        assert_int_equal(opened[length], 0);
        talloc_free(ctx);
    }
}

static void the_same_message_is_sealed_differently_each_time(void **state) {
    (void)state;
    uint8_t key[WX_AES_KEY_SIZE] = {0};
    char *one = NULL, *other = NULL;
    assert_int_equal(wx_envelope_seal(NULL, key, APPID, NULL, "hi", 2, &one), 0);
    assert_int_equal(wx_envelope_seal(NULL, key, APPID, NULL, "hi", 2, &other), 0);
    assert_string_not_equal(one, other);
    talloc_free(one);
    talloc_free(other);
}

/* AES-256-CBC and base64 of any blocks: what someone with the key, but not our frame, could send.
 */
static char *encrypt_raw(void *ctx, const uint8_t *key, const uint8_t *blocks, size_t length) {
    uint8_t out[512];
    int written = 0, last = 0;
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    assert_true(length <= sizeof out);
    assert_int_equal(EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key, key), 1);
    EVP_CIPHER_CTX_set_padding(cipher, 0);
    assert_int_equal(EVP_EncryptUpdate(cipher, out, &written, blocks, (int)length), 1);
    assert_int_equal(EVP_EncryptFinal_ex(cipher, out + written, &last), 1);
    EVP_CIPHER_CTX_free(cipher);
    char *encoded = talloc_size(ctx, length * 4 / 3 + 5);
    EVP_EncodeBlock((unsigned char *)encoded, out, (int)length);
    return encoded;
}

static void a_frame_that_lies_about_itself_is_refused(void **state) {
    (void)state;
    uint8_t key[WX_AES_KEY_SIZE] = {1, 2, 3};
    /* A frame of 64 bytes: 20 of head, a message of `said` bytes, 18 of AppID, `padding`. */
    static const struct {
        const char *name;
        size_t size;
        uint32_t said;
        uint8_t padding, padded_with;
        int error;
    } cases[] = {
        {"right", 64, 18, 8, 8, 0},
        {"a whole block of padding", 64, 0, 26, 26, 0},
        {"padding 0", 64, 18, 8, 0, WX_E_ENVELOPE},
        {"padding longer than 32", 64, 0, 33, 33, WX_E_ENVELOPE},
        {"padding longer than the frame", 32, 0, 8, 200, WX_E_ENVELOPE},
        {"padding that eats the head", 32, 0, 32, 32, WX_E_ENVELOPE},
        {"padding that is not all the same", 64, 18, 7, 8, WX_E_ENVELOPE},
        {"one block only", 16, 0, 0, 0, WX_E_ENVELOPE},
        {"a length one too long", 64, 37, 8, 8, WX_E_ENVELOPE},
        {"a length of 2^31", 64, 0x80000000u, 8, 8, WX_E_ENVELOPE},
        {"a length of 2^32-1", 64, 0xffffffffu, 8, 8, WX_E_ENVELOPE},
        {"a length that takes the AppID in", 64, 36, 8, 8, WX_E_APPID},
        {"a length that leaves text before the AppID", 64, 17, 8, 8, WX_E_APPID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t frame[64] = {0};
        void *ctx = talloc_new(NULL);
        char *opened = NULL;
        size_t length = 77, size = cases[i].size;
        for (int byte = 0; byte < 4; byte++)
            frame[16 + byte] = (uint8_t)(cases[i].said >> (24 - 8 * byte));
        if (size == 64)
            memcpy(frame + size - (cases[i].error ? 8 : cases[i].padding) - 18, APPID, 18);
        memset(frame + size - cases[i].padding, cases[i].padded_with, cases[i].padding);
        char *sealed = encrypt_raw(ctx, key, frame, size);
        int error = wx_envelope_open(ctx, key, APPID, sealed, strlen(sealed), &opened, &length);
        if (error != cases[i].error)
            fail_msg("%s: %s", cases[i].name, wx_error_text(error));
        if (error) {
            assert_null(opened);
            assert_int_equal(length, 77);
        }
        talloc_free(ctx);
    }
}

static void text_that_is_not_canonical_base64_of_whole_blocks_is_refused(void **state) {
    (void)state;
    uint8_t key[WX_AES_KEY_SIZE];
    assert_int_equal(wx_aes_key_decode(KEY, key), 0);
    char *good = NULL, *opened = NULL;
    size_t length = 0;
    void *ctx = talloc_new(NULL);
    assert_int_equal(wx_envelope_seal(ctx, key, APPID, NULL, "hello", 5, &good), 0);
    /* 64 bytes: 86 characters and "==" */
    assert_int_equal(strlen(good), 88);
    /* The character before "==" is one of A, Q, g and w: two bits of it count. */
    char *spare_bits = talloc_strdup(ctx, good);
    spare_bits[85]++;
    const char *wrong[] = {
        "",
        "=",
        "====",
        "AAAA",
        "AAA",
        "A===",
        talloc_asprintf(ctx, "%.87s", good),
        talloc_asprintf(ctx, "%.86s", good),
        talloc_asprintf(ctx, "%.64s", good),
        talloc_asprintf(ctx, "%s\n", good),
        talloc_asprintf(ctx, " %s", good),
        talloc_asprintf(ctx, "%.44s\n%s", good, good + 44),
        talloc_asprintf(ctx, "%.44s    %s", good, good + 44),
        talloc_asprintf(ctx, "%.40s====%s", good, good + 44),
        talloc_asprintf(ctx, "%.40s-_%s", good, good + 42),
        spare_bits,
        talloc_asprintf(ctx, "%s====", good),
        talloc_asprintf(ctx, "%s%s", good, good),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(
            wx_envelope_open(ctx, key, APPID, wrong[i], strlen(wrong[i]), &opened, &length),
            WX_E_ENVELOPE);
    assert_null(opened);
    assert_int_equal(wx_envelope_open(ctx, key, APPID, good, 88, &opened, &length), 0);
    talloc_free(ctx);
}

static void another_appid_is_told_from_ours(void **state) {
    (void)state;
    uint8_t key[WX_AES_KEY_SIZE] = {0};
    static const char *const others[] = {"", "wx", "wxd21d21d21d21d210", "wxd21d21d21d21d21d0"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char *sealed = NULL, *opened = NULL;
        size_t length = 0;
        assert_int_equal(wx_envelope_seal(NULL, key, others[i], NULL, "hi", 2, &sealed), 0);
        assert_int_equal(
            wx_envelope_open(NULL, key, APPID, sealed, strlen(sealed), &opened, &length),
            WX_E_APPID);
        assert_int_equal(
            wx_envelope_open(NULL, key, NULL, sealed, strlen(sealed), &opened, &length), 0);
        assert_string_equal(opened, "hi");
        talloc_free(opened);
        talloc_free(sealed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_tencent_publishes_are_met),
        cmocka_unit_test(the_vectors_of_other_implementations_are_met),
        cmocka_unit_test(a_key_of_another_length_or_alphabet_is_refused),
        cmocka_unit_test(a_key_whose_last_bits_no_encoder_would_set_is_the_same_key),
        cmocka_unit_test(a_signature_equals_itself_only),
        cmocka_unit_test(signed_parts_are_sorted_by_byte_value),
        cmocka_unit_test(a_fingerprint_is_the_head_of_the_sha256),
        cmocka_unit_test(a_digest_of_pieces_is_that_of_the_whole),
        cmocka_unit_test(random_bytes_differ),
        cmocka_unit_test(what_is_sealed_opens_again_at_every_length),
        cmocka_unit_test(the_same_message_is_sealed_differently_each_time),
        cmocka_unit_test(a_frame_that_lies_about_itself_is_refused),
        cmocka_unit_test(text_that_is_not_canonical_base64_of_whole_blocks_is_refused),
        cmocka_unit_test(another_appid_is_told_from_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
