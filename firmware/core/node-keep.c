/* SPDX-License-Identifier: Apache-2.0
 *
 * node-keep.c - small values that survive power loss
 */
#include "node-keep.h"

#include <string.h>

enum
{
  BANK_MAGIC = 0x4b454550, /* KEEP */
  BANK_HEAD = 16,
  ENTRY_MAGIC = 0x4b56,
  ENTRY_HEAD = 16,
  CHUNK = 256, /* bytes moved at a time */
};

typedef struct
{
  uint32_t magic;
  uint32_t generation;
  uint32_t bank_size;
  uint32_t crc; /* of the three before */
} bank_head;

typedef struct
{
  uint16_t magic;
  uint8_t  key;
  uint8_t  reserved;
  uint32_t length;
  uint32_t sequence; /* keeps equal values apart */
  uint32_t crc;      /* of the twelve bytes before and of the value */
} entry_head;

static uint32_t
padded (uint32_t n)
{
  return (n + HAL_FLASH_WORD - 1) & ~(uint32_t) (HAL_FLASH_WORD - 1);
}

static uint32_t
bank_at (const node_keep *k, uint32_t bank)
{
  return k->base + bank * k->bank_size;
}

static uint32_t
head_crc (const bank_head *head)
{
  return node_crc32 (0, head, offsetof (bank_head, crc));
}

/* The entry at @offset of @bank is whole; its end goes to @end. */
static bool
entry_whole (const node_keep *k,
             uint32_t         bank,
             uint32_t         offset,
             entry_head      *head,
             uint32_t        *end)
{
  uint8_t  chunk[CHUNK];
  uint32_t at = bank_at (k, bank) + offset, crc;

  if (offset + ENTRY_HEAD > k->bank_size ||
      hal_flash_read (k->board, at, head, sizeof *head) != HAL_OK ||
      head->magic != ENTRY_MAGIC || head->key == 0 ||
      head->key >= NODE_KEEP_KEYS || head->length > NODE_KEEP_VALUE_MAX ||
      padded (head->length) > k->bank_size - offset - ENTRY_HEAD)
    return false;

  crc = node_crc32 (0, head, offsetof (entry_head, crc));
  for (uint32_t done = 0; done < head->length;)
    {
      uint32_t n = head->length - done < CHUNK ? head->length - done : CHUNK;

      if (hal_flash_read (k->board, at + ENTRY_HEAD + done, chunk, n) != HAL_OK)
        return false;
      crc = node_crc32 (crc, chunk, n);
      done += n;
    }

  *end = offset + ENTRY_HEAD + padded (head->length);
  return crc == head->crc;
}

static bool
blank_from (const node_keep *k, uint32_t bank, uint32_t offset)
{
  uint8_t chunk[CHUNK];

  while (offset < k->bank_size)
    {
      uint32_t left = k->bank_size - offset, n = left < CHUNK ? left : CHUNK;

      if (hal_flash_read (k->board, bank_at (k, bank) + offset, chunk, n) !=
          HAL_OK)
        return false;
      for (uint32_t i = 0; i < n; i++)
        if (chunk[i] != 0xff)
          return false;
      offset += n;
    }
  return true;
}

/* Walk the live bank. What lies behind a torn entry is not used again: the
 * next value goes to a fresh bank. */
static void
scan (node_keep *k)
{
  uint32_t   offset = BANK_HEAD, end;
  entry_head head;

  memset (k->entries, 0, sizeof k->entries);
  while (entry_whole (k, k->bank, offset, &head, &end))
    {
      k->entries[head.key] = offset;
      offset = end;
    }

  k->at = blank_from (k, k->bank, offset) ? offset : k->bank_size;
}

static hal_status
erase_bank (node_keep *k, uint32_t bank)
{
  for (uint32_t at = 0; at < k->bank_size; at += HAL_FLASH_SECTOR)
    {
      hal_status status = hal_flash_erase (k->board, bank_at (k, bank) + at);

      if (status != HAL_OK)
        return status;
    }
  return HAL_OK;
}

static hal_status
write_head (node_keep *k, uint32_t bank, uint32_t generation)
{
  bank_head head = { BANK_MAGIC, generation, k->bank_size, 0 };

  head.crc = head_crc (&head);
  return hal_flash_program (k->board, bank_at (k, bank), &head, sizeof head);
}

static hal_status
switch_bank (node_keep *k, uint32_t end)
{
  uint32_t   other = 1 - k->bank;
  hal_status status = write_head (k, other, k->generation + 1);

  if (status != HAL_OK)
    return status;

  k->bank = other;
  k->generation++;
  k->at = end;
  return HAL_OK;
}

hal_status
node_keep_open (node_keep *k, hal *board, uint32_t base, uint32_t bank_size)
{
  bool found = false;

  memset (k, 0, sizeof *k);
  k->board = board;
  k->base = base;
  k->bank_size = bank_size;

  for (uint32_t bank = 0; bank < 2; bank++)
    {
      bank_head head;

      if (hal_flash_read (board, bank_at (k, bank), &head, sizeof head) !=
          HAL_OK)
        return HAL_ERR_IO;
      if (head.magic != BANK_MAGIC || head.bank_size != bank_size ||
          head.crc != head_crc (&head))
        continue;
      if (!found || (int32_t) (head.generation - k->generation) > 0)
        {
          k->bank = bank;
          k->generation = head.generation;
          found = true;
        }
    }

  if (!found)
    {
      hal_status status;

      k->bank = 1;
      status = erase_bank (k, 0);
      return status == HAL_OK ? switch_bank (k, BANK_HEAD) : status;
    }

  scan (k);
  return HAL_OK;
}

int32_t
node_keep_get (const node_keep *k, unsigned key, void *out, size_t size)
{
  entry_head head;
  uint32_t   at;

  if (key >= NODE_KEEP_KEYS || k->entries[key] == 0)
    return -1;

  at = bank_at (k, k->bank) + k->entries[key];
  if (hal_flash_read (k->board, at, &head, sizeof head) != HAL_OK ||
      head.length > size ||
      hal_flash_read (k->board, at + ENTRY_HEAD, out, head.length) != HAL_OK)
    return -1;
  return (int32_t) head.length;
}

/* Head and first bytes share words with nothing else, so the head, which
 * carries the check, may go first: without its value it does not check. */
static hal_status
write_entry (node_keep  *k,
             uint32_t    bank,
             uint32_t    offset,
             unsigned    key,
             const void *data,
             size_t      n)
{
  entry_head head = { ENTRY_MAGIC, (uint8_t) key, 0, (uint32_t) n, offset, 0 };
  uint32_t   at = bank_at (k, bank) + offset + ENTRY_HEAD;
  uint32_t   whole = (uint32_t) n & ~(uint32_t) (HAL_FLASH_WORD - 1);
  hal_status status;

  head.crc = node_crc32 (0, &head, offsetof (entry_head, crc));
  head.crc = node_crc32 (head.crc, data, n);

  status = hal_flash_program (k->board, at - ENTRY_HEAD, &head, sizeof head);
  if (status == HAL_OK && whole > 0)
    status = hal_flash_program (k->board, at, data, whole);
  if (status == HAL_OK && whole < n)
    {
      uint8_t last[HAL_FLASH_WORD] = { 0 };

      memcpy (last, (const uint8_t *) data + whole, n - whole);
      status = hal_flash_program (k->board, at + whole, last, sizeof last);
    }
  return status;
}

/* Copy a live entry as it is, check included. */
static hal_status
copy_entry (node_keep *k, uint32_t from, uint32_t to_bank, uint32_t to)
{
  uint8_t    chunk[CHUNK];
  entry_head head;
  uint32_t   source = bank_at (k, k->bank) + from, total;
  uint32_t   target = bank_at (k, to_bank) + to;

  if (hal_flash_read (k->board, source, &head, sizeof head) != HAL_OK)
    return HAL_ERR_IO;

  total = ENTRY_HEAD + padded (head.length);
  for (uint32_t done = 0; done < total;)
    {
      uint32_t   n = total - done < CHUNK ? total - done : CHUNK;
      hal_status status = hal_flash_read (k->board, source + done, chunk, n);

      if (status == HAL_OK)
        status = hal_flash_program (k->board, target + done, chunk, n);
      if (status != HAL_OK)
        return status;
      done += n;
    }
  return HAL_OK;
}

/* Rewrite into the other bank with @key's new value. */
static hal_status
rewrite (node_keep *k, unsigned key, const void *data, size_t n)
{
  uint32_t   other = 1 - k->bank, end = BANK_HEAD;
  uint32_t   entries[NODE_KEEP_KEYS] = { 0 };
  hal_status status = erase_bank (k, other);

  for (unsigned i = 1; i < NODE_KEEP_KEYS && status == HAL_OK; i++)
    {
      entry_head head;
      uint32_t   from = bank_at (k, k->bank) + k->entries[i];
      uint32_t   length = (uint32_t) n;

      if (i != key)
        {
          if (k->entries[i] == 0)
            continue;
          status = hal_flash_read (k->board, from, &head, sizeof head);
          if (status != HAL_OK)
            break;
          length = head.length;
        }

      if (end + ENTRY_HEAD + padded (length) > k->bank_size)
        return HAL_ERR_ARGUMENT;
      status = i == key ? write_entry (k, other, end, key, data, n)
                        : copy_entry (k, k->entries[i], other, end);
      entries[i] = end;
      end += ENTRY_HEAD + padded (length);
    }

  if (status == HAL_OK)
    status = switch_bank (k, end);
  if (status == HAL_OK)
    memcpy (k->entries, entries, sizeof entries);
  return status;
}

hal_status
node_keep_put (node_keep *k, unsigned key, const void *data, size_t n)
{
  hal_status status;
  uint32_t   total;

  if (key == 0 || key >= NODE_KEEP_KEYS || n > NODE_KEEP_VALUE_MAX)
    return HAL_ERR_ARGUMENT;

  total = ENTRY_HEAD + padded ((uint32_t) n);
  if (k->at + total > k->bank_size)
    return rewrite (k, key, data, n);

  status = write_entry (k, k->bank, k->at, key, data, n);
  if (status != HAL_OK)
    {
      k->at = k->bank_size; /* what is there is torn: go on elsewhere */
      return status;
    }

  k->entries[key] = k->at;
  k->at += total;
  return HAL_OK;
}

hal_status
node_keep_wipe (node_keep *k, unsigned spared)
{
  uint32_t   old = k->bank, end = BANK_HEAD;
  uint32_t   from = spared < NODE_KEEP_KEYS ? k->entries[spared] : 0;
  hal_status status = erase_bank (k, 1 - k->bank);
  entry_head head = { 0 };

  if (status == HAL_OK && from != 0)
    {
      status = hal_flash_read (k->board, bank_at (k, old) + from, &head,
                               sizeof head);
      end += ENTRY_HEAD + padded (head.length);
    }
  if (status == HAL_OK && from != 0)
    status = copy_entry (k, from, 1 - old, BANK_HEAD);
  if (status == HAL_OK)
    status = switch_bank (k, end);
  if (status != HAL_OK)
    return status;

  memset (k->entries, 0, sizeof k->entries);
  if (from != 0)
    k->entries[spared] = BANK_HEAD;
  return erase_bank (k, old);
}

hal_status
node_keep_scrub (node_keep *k)
{
  return blank_from (k, 1 - k->bank, 0) ? HAL_OK : erase_bank (k, 1 - k->bank);
}
