/* SPDX-License-Identifier: Apache-2.0
 *
 * boot-meta.c - the two pages of metadata, which take turns
 */
#include <string.h>

#include "boot.h"
#include "node-crc.h"

enum
{
  PAGE_MAGIC = 0x54454d42, /* BMET */
};

/* What a page holds, from its start. */
typedef struct
{
  uint32_t magic;
  uint32_t generation; /* the greater one counts */
  uint8_t  active, trial, state, tries, reason;
  uint8_t  reserved[3];
  uint64_t counter;
  uint32_t reserved2;
  uint32_t crc; /* of all before */
} page;

static bool
slot_valid (unsigned slot)
{
  return slot < CODE_SLOTS || slot == BOOT_SLOT_NONE;
}

static bool
load_page (hal *h, unsigned index, page *p)
{
  return hal_code_read (h, CODE_META + index * HAL_FLASH_SECTOR, p,
                        sizeof *p) == HAL_OK &&
         p->magic == PAGE_MAGIC &&
         p->crc == node_crc32 (0, p, offsetof (page, crc)) &&
         slot_valid (p->active) && slot_valid (p->trial) &&
         p->state < BOOT_STATES && p->reason < BOOT_REASONS;
}

/* The page that counts, or -1. Generations are compared so that they may
 * wrap. */
static int
newest (hal *h, page *out)
{
  page other;
  bool first = load_page (h, 0, out), second = load_page (h, 1, &other);

  if (second && (!first || (int32_t) (other.generation - out->generation) > 0))
    {
      *out = other;
      return 1;
    }
  return first ? 0 : -1;
}

bool
boot_meta_load (hal *h, boot_meta *m)
{
  page p;

  if (newest (h, &p) < 0)
    {
      *m = (boot_meta){ .active = BOOT_SLOT_NONE, .trial = BOOT_SLOT_NONE };
      return false;
    }

  *m = (boot_meta){ .active = p.active,
                    .trial = p.trial,
                    .state = p.state,
                    .tries = p.tries,
                    .reason = p.reason,
                    .counter = p.counter };
  return true;
}

hal_status
boot_meta_store (hal *h, const boot_meta *m)
{
  page       p, old;
  int        at = newest (h, &old);
  uint32_t   to = CODE_META + (at == 0 ? HAL_FLASH_SECTOR : 0);
  hal_status status;

  memset (&p, 0, sizeof p);
  p.magic = PAGE_MAGIC;
  p.generation = at < 0 ? 1 : old.generation + 1;
  p.active = m->active;
  p.trial = m->trial;
  p.state = m->state;
  p.tries = m->tries;
  p.reason = m->reason;
  p.counter = m->counter;
  p.crc = node_crc32 (0, &p, offsetof (page, crc));

  status = hal_code_erase (h, to);
  if (status == HAL_OK)
    status = hal_code_program (h, to, &p, sizeof p);
  return status;
}

unsigned
boot_meta_running (const boot_meta *m)
{
  return m->state == BOOT_TRIAL ? m->trial : m->active;
}
