/* SPDX-License-Identifier: Apache-2.0
 *
 * crypto.c - hal.h's cryptography by libsodium's portable (ref10) code
 *
 * Signing multiplies the base point like any other: three times the work of
 * the ready-made table, without its 30 KB. A node signs a few times an hour.
 */
#include "hal.h"

#include "crypto_auth_hmacsha256.h"
#include "crypto_hash_sha256.h"
#include "crypto_hash_sha512.h"
#include "private/ed25519_ref10.h"
#include "sign_ed25519_ref10.h"
#include "utils.h"

void
hal_sha256 (const uint8_t *data, size_t n, uint8_t out[32])
{
  crypto_hash_sha256 (out, data, n);
}

void
hal_hmac_sha256 (const uint8_t *key,
                 size_t         key_n,
                 const uint8_t *data,
                 size_t         n,
                 uint8_t        out[32])
{
  crypto_auth_hmacsha256_state state;

  crypto_auth_hmacsha256_init (&state, key, key_n);
  crypto_auth_hmacsha256_update (&state, data, n);
  crypto_auth_hmacsha256_final (&state, out);
}

/* RFC 8032, 5.1.5: the secret scalar and, after it, the prefix. */
static void
expand (const uint8_t seed[32], uint8_t secret[64])
{
  crypto_hash_sha512 (secret, seed, 32);
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

/* SHA-512 of up to three parts, reduced modulo the group's order. */
static void
hash_to_scalar (const uint8_t *first,
                const uint8_t *second,
                const uint8_t *data,
                size_t         n,
                uint8_t        out[64])
{
  crypto_hash_sha512_state state;

  crypto_hash_sha512_init (&state);
  crypto_hash_sha512_update (&state, first, 32);
  if (second != NULL)
    crypto_hash_sha512_update (&state, second, 32);
  crypto_hash_sha512_update (&state, data, n);
  crypto_hash_sha512_final (&state, out);
  sc25519_reduce (out);
}

/* RFC 8032, 5.1.6. */
hal_status
hal_ed25519_sign (const uint8_t  seed[32],
                  const uint8_t *data,
                  size_t         n,
                  uint8_t        signature[64])
{
  uint8_t secret[64], nonce[64], challenge[64], key[32];

  expand (seed, secret);
  multiply (secret, key);
  hash_to_scalar (secret + 32, NULL, data, n, nonce);
  multiply (nonce, signature);
  hash_to_scalar (signature, key, data, n, challenge);
  sc25519_muladd (signature + 32, challenge, secret, nonce);
  sodium_memzero (secret, sizeof secret);
  sodium_memzero (nonce, sizeof nonce);
  return HAL_OK;
}

hal_status
hal_ed25519_verify (const uint8_t  key[32],
                    const uint8_t *data,
                    size_t         n,
                    const uint8_t  signature[64])
{
  return _crypto_sign_ed25519_verify_detached (signature, data, n, key, 0) == 0
             ? HAL_OK
             : HAL_ERR_ARGUMENT;
}
