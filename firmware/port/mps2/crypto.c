/* SPDX-License-Identifier: Apache-2.0
 *
 * crypto.c - hal.h's cryptography; the curve is libsodium's (ref10)
 *
 * Signing multiplies the base point like any other: three times the work of
 * the ready-made table, without its 30 KB. A node signs a few times an hour.
 */
#include <string.h>

#include "boot-sha256.h"
#include "hal.h"
#include "scalar.h"
#include "sha512.h"

#include "private/ed25519_ref10.h"
#include "utils.h"

enum
{
  HMAC_BLOCK = 64,
};

void
hal_sha256 (const uint8_t *data, size_t n, uint8_t out[32])
{
  boot_sha256 state;

  boot_sha256_begin (&state);
  boot_sha256_add (&state, data, n);
  boot_sha256_end (&state, out);
}

/* One of RFC 2104's two hashes: of the padded key, then of @data. */
static void
keyed (const uint8_t  key[HMAC_BLOCK],
       uint8_t        pad,
       const uint8_t *data,
       size_t         n,
       uint8_t        out[32])
{
  boot_sha256 state;
  uint8_t     block[HMAC_BLOCK];

  for (unsigned i = 0; i < HMAC_BLOCK; i++)
    block[i] = key[i] ^ pad;
  boot_sha256_begin (&state);
  boot_sha256_add (&state, block, sizeof block);
  boot_sha256_add (&state, data, n);
  boot_sha256_end (&state, out);
  sodium_memzero (block, sizeof block);
}

void
hal_hmac_sha256 (const uint8_t *key,
                 size_t         key_n,
                 const uint8_t *data,
                 size_t         n,
                 uint8_t        out[32])
{
  uint8_t block[HMAC_BLOCK] = { 0 }, inner[32];

  if (key_n > sizeof block)
    hal_sha256 (key, key_n, block);
  else
    memcpy (block, key, key_n);
  keyed (block, 0x36, data, n, inner);
  keyed (block, 0x5c, inner, sizeof inner, out);
  sodium_memzero (block, sizeof block);
}

/* RFC 8032, 5.1.5: the secret scalar and, after it, the prefix. */
static void
expand (const uint8_t seed[32], uint8_t secret[64])
{
  sha512 state;

  sha512_begin (&state);
  sha512_add (&state, seed, 32);
  sha512_end (&state, secret);
  secret[0] &= 248;
  secret[31] = (secret[31] & 127) | 64;
}

/* @scalar times the base point, encoded. */
static void
multiply (const uint8_t scalar[32], uint8_t out[32])
{
  static const uint8_t base_y[32] = {
    0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
  };
  ge25519_p3 base, product;

  ge25519_frombytes (&base, base_y);
  ge25519_scalarmult (&product, scalar, &base);
  ge25519_p3_tobytes (out, &product);
}

hal_status
hal_ed25519_public (const uint8_t seed[32], uint8_t key[32])
{
  uint8_t secret[64];

  expand (seed, secret);
  multiply (secret, key);
  sodium_memzero (secret, sizeof secret);
  return HAL_OK;
}

/* SHA-512 of up to three parts, modulo the group's order. */
static void
hash_to_scalar (const uint8_t *first,
                const uint8_t *second,
                const uint8_t *data,
                size_t         n,
                uint8_t        out[32])
{
  sha512  state;
  uint8_t digest[64];

  sha512_begin (&state);
  sha512_add (&state, first, 32);
  if (second != NULL)
    sha512_add (&state, second, 32);
  sha512_add (&state, data, n);
  sha512_end (&state, digest);
  scalar_reduce (digest, out);
  sodium_memzero (digest, sizeof digest);
}

/* RFC 8032, 5.1.6. */
hal_status
hal_ed25519_sign (const uint8_t  seed[32],
                  const uint8_t *data,
                  size_t         n,
                  uint8_t        signature[64])
{
  uint8_t secret[64], nonce[32], challenge[32], key[32];

  expand (seed, secret);
  multiply (secret, key);
  hash_to_scalar (secret + 32, NULL, data, n, nonce);
  multiply (nonce, signature);
  hash_to_scalar (signature, key, data, n, challenge);
  scalar_multiply_add (challenge, secret, nonce, signature + 32);
  sodium_memzero (secret, sizeof secret);
  sodium_memzero (nonce, sizeof nonce);
  return HAL_OK;
}

/* RFC 8032, 5.1.7; as libsodium does, points of small order and numbers not in
 * their shortest form are refused. */
hal_status
hal_ed25519_verify (const uint8_t  key[32],
                    const uint8_t *data,
                    size_t         n,
                    const uint8_t  signature[64])
{
  uint8_t    challenge[32], expected[32];
  ge25519_p3 point;
  ge25519_p2 commitment;

  if (!sc25519_is_canonical (signature + 32) ||
      ge25519_has_small_order (signature) || !ge25519_is_canonical (key) ||
      ge25519_has_small_order (key) ||
      ge25519_frombytes_negate_vartime (&point, key) != 0)
    return HAL_ERR_ARGUMENT;

  hash_to_scalar (signature, key, data, n, challenge);
  ge25519_double_scalarmult_vartime (&commitment, challenge, &point,
                                     signature + 32);
  ge25519_tobytes (expected, &commitment);
  return memcmp (expected, signature, sizeof expected) == 0 ? HAL_OK
                                                            : HAL_ERR_ARGUMENT;
}
