/* SPDX-License-Identifier: Apache-2.0
 *
 * crypto.c - hal.h's cryptography by OpenSSL
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "hal.h"

void
hal_sha256 (const uint8_t *data, size_t n, uint8_t out[32])
{
  SHA256 (data, n, out);
}

void
hal_hmac_sha256 (const uint8_t *key,
                 size_t         key_n,
                 const uint8_t *data,
                 size_t         n,
                 uint8_t        out[32])
{
  unsigned length = 32;

  HMAC (EVP_sha256 (), key, (int) key_n, data, n, out, &length);
}

hal_status
hal_ed25519_public (const uint8_t seed[32], uint8_t key[32])
{
  EVP_PKEY *pkey =
      EVP_PKEY_new_raw_private_key (EVP_PKEY_ED25519, NULL, seed, 32);
  size_t size = 32;
  int ok = pkey != NULL && EVP_PKEY_get_raw_public_key (pkey, key, &size) == 1;

  EVP_PKEY_free (pkey);
  return ok ? HAL_OK : HAL_ERR_IO;
}

hal_status
hal_ed25519_sign (const uint8_t  seed[32],
                  const uint8_t *data,
                  size_t         n,
                  uint8_t        signature[64])
{
  EVP_PKEY *pkey =
      EVP_PKEY_new_raw_private_key (EVP_PKEY_ED25519, NULL, seed, 32);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  size_t      size = 64;
  int         ok = pkey != NULL && context != NULL &&
           EVP_DigestSignInit (context, NULL, NULL, NULL, pkey) == 1 &&
           EVP_DigestSign (context, signature, &size, data, n) == 1;

  EVP_MD_CTX_free (context);
  EVP_PKEY_free (pkey);
  return ok ? HAL_OK : HAL_ERR_IO;
}

hal_status
hal_ed25519_verify (const uint8_t  key[32],
                    const uint8_t *data,
                    size_t         n,
                    const uint8_t  signature[64])
{
  EVP_PKEY *pkey =
      EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519, NULL, key, 32);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  int         ok = pkey != NULL && context != NULL &&
           EVP_DigestVerifyInit (context, NULL, NULL, NULL, pkey) == 1 &&
           EVP_DigestVerify (context, signature, 64, data, n) == 1;

  EVP_MD_CTX_free (context);
  EVP_PKEY_free (pkey);
  return ok ? HAL_OK : HAL_ERR_ARGUMENT;
}
