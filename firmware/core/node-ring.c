/* SPDX-License-Identifier: Apache-2.0
 *
 * node-ring.c - the log of records in flash
 */
#include "node-ring.h"

#include <string.h>

#include "node-keep.h"

enum
{
  SECTOR_MAGIC = 0x52494e47, /* RING */
  SECTOR_HEAD = 32,
  RECORD_MAGIC = 0x5243,
  RECORD_HEAD = 24,
  COMMIT_SIZE = HAL_FLASH_WORD,
  CHUNK = 512,
};

static const uint8_t commit_word[COMMIT_SIZE] = { 'c', 'o', 'm', 'm',
                                                  'i', 't', 0,   0 };

typedef struct
{
  uint32_t magic;
  uint32_t serial;
  uint8_t  id[NODE_RING_ID_SIZE];
  uint64_t seq;   /* of the first record */
  uint32_t epoch; /* of the first record */
  uint32_t crc;   /* of all before */
} sector_head;

typedef struct
{
  uint16_t magic;
  uint16_t length;
  uint32_t epoch;
  uint64_t seq;
  uint8_t  kind;
  uint8_t  reserved[3];
  uint32_t crc; /* of all before and of the bytes */
} record_head;

_Static_assert(sizeof (sector_head) == SECTOR_HEAD, "sector head");
_Static_assert(sizeof (record_head) == RECORD_HEAD, "record head");

static uint32_t
padded (uint32_t n)
{
  return (n + HAL_FLASH_WORD - 1) & ~(uint32_t) (HAL_FLASH_WORD - 1);
}

static uint32_t
record_size (uint32_t length)
{
  return RECORD_HEAD + padded (length) + COMMIT_SIZE;
}

static uint32_t
sector_at (const node_ring *ring, uint32_t serial)
{
  return ring->base + (serial % ring->sectors) * HAL_FLASH_SECTOR;
}

static bool
read_sector_head (const node_ring *ring, uint32_t at, sector_head *head)
{
  return hal_flash_read (ring->board, at, head, sizeof *head) == HAL_OK &&
         head->magic == SECTOR_MAGIC &&
         memcmp (head->id, ring->id, NODE_RING_ID_SIZE) == 0 &&
         head->crc == node_crc32 (0, head, offsetof (sector_head, crc)) &&
         sector_at (ring, head->serial) == at;
}

static bool
sector_valid (const node_ring *ring, uint32_t serial, sector_head *head)
{
  return read_sector_head (ring, sector_at (ring, serial), head) &&
         head->serial == serial;
}

typedef enum
{
  SLOT_WHOLE,
  SLOT_DAMAGED, /* passed over: *size still holds */
  SLOT_END,     /* erased */
  SLOT_TORN,    /* nothing behind it can be found */
} slot;

static bool
bytes_check (const node_ring *ring, uint32_t at, const record_head *head)
{
  uint8_t  chunk[CHUNK];
  uint32_t crc = node_crc32 (0, head, offsetof (record_head, crc));

  for (uint32_t done = 0; done < head->length;)
    {
      uint32_t n = head->length - done < CHUNK ? head->length - done : CHUNK;

      if (hal_flash_read (ring->board, at + RECORD_HEAD + done, chunk, n) !=
          HAL_OK)
        return false;
      crc = node_crc32 (crc, chunk, n);
      done += n;
    }
  return crc == head->crc;
}

static slot
look (const node_ring  *ring,
      uint32_t          serial,
      uint32_t          offset,
      node_ring_record *record,
      uint32_t         *size)
{
  static const record_head erased_head;
  uint8_t                  commit[COMMIT_SIZE];
  record_head              head = erased_head;
  uint32_t                 at = sector_at (ring, serial) + offset;
  bool                     blank = true;

  if (offset + record_size (0) > HAL_FLASH_SECTOR)
    return SLOT_END;
  if (hal_flash_read (ring->board, at, &head, sizeof head) != HAL_OK)
    return SLOT_TORN;

  for (unsigned i = 0; i < sizeof head && blank; i++)
    blank = ((const uint8_t *) &head)[i] == 0xff;
  if (blank)
    return SLOT_END;

  if (head.magic != RECORD_MAGIC || head.length > NODE_RING_RECORD_MAX ||
      record_size (head.length) > HAL_FLASH_SECTOR - offset)
    return SLOT_TORN;

  *size = record_size (head.length);
  record->epoch = head.epoch;
  record->seq = head.seq;
  record->kind = (node_record_kind) head.kind;
  record->length = head.length;
  record->at = at + RECORD_HEAD;

  if (hal_flash_read (ring->board, at + *size - COMMIT_SIZE, commit,
                      sizeof commit) != HAL_OK ||
      memcmp (commit, commit_word, COMMIT_SIZE) != 0 ||
      head.kind > NODE_RECORD_EVENT || !bytes_check (ring, at, &head))
    return SLOT_DAMAGED;
  return SLOT_WHOLE;
}

static void
hold (node_ring *ring, uint32_t epoch, uint64_t seq)
{
  if (ring->n_extents > 0)
    {
      node_ring_extent *last = &ring->extents[ring->n_extents - 1];

      if (last->epoch == epoch && last->last + (uint64_t) 1 == seq)
        {
          last->last = (uint32_t) seq;
          return;
        }
    }

  if (ring->n_extents == NODE_RING_EXTENTS)
    {
      memmove (ring->extents, ring->extents + 1,
               sizeof ring->extents - sizeof ring->extents[0]);
      ring->n_extents--;
    }
  ring->extents[ring->n_extents++] =
      (node_ring_extent){ epoch, (uint32_t) seq, (uint32_t) seq };
}

static bool
before (uint32_t epoch, uint64_t seq, uint32_t other_epoch, uint64_t other_seq)
{
  return epoch < other_epoch || (epoch == other_epoch && seq < other_seq);
}

/* Everything before this record is gone. */
static void
release_before (node_ring *ring, uint32_t epoch, uint64_t seq)
{
  uint32_t gone = 0;

  while (
      gone < ring->n_extents &&
      before (ring->extents[gone].epoch, ring->extents[gone].last, epoch, seq))
    gone++;

  memmove (ring->extents, ring->extents + gone,
           (ring->n_extents - gone) * sizeof ring->extents[0]);
  ring->n_extents -= gone;

  if (ring->n_extents > 0 &&
      before (ring->extents[0].epoch, ring->extents[0].first, epoch, seq))
    ring->extents[0].first = (uint32_t) seq;
}

/* Read one sector's records into the extents; its free space begins where
 * this returns, HAL_FLASH_SECTOR if nothing may be added. */
static uint32_t
survey_sector (node_ring *ring, uint32_t serial)
{
  uint32_t         offset = SECTOR_HEAD, size = 0;
  node_ring_record record;

  for (;;)
    switch (look (ring, serial, offset, &record, &size))
      {
      case SLOT_WHOLE:
        hold (ring, record.epoch, record.seq);
        offset += size;
        break;
      case SLOT_DAMAGED:
        ring->corrupt++;
        offset += size;
        break;
      case SLOT_END:
        return offset;
      case SLOT_TORN:
        ring->corrupt++;
        return HAL_FLASH_SECTOR;
      }
}

/* A cut may have torn a record whose head still reads as erased, or a head
 * beyond one: only truly blank space is written to. */
static bool
blank_from (const node_ring *ring, uint32_t serial, uint32_t offset)
{
  uint64_t word;

  for (; offset < HAL_FLASH_SECTOR; offset += sizeof word)
    if (hal_flash_read (ring->board, sector_at (ring, serial) + offset, &word,
                        sizeof word) != HAL_OK ||
        word != UINT64_MAX)
      return false;
  return true;
}

static void
find_ends (node_ring *ring)
{
  for (uint32_t i = 0; i < ring->sectors; i++)
    {
      sector_head head;

      if (!read_sector_head (ring, ring->base + i * HAL_FLASH_SECTOR, &head))
        continue;
      if (ring->empty || head.serial > ring->head)
        ring->head = head.serial;
      ring->empty = false;
    }

  if (ring->empty)
    return;

  ring->tail = ring->head >= ring->sectors ? ring->head - ring->sectors + 1 : 0;
  for (sector_head head; ring->tail < ring->head; ring->tail++)
    if (sector_valid (ring, ring->tail, &head))
      break;
}

hal_status
node_ring_open (node_ring    *ring,
                hal          *board,
                uint32_t      base,
                uint32_t      sectors,
                const uint8_t id[NODE_RING_ID_SIZE],
                uint32_t      epoch)
{
  memset (ring, 0, sizeof *ring);
  if (sectors < 2 || base % HAL_FLASH_SECTOR != 0 ||
      base + (uint64_t) sectors * HAL_FLASH_SECTOR > hal_flash_size (board))
    return HAL_ERR_ARGUMENT;

  ring->board = board;
  ring->base = base;
  ring->sectors = sectors;
  memcpy (ring->id, id, NODE_RING_ID_SIZE);
  ring->epoch = epoch;
  ring->empty = true;
  find_ends (ring);
  if (ring->empty)
    return HAL_OK;

  for (uint32_t serial = ring->tail; serial <= ring->head; serial++)
    {
      sector_head head;

      ring->offset = HAL_FLASH_SECTOR;
      if (sector_valid (ring, serial, &head))
        ring->offset = survey_sector (ring, serial);
    }

  if (!blank_from (ring, ring->head, ring->offset))
    ring->offset = HAL_FLASH_SECTOR;
  return HAL_OK;
}

/* The sector to be erased next goes away: the oldest one is then the first
 * readable one behind it. */
static void
drop_tail (node_ring *ring)
{
  sector_head head;

  for (ring->tail++; ring->tail < ring->head; ring->tail++)
    if (sector_valid (ring, ring->tail, &head))
      break;

  if (sector_valid (ring, ring->tail, &head))
    release_before (ring, head.epoch, head.seq);
}

static hal_status
open_sector (node_ring *ring)
{
  uint32_t    serial = ring->empty ? 0 : ring->head + 1;
  sector_head head = { SECTOR_MAGIC,   serial,      { 0 },
                       ring->next_seq, ring->epoch, 0 };
  hal_status  status;

  if (!ring->empty && serial - ring->tail >= ring->sectors)
    drop_tail (ring);

  memcpy (head.id, ring->id, NODE_RING_ID_SIZE);
  head.crc = node_crc32 (0, &head, offsetof (sector_head, crc));

  status = hal_flash_erase (ring->board, sector_at (ring, serial));
  if (status == HAL_OK)
    status = hal_flash_program (ring->board, sector_at (ring, serial), &head,
                                sizeof head);
  if (status != HAL_OK)
    return status;

  if (ring->empty)
    ring->tail = serial;
  ring->empty = false;
  ring->head = serial;
  ring->offset = SECTOR_HEAD;
  return HAL_OK;
}

static hal_status
write_record (node_ring         *ring,
              uint32_t           at,
              const record_head *head,
              const uint8_t     *data)
{
  uint32_t   n = head->length;
  uint32_t   whole = n & ~(uint32_t) (HAL_FLASH_WORD - 1);
  hal_status status = hal_flash_program (ring->board, at, head, sizeof *head);

  if (status == HAL_OK && whole > 0)
    status = hal_flash_program (ring->board, at + RECORD_HEAD, data, whole);
  if (status == HAL_OK && whole < n)
    {
      uint8_t last[HAL_FLASH_WORD] = { 0 };

      memcpy (last, data + whole, n - whole);
      status = hal_flash_program (ring->board, at + RECORD_HEAD + whole, last,
                                  sizeof last);
    }
  if (status == HAL_OK)
    status = hal_flash_program (ring->board, at + record_size (n) - COMMIT_SIZE,
                                commit_word, COMMIT_SIZE);
  return status;
}

hal_status
node_ring_append (node_ring       *ring,
                  node_record_kind kind,
                  const void      *data,
                  size_t           n)
{
  record_head head = { RECORD_MAGIC,
                       (uint16_t) n,
                       ring->epoch,
                       ring->next_seq,
                       (uint8_t) kind,
                       { 0 },
                       0 };
  hal_status  status;

  if (n > NODE_RING_RECORD_MAX)
    return HAL_ERR_ARGUMENT;

  if (ring->empty ||
      ring->offset + record_size ((uint32_t) n) > HAL_FLASH_SECTOR)
    {
      status = open_sector (ring);
      if (status != HAL_OK)
        return status;
    }

  head.crc = node_crc32 (0, &head, offsetof (record_head, crc));
  head.crc = node_crc32 (head.crc, data, n);
  status = write_record (ring, sector_at (ring, ring->head) + ring->offset,
                         &head, data);
  if (status != HAL_OK)
    {
      ring->offset = HAL_FLASH_SECTOR; /* torn: go on in a fresh sector */
      return status;
    }

  hold (ring, ring->epoch, ring->next_seq);
  ring->offset += record_size ((uint32_t) n);
  ring->next_seq++;
  return HAL_OK;
}

bool
node_ring_last (const node_ring *ring, uint32_t epoch, uint64_t *seq)
{
  for (uint32_t i = ring->n_extents; i-- > 0;)
    if (ring->extents[i].epoch == epoch)
      {
        *seq = ring->extents[i].last;
        return true;
      }
  return false;
}

bool
node_ring_next (const node_ring  *ring,
                node_ring_cursor *cursor,
                node_ring_record *record)
{
  if (ring->empty)
    return false;

  if (cursor->serial < ring->tail)
    *cursor = (node_ring_cursor){ ring->tail, SECTOR_HEAD };

  while (cursor->serial <= ring->head)
    {
      uint32_t    size = 0;
      sector_head head;
      slot        found = SLOT_TORN;

      if (cursor->offset != SECTOR_HEAD ||
          sector_valid (ring, cursor->serial, &head))
        found = look (ring, cursor->serial, cursor->offset, record, &size);

      if (found == SLOT_WHOLE || found == SLOT_DAMAGED)
        {
          cursor->offset += size;
          if (found == SLOT_WHOLE)
            return true;
          continue;
        }

      if (cursor->serial == ring->head)
        return false; /* stay: more may be written here */
      *cursor = (node_ring_cursor){ cursor->serial + 1, SECTOR_HEAD };
    }

  return false;
}

bool
node_ring_seek (const node_ring  *ring,
                uint32_t          epoch,
                uint64_t          seq,
                node_ring_cursor *cursor)
{
  uint32_t         low = ring->tail, high = ring->head;
  node_ring_record record;
  node_ring_cursor at;

  if (ring->empty)
    return false;

  /* The last readable sector whose first record is not behind the target. */
  while (low < high)
    {
      uint32_t    middle = low + (high - low + 1) / 2, probe = middle;
      sector_head head;

      while (probe > low && !sector_valid (ring, probe, &head))
        probe--;
      if (probe == low)
        high = middle - 1;
      else if (before (epoch, seq, head.epoch, head.seq))
        high = probe - 1;
      else
        low = middle;
    }

  at = (node_ring_cursor){ low, SECTOR_HEAD };
  for (;;)
    {
      *cursor = at;
      if (!node_ring_next (ring, &at, &record))
        return false;
      if (!before (record.epoch, record.seq, epoch, seq))
        return true;
    }
}
