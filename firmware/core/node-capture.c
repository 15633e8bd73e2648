/* SPDX-License-Identifier: Apache-2.0
 *
 * node-capture.c - captures by trigger and by command, kept in flash
 *
 * Each block is one slot of flash: the very message, so that it is sent again
 * as the same bytes. The head of a slot is programmed last. The area that
 * does not hold the newest capture is erased ahead, a sector at a time.
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  CAPTURE_MAGIC = 0x43415032, /* CAP2 */
  PIECE = 256,                /* bytes moved at a time */
  SECTORS = CAPTURE_AREA / HAL_FLASH_SECTOR,
};

/* Of a slot; the message follows. */
typedef struct
{
  uint32_t magic;
  uint32_t epoch;
  uint32_t capture;
  uint32_t index;
  uint32_t length;
  uint32_t crc; /* of all before and of the message */
} slot_head;

_Static_assert(sizeof (slot_head) % HAL_FLASH_WORD == 0, "slot head");

static uint32_t
slot_at (unsigned area, unsigned slot)
{
  return FLASH_CAPTURE + area * CAPTURE_AREA + slot * CAPTURE_SLOT;
}

static bool
read_head (const node *n, unsigned area, unsigned slot, slot_head *head)
{
  return hal_flash_read (n->board, slot_at (area, slot), head, sizeof *head) ==
             HAL_OK &&
         head->magic == CAPTURE_MAGIC &&
         head->length <= CAPTURE_SLOT - sizeof *head;
}

void
node_capture_init (node *n)
{
  node_capture *c = &n->capture;
  slot_head     newest = { 0 }, head;

  for (unsigned area = 0; area < 2; area++)
    for (unsigned slot = 0; slot < CAPTURE_SLOTS; slot++)
      if (read_head (n, area, slot, &head) &&
          (head.epoch > newest.epoch ||
           (head.epoch == newest.epoch && head.capture > newest.capture)))
        {
          newest = head;
          c->area = (uint8_t) area;
          c->block.capture = head.capture;
        }
}

static bool
sector_blank (const node *n, uint32_t at)
{
  uint64_t words[PIECE / 8];

  for (uint32_t done = 0; done < HAL_FLASH_SECTOR; done += PIECE)
    {
      if (hal_flash_read (n->board, at + done, words, PIECE) != HAL_OK)
        return false;
      for (unsigned i = 0; i < PIECE / 8; i++)
        if (words[i] != UINT64_MAX)
          return false;
    }
  return true;
}

/* One sector of the other area. */
static bool
erase_step (node *n)
{
  node_capture *c = &n->capture;
  uint32_t      at = slot_at (1 - c->area, 0) + c->erased * HAL_FLASH_SECTOR;

  if (c->erased == SECTORS || node_mqtt_streaming (&n->mqtt))
    return false;
  if (!sector_blank (n, at) && hal_flash_erase (n->board, at) != HAL_OK)
    return false; /* tried again at the next step */
  return ++c->erased < SECTORS;
}

static unsigned
axes_of (unsigned set)
{
  unsigned count = 0;

  for (; set != 0; set &= set - 1)
    count++;
  return count;
}

static uint8_t
first_axis (unsigned set)
{
  uint8_t axis = 0;

  while (!(set & (1u << axis)))
    axis++;
  return axis;
}

uint32_t
node_capture_start (node    *n,
                    unsigned accel,
                    unsigned axes,
                    uint64_t n0,
                    uint32_t frames,
                    node_why why)
{
  node_capture     *c = &n->capture;
  const node_accel *a = &n->accels[accel];
  uint64_t          oldest = node_samples_oldest (&a->samples);
  uint32_t          blocks = (frames + a->block_n - 1) / a->block_n;

  if (c->active || c->erased < SECTORS || blocks == 0 || axes == 0 ||
      axes >= 1u << a->axes || blocks > CAPTURE_SLOTS / axes_of (axes))
    return 0;

  c->active = true;
  c->answer = false;
  c->axes = (uint8_t) axes;
  c->area = 1 - c->area;
  c->slot = 0;
  c->unsent = 0;
  c->left = blocks * axes_of (axes);
  c->block = (node_block){ .n0 = n0 > oldest ? n0 : oldest,
                           .capture = ++n->last_capture,
                           .accel = (uint8_t) accel,
                           .why = (uint8_t) why };
  return c->block.capture;
}

uint32_t
node_capture_trigger (node *n, unsigned accel)
{
  const node_accel *a = &n->accels[accel];
  uint32_t          number = node_capture_start (n, accel, (1u << a->axes) - 1,
                                                 node_samples_oldest (&a->samples),
                                                 CAPTURE_SLOTS / a->axes * a->block_n,
                                                 NODE_WHY_TRIGGER);

  n->capture.missed += number == 0;
  return number;
}

/* Clipping is seen in the samples themselves: they may be older than the
 * block that is filling. */
static bool
clipped (const node *n, const node_block *b)
{
  const node_accel *a = &n->accels[b->accel];

  for (uint32_t i = 0; i < a->block_n; i++)
    {
      int16_t x;

      if (!node_samples_read (&a->samples, b->axis, b->n0 + i, 1, &x))
        return false;
      if (x == INT16_MAX || x <= -INT16_MAX)
        return true;
    }
  return false;
}

/* The block into its slot: false if its samples or the flash are gone. */
static bool
write_slot (node *n)
{
  node_capture *c = &n->capture;
  uint32_t      at = slot_at (c->area, c->slot);
  slot_head     head = { .magic = CAPTURE_MAGIC,
                         .epoch = n->epoch,
                         .capture = c->block.capture,
                         .index = c->slot,
                         .length = node_block_length (n, &c->block) };
  uint32_t      crc = node_crc32 (0, &head, offsetof (slot_head, crc));

  for (uint32_t done = 0; done < head.length; done += PIECE)
    {
      uint8_t  piece[PIECE] = { 0 };
      uint32_t size = head.length - done < PIECE ? head.length - done : PIECE;
      uint32_t padded = (size + HAL_FLASH_WORD - 1) & ~(HAL_FLASH_WORD - 1u);

      if (!node_block_read (n, &c->block, done, piece, size) ||
          hal_flash_program (n->board, at + sizeof head + done, piece,
                             padded) != HAL_OK)
        return false;
      crc = node_crc32 (crc, piece, size);
    }

  head.crc = crc;
  return hal_flash_program (n->board, at, &head, sizeof head) == HAL_OK;
}

static void
finish (node *n, bool ok)
{
  node_capture *c = &n->capture;

  c->active = false;
  c->erased = 0; /* the older one may go */
  if (c->answer)
    node_act_capture_done (n, ok);
}

/* All axes of the block: they are as old. False: flash or samples are gone. */
static bool
write_block (node *n)
{
  node_capture *c = &n->capture;
  uint8_t       quality = c->block.quality;

  for (unsigned axes = c->axes; axes != 0; axes &= axes - 1)
    {
      c->block.axis = first_axis (axes);
      c->block.quality =
          (uint8_t) (quality | (clipped (n, &c->block) ? BLOCK_CLIPPED : 0));
      if (!write_slot (n))
        return false;
      c->unsent |= 1u << c->slot++;
      c->left--;
    }
  return true;
}

bool
node_capture_step (node *n)
{
  node_capture *c = &n->capture;
  node_accel   *a = &n->accels[c->block.accel];
  uint64_t      oldest = node_samples_oldest (&a->samples);

  if (!c->active)
    return erase_step (n);
  if (a->failed)
    {
      finish (n, false);
      return true;
    }

  c->block.quality = 0;
  if (c->block.n0 < oldest) /* a gap: the record goes on behind it */
    {
      c->block.n0 = oldest;
      c->block.quality = BLOCK_OVERRUN;
    }
  if (!node_samples_held (&a->samples, c->block.n0, a->block_n))
    return false;

  c->block.last = c->left <= axes_of (c->axes);
  node_block_stamp (n, &c->block);
  if (!write_block (n))
    finish (n, false);
  else if (c->left == 0)
    finish (n, true);
  else
    c->block.n0 += a->block_n;
  return true;
}

/* Ask for blocks of the kept capture again. */
void
node_capture_replay (node *n, uint64_t capture, uint32_t blocks)
{
  node_capture *c = &n->capture;
  slot_head     head;

  for (unsigned i = 0; i < CAPTURE_SLOTS; i++)
    if ((blocks & (1u << i)) && read_head (n, c->area, i, &head) &&
        head.capture == capture)
      c->unsent |= 1u << i;
}

static bool
slot_whole (const node *n, uint32_t at, const slot_head *head)
{
  uint32_t crc = node_crc32 (0, head, offsetof (slot_head, crc));

  for (uint32_t done = 0; done < head->length; done += PIECE)
    {
      uint8_t  piece[PIECE];
      uint32_t size = head->length - done < PIECE ? head->length - done : PIECE;

      if (hal_flash_read (n->board, at + sizeof *head + done, piece, size) !=
          HAL_OK)
        return false;
      crc = node_crc32 (crc, piece, size);
    }
  return crc == head->crc;
}

static bool
read_slot (void *context, uint32_t at, uint8_t *out, uint32_t count)
{
  const node *n = context;

  return hal_flash_read (n->board, n->capture.stream_at + at, out, count) ==
         HAL_OK;
}

bool
node_capture_send (node *n)
{
  node_capture *c = &n->capture;
  char          topic[NODE_TOPIC_SIZE];
  slot_head     head;
  unsigned      slot = 0;

  if (c->unsent == 0)
    return false;
  while (!(c->unsent & (1u << slot)))
    slot++;

  if (read_head (n, c->area, slot, &head) &&
      slot_whole (n, slot_at (c->area, slot), &head))
    {
      c->stream_at = slot_at (c->area, slot) + sizeof head;
      node_topic (n, "waveform", topic);
      if (!node_mqtt_publish_from (&n->mqtt, topic, head.length, 1, false,
                                   read_slot, n))
        return false; /* later */
    }
  c->unsent &= ~(1u << slot);
  return true;
}
