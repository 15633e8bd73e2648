/* SPDX-License-Identifier: Apache-2.0 */
/* twin-key.h - an Ed25519 key pair of this installation
 *
 * Immutable once made; any thread may sign with it. The file is PKCS#8 PEM
 * (openssl genpkey -algorithm ed25519), mode 0600.
 */
#pragma once

#include "twin-wire.h"

G_BEGIN_DECLS

typedef struct _TwinKey TwinKey;

TwinKey *twin_key_generate (void);
/* From the 32-byte private seed (test vectors). */
TwinKey *twin_key_new_from_seed (const uint8_t seed[32]);
TwinKey *twin_key_ref (TwinKey *self);
void     twin_key_unref (TwinKey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinKey, twin_key_unref)

/* Fails (KEY) when @path is absent, readable by others, or no Ed25519 key. */
TwinKey *twin_key_load (const char *path, GError **error);
/* Writes a new file, mode 0600, on disk before it returns; fails (KEY) when
 * there is one already: a key is never overwritten. */
gboolean twin_key_store (TwinKey *self, const char *path, GError **error);
/* Loads @path, or makes a key and stores it there when it is absent; the
 * folder must exist. */
TwinKey *twin_key_load_or_generate (const char *path, GError **error);

/* Borrowed, TWIN_PUBLIC_KEY_SIZE and TWIN_KID_SIZE bytes. */
const uint8_t *twin_key_get_public (const TwinKey *self);
const uint8_t *twin_key_get_kid (const TwinKey *self);

void twin_key_sign (const TwinKey *self,
                    const uint8_t *data,
                    size_t         size,
                    uint8_t        signature[TWIN_SIGNATURE_SIZE]);

gboolean twin_key_verify (const uint8_t  public_key[TWIN_PUBLIC_KEY_SIZE],
                          const uint8_t *data,
                          size_t         size,
                          const uint8_t  signature[TWIN_SIGNATURE_SIZE]);

/* A public key alone, as PEM ("BEGIN PUBLIC KEY"): what a vendor hands out. A
 * new file; storing fails (KEY) when there is one already. */
gboolean twin_public_key_load (const char *path,
                               uint8_t     public_key[TWIN_PUBLIC_KEY_SIZE],
                               GError    **error);
gboolean twin_public_key_store (const uint8_t public_key[TWIN_PUBLIC_KEY_SIZE],
                                const char   *path,
                                GError      **error);

/* The first 8 bytes of SHA-256(@public_key). */
void twin_kid_of (const uint8_t public_key[TWIN_PUBLIC_KEY_SIZE],
                  uint8_t       kid[TWIN_KID_SIZE]);

/* SHA-256. */
void twin_digest (const uint8_t *data,
                  size_t         size,
                  uint8_t        digest[TWIN_DIGEST_SIZE]);

G_END_DECLS
