/* SPDX-License-Identifier: Apache-2.0
 *
 * boot-manifest.c - what a vendor signed, and whether it is for this board
 */
#include <string.h>

#include "boot.h"
#include "node-cbor.h"
#include "node-cose.h"

/* Of every manifest, whatever topic it came on. */
static const char manifest_aad[] = "twin/1/manifest";

const char *
boot_reason_text (boot_reason reason)
{
  static const char *const texts[BOOT_REASONS] = {
    "",      "malformed", "unknown-key", "signature", "vendor",
    "class", "size",      "sequence",    "counter",   "digest",
    "flash", "timeout",   "unconfirmed", "broker",    "sensor",
    "clock",
  };

  return reason < BOOT_REASONS ? texts[reason] : "";
}

/* An unsigned number of the payload from @least to 2^63 - 1. */
static bool
number (const node_cbor_reader *r,
        const char             *name,
        uint64_t                least,
        uint64_t               *value)
{
  node_cbor_reader at;

  return node_cbor_find (r, name, &at) && node_cbor_get_uint (&at, value) &&
         *value >= least && *value <= INT64_MAX;
}

static bool
text (const node_cbor_reader *r, const char *name, char out[BOOT_NAME_SIZE])
{
  node_cbor_reader at;

  return node_cbor_find (r, name, &at) &&
         node_cbor_copy_text (&at, out, BOOT_NAME_SIZE);
}

static bool
read_payload (const node_cose_view *view, boot_manifest *m)
{
  node_cbor_reader r, at;
  const uint8_t   *digest;
  uint64_t         size;
  size_t           digest_n;

  node_cbor_open (&r, view->payload, view->payload_n);
  if (!text (&r, "vendor", m->vendor) || !text (&r, "class", m->node_class) ||
      !text (&r, "version", m->version) ||
      !number (&r, "sequence", 1, &m->sequence) ||
      !number (&r, "counter", 0, &m->counter) ||
      !number (&r, "size", 1, &size) || !node_cbor_find (&r, "digest", &at) ||
      !node_cbor_get_bytes (&at, &digest, &digest_n) ||
      digest_n != sizeof m->digest)
    return false;

  m->size = size > UINT32_MAX ? UINT32_MAX : (uint32_t) size;
  memcpy (m->digest, digest, sizeof m->digest);
  return true;
}

static bool
open_manifest (const uint8_t  *envelope,
               size_t          n,
               node_cose_view *view,
               boot_manifest  *m)
{
  memset (m, 0, sizeof *m);
  return n <= BOOT_MANIFEST_MAX && node_cose_open_sign (envelope, n, view) &&
         read_payload (view, m);
}

bool
boot_manifest_read (const uint8_t *envelope, size_t n, boot_manifest *m)
{
  node_cose_view view;

  return open_manifest (envelope, n, &view, m);
}

boot_reason
boot_manifest_check (const uint8_t       *envelope,
                     size_t               n,
                     const boot_identity *id,
                     boot_manifest       *m)
{
  uint8_t        scratch[NODE_COSE_ROOM + BOOT_MANIFEST_MAX];
  uint8_t        kid[NODE_KID_SIZE];
  node_cose_view view;

  if (!open_manifest (envelope, n, &view, m))
    return BOOT_MALFORMED;
  if (id->vendor == NULL)
    return BOOT_UNKNOWN_KEY;
  node_cose_kid (id->key, kid);
  if (memcmp (kid, view.kid, sizeof kid) != 0)
    return BOOT_UNKNOWN_KEY;
  if (!node_cose_verify (&view, manifest_aad, id->key, scratch, sizeof scratch))
    return BOOT_SIGNATURE;
  if (strcmp (m->vendor, id->vendor) != 0)
    return BOOT_VENDOR;
  if (strcmp (m->node_class, id->node_class) != 0)
    return BOOT_CLASS;
  return m->size <= CODE_IMAGE_MAX ? BOOT_GOOD : BOOT_TOO_LARGE;
}
