/* SPDX-License-Identifier: Apache-2.0 */
/* twin-firmware.h - firmware manifests, packages and chunks
 *
 * A vendor signs a manifest with a key that signs nothing else; the same
 * envelope goes through the package file, the `manifest` channel and the
 * node's slot unchanged. The console carries it: it checks what it can, the
 * node's bootloader decides.
 *
 * Pure but for reading and writing package files; any thread.
 */
#pragma once

#include "twin-key.h"

G_BEGIN_DECLS

/* External data of a manifest's signature, whatever topic carries it. */
#define TWIN_MANIFEST_AAD "twin/1/manifest"

enum
{
  TWIN_MANIFEST_MAX = 512, /* bytes of an envelope */
  TWIN_IMAGE_MAX = 192512, /* bytes of an image: a slot without its header */
  TWIN_CHUNK_MAX = 4096,   /* bytes of a chunk */
};

typedef struct
{
  char    *vendor;       /* text64 */
  char    *device_class; /* text64: of birth's `class` */
  char    *version;      /* text64, for people: "1.4.0" */
  uint64_t sequence;     /* ≥ 1, rises with every release: decides what is
                          * newer */
  uint64_t counter;      /* security: never goes back once confirmed */
  uint32_t size;         /* bytes of the image, 1 … TWIN_IMAGE_MAX */
  uint8_t  digest[TWIN_DIGEST_SIZE]; /* SHA-256 of the image */
} TwinManifest;

/* Frees the strings, not @manifest. */
void twin_manifest_clear (TwinManifest *manifest);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwinManifest, twin_manifest_clear)

/* The signed envelope. Fails (CONTENT) when a text is empty or too long or a
 * number is out of range, (SIZE) when the texts together are too long. */
GBytes *twin_manifest_build (const TwinManifest *manifest,
                             const TwinKey      *vendor_key,
                             GError            **error);

/* What @envelope says and which key claims to have said it; not the
 * signature. */
gboolean twin_manifest_open (GBytes       *envelope,
                             TwinManifest *manifest,
                             uint8_t       kid[TWIN_KID_SIZE],
                             GError      **error);

/* FALSE (SIGNATURE, or what opening says) when @public_key did not sign it. */
gboolean twin_manifest_verify (GBytes       *envelope,
                               const uint8_t public_key[TWIN_PUBLIC_KEY_SIZE],
                               GError      **error);

/* --- packages: what a vendor hands over --------------------------------- */

typedef struct
{
  TwinManifest manifest;
  uint8_t      kid[TWIN_KID_SIZE];
  GBytes      *envelope;
  GBytes      *image; /* its size and digest are those of the manifest */
} TwinPackage;

TwinPackage *twin_package_new (GBytes *envelope, GBytes *image, GError **error);
TwinPackage *twin_package_parse (GBytes *bytes, GError **error);
/* Reads at most what a package may have; not from a device or pipe. */
TwinPackage *twin_package_read (const char *path, GError **error);
GBytes      *twin_package_build (const TwinPackage *package);
void         twin_package_free (TwinPackage *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinPackage, twin_package_free)

/* --- chunks ------------------------------------------------------------- */

typedef struct
{
  uint8_t  digest[TWIN_DIGEST_SIZE]; /* of the image */
  uint32_t offset;                   /* < TWIN_IMAGE_MAX */
  uint32_t length;                   /* 1 … TWIN_CHUNK_MAX */
} TwinChunkGet;

gboolean twin_chunk_get_parse (const uint8_t *data,
                               size_t         size,
                               TwinChunkGet  *get,
                               GError       **error);

/* The `chunk/data` for @get: the bytes from its offset, fewer at the image's
 * end. NULL when the offset lies beyond it. */
GBytes *twin_chunk_data_build (const TwinChunkGet *get, GBytes *image);

G_END_DECLS
