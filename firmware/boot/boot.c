/* SPDX-License-Identifier: Apache-2.0
 *
 * boot.c - slots, and which of them to start
 */
#include "boot.h"

#include <string.h>

#include "boot-sha256.h"

enum
{
  HEADER_MAGIC = 0x57464354, /* TCFW */
  CHUNK = 256,
};

typedef struct
{
  uint32_t magic;
  uint32_t length; /* of the envelope behind it */
} header_head;

uint32_t
boot_slot_at (unsigned slot)
{
  return CODE_SLOT_0 + slot * CODE_SLOT_SIZE;
}

uint32_t
boot_image_at (unsigned slot)
{
  return boot_slot_at (slot) + CODE_SLOT_HEADER;
}

size_t
boot_slot_envelope (hal *h, unsigned slot, uint8_t envelope[BOOT_MANIFEST_MAX])
{
  header_head head;
  uint32_t    at = boot_slot_at (slot);

  if (hal_code_read (h, at, &head, sizeof head) != HAL_OK ||
      head.magic != HEADER_MAGIC || head.length == 0 ||
      head.length > BOOT_MANIFEST_MAX ||
      hal_code_read (h, at + sizeof head, envelope, head.length) != HAL_OK)
    return 0;
  return head.length;
}

hal_status
boot_slot_put_envelope (hal           *h,
                        unsigned       slot,
                        const uint8_t *envelope,
                        size_t         n)
{
  uint8_t     padded[sizeof (header_head) + BOOT_MANIFEST_MAX] = { 0 };
  header_head head = { HEADER_MAGIC, (uint32_t) n };
  size_t      size = sizeof head + n + (HAL_FLASH_WORD - 1);

  if (n == 0 || n > BOOT_MANIFEST_MAX)
    return HAL_ERR_ARGUMENT;
  memcpy (padded, &head, sizeof head);
  memcpy (padded + sizeof head, envelope, n);
  return hal_code_program (h, boot_slot_at (slot), padded,
                           size - size % HAL_FLASH_WORD);
}

bool
boot_slot_manifest (hal *h, unsigned slot, boot_manifest *m)
{
  uint8_t envelope[BOOT_MANIFEST_MAX];
  size_t  n = slot < CODE_SLOTS ? boot_slot_envelope (h, slot, envelope) : 0;

  return n > 0 && boot_manifest_read (envelope, n, m);
}

static bool
digest_holds (hal *h, unsigned slot, const boot_manifest *m)
{
  boot_sha256 sha;
  uint8_t     chunk[CHUNK], digest[32];

  boot_sha256_begin (&sha);
  for (uint32_t at = 0; at < m->size; at += CHUNK)
    {
      uint32_t n = m->size - at < CHUNK ? m->size - at : CHUNK;

      if (hal_code_read (h, boot_image_at (slot) + at, chunk, n) != HAL_OK)
        return false;
      boot_sha256_add (&sha, chunk, n);
    }
  boot_sha256_end (&sha, digest);
  return memcmp (digest, m->digest, sizeof digest) == 0;
}

boot_reason
boot_slot_check (hal                 *h,
                 unsigned             slot,
                 const boot_identity *id,
                 boot_manifest       *m)
{
  uint8_t envelope[BOOT_MANIFEST_MAX];
  size_t  n = slot < CODE_SLOTS ? boot_slot_envelope (h, slot, envelope) : 0;
  boot_reason reason = BOOT_MALFORMED;

  if (n > 0)
    reason = boot_manifest_check (envelope, n, id, m);
  if (reason == BOOT_GOOD && !digest_holds (h, slot, m))
    reason = BOOT_DIGEST;
  return reason;
}

/* A slot may run: all of the above, and not below the counter. */
static boot_reason
fit (hal                 *h,
     unsigned             slot,
     const boot_identity *id,
     uint64_t             counter,
     boot_manifest       *m)
{
  boot_reason reason = boot_slot_check (h, slot, id, m);

  if (reason == BOOT_GOOD && m->counter < counter)
    reason = BOOT_COUNTER;
  return reason;
}

/* The metadata is gone, or was never written. A slot holds the image that ran,
 * an older one, or a newer one that never proved itself: so the oldest that is
 * good has run before. */
static void
begin_anew (hal *h, const boot_identity *id, boot_meta *meta)
{
  boot_manifest m;
  uint64_t      oldest = UINT64_MAX;

  for (unsigned slot = 0; slot < CODE_SLOTS; slot++)
    if (fit (h, slot, id, 0, &m) == BOOT_GOOD && m.sequence < oldest)
      {
        oldest = m.sequence;
        meta->active = (uint8_t) slot;
        meta->counter = m.counter;
      }
  if (meta->active != BOOT_SLOT_NONE)
    boot_meta_store (h, meta);
}

/* Start the image on trial once more, or say why not. */
static boot_reason
try_trial (hal                 *h,
           const boot_identity *id,
           boot_meta           *meta,
           boot_choice         *choice)
{
  boot_manifest running = { .sequence = 0 };
  boot_reason   reason;

  reason = fit (h, meta->trial, id, meta->counter, &choice->manifest);
  if (reason != BOOT_GOOD)
    return reason;
  boot_slot_manifest (h, meta->active, &running);
  if (choice->manifest.sequence <= running.sequence)
    return BOOT_SEQUENCE;
  if (meta->tries >= BOOT_TRIES)
    return BOOT_UNCONFIRMED;

  /* Counted before it runs: it may never come back. */
  meta->state = BOOT_TRIAL;
  meta->tries++;
  if (boot_meta_store (h, meta) != HAL_OK)
    return BOOT_FLASH;
  choice->slot = meta->trial;
  choice->trial = true;
  return BOOT_GOOD;
}

/* The known good slot; where it is damaged the other, unless that is the one
 * that failed. */
static void
choose_good (hal                 *h,
             const boot_identity *id,
             boot_meta           *meta,
             boot_choice         *choice)
{
  unsigned    other = 1u - meta->active;
  boot_reason reason;

  if (meta->active >= CODE_SLOTS)
    return;
  reason = fit (h, meta->active, id, meta->counter, &choice->manifest);
  if (reason == BOOT_GOOD)
    {
      choice->slot = meta->active;
      return;
    }

  if ((meta->trial == other && meta->state >= BOOT_REVERTED) ||
      fit (h, other, id, meta->counter, &choice->manifest) != BOOT_GOOD)
    return;
  choice->slot = other;
  meta->trial = meta->active;
  meta->active = (uint8_t) other;
  meta->state = BOOT_REVERTED;
  meta->reason = (uint8_t) reason;
  boot_meta_store (h, meta);
}

boot_choice
boot_decide (hal *h, const boot_identity *id)
{
  boot_choice choice = { .slot = BOOT_SLOT_NONE };
  boot_meta   meta;

  if (!boot_meta_load (h, &meta))
    begin_anew (h, id, &meta);

  if (meta.state == BOOT_PENDING || meta.state == BOOT_TRIAL)
    {
      bool        ran = meta.tries > 0;
      boot_reason reason = try_trial (h, id, &meta, &choice);

      if (reason == BOOT_GOOD)
        return choice;
      meta.state = ran ? BOOT_REVERTED : BOOT_REFUSED;
      meta.reason = (uint8_t) reason;
      boot_meta_store (h, &meta);
    }

  choose_good (h, id, &meta, &choice);
  if (choice.slot == BOOT_SLOT_NONE)
    memset (&choice.manifest, 0, sizeof choice.manifest);
  return choice;
}
