/* SPDX-License-Identifier: Apache-2.0
 *
 * node-update-fetch.c - an image comes piece by piece, from any byte
 */
#include <string.h>

#include "node-update-private.h"

enum
{
  PATIENCE_FIRST_S = 5,
  PATIENCE_LAST_S = 60,
  READ_SIZE = 256,
  HASH_SIZE = 4096, /* bytes hashed in one step */
};

static const uint64_t give_up_us = 86400ull * 1000000;
static const uint64_t progress_us = 10000000;

static uint32_t
sectors_of (uint32_t bytes)
{
  return (bytes + HAL_FLASH_SECTOR - 1) & ~(uint32_t) (HAL_FLASH_SECTOR - 1);
}

/* Bytes of the image before the last word that is not erased, and that word;
 * 0: all is erased. */
static uint32_t
written (node *n)
{
  const node_update *u = &n->update;
  uint32_t           at = sectors_of (u->subject.size);
  uint8_t            chunk[READ_SIZE];

  while (at > 0)
    {
      at -= READ_SIZE;
      if (hal_code_read (n->board, boot_image_at (u->slot) + at, chunk,
                         READ_SIZE) != HAL_OK)
        return 0;
      for (uint32_t i = READ_SIZE; i > 0; i--)
        if (chunk[i - 1] != 0xff)
          return at + i;
    }
  return 0;
}

/* The manifest went into the slot when all behind it was erased. The last
 * sector may end in a torn word: it is fetched again. */
static bool
take_up (node *n)
{
  node_update        *u = &n->update;
  node_update_install install;
  uint8_t             envelope[BOOT_MANIFEST_MAX];
  size_t              length = boot_slot_envelope (n->board, u->slot, envelope);
  uint32_t            end;

  if (!node_update_kept (n, &install) || length != install.length ||
      memcmp (envelope, install.envelope, length) != 0)
    return false;

  end = written (n);
  if (end > 0)
    {
      u->offset = (end - 1) & ~(uint32_t) (HAL_FLASH_SECTOR - 1);
      if (hal_code_erase (n->board, boot_image_at (u->slot) + u->offset) !=
          HAL_OK)
        return false;
    }
  return true;
}

void
node_update_fetch_begin (node *n, bool resume)
{
  node_update *u = &n->update;
  uint64_t     now = hal_time_us (n->board);

  u->slot = boot_meta_running (&u->meta) == 0 ? 1 : 0;
  u->offset = u->hashed = 0;
  u->asked = false;
  u->patience_s = PATIENCE_FIRST_S;
  u->heard_us = u->told_us = u->due_us = now;
  u->headed = resume && take_up (n);
  u->erased = u->headed ? CODE_SLOT_SIZE : 0;
  if (!u->headed)
    u->offset = 0;
}

/* One sector a step: nothing else waits for longer than that. */
static void
erase_next (node *n)
{
  node_update *u = &n->update;

  if (hal_code_erase (n->board, boot_slot_at (u->slot) + u->erased) != HAL_OK)
    node_update_fail (n, BOOT_FLASH);
  u->erased += HAL_FLASH_SECTOR;
}

static void
put_header (node *n)
{
  node_update        *u = &n->update;
  node_update_install install;

  if (!node_update_kept (n, &install) ||
      boot_slot_put_envelope (n->board, u->slot, install.envelope,
                              install.length) != HAL_OK)
    node_update_fail (n, BOOT_FLASH);
  u->headed = true;
}

static void
ask (node *n, uint64_t now)
{
  node_update     *u = &n->update;
  uint32_t         left = u->subject.size - u->offset;
  uint8_t          buffer[80];
  node_cbor_writer w;

  node_cbor_begin (&w, buffer, sizeof buffer);
  node_cbor_put_map (&w, 3);
  node_cbor_put_text (&w, "digest");
  node_cbor_put_bytes (&w, u->subject.digest, sizeof u->subject.digest);
  node_cbor_put_text (&w, "length");
  node_cbor_put_uint (&w, left < NODE_UPDATE_CHUNK ? left : NODE_UPDATE_CHUNK);
  node_cbor_put_text (&w, "offset");
  node_cbor_put_uint (&w, u->offset);
  if (!node_send (n, "chunk/get", w.data, w.length, 1, false))
    {
      u->due_us = now + 1000000; /* no room in the queue */
      return;
    }
  u->asked = true;
  u->asked_us = now;
  u->due_us = now + (uint64_t) u->patience_s * 1000000;
}

static void
wait_or_ask (node *n, uint64_t now)
{
  node_update *u = &n->update;

  if (n->mqtt.state != NODE_MQTT_ONLINE)
    {
      u->asked = false;
      u->patience_s = PATIENCE_FIRST_S;
      u->heard_us = now;
      return;
    }
  if (now - u->heard_us >= give_up_us)
    {
      node_update_fail (n, BOOT_TIMEOUT);
      return;
    }

  if (u->asked)
    {
      u->due_us = u->asked_us + (uint64_t) u->patience_s * 1000000;
      if (now < u->due_us)
        return;
      u->patience_s *= 2;
      if (u->patience_s > PATIENCE_LAST_S)
        u->patience_s = PATIENCE_LAST_S;
    }
  ask (n, now);
}

/* The digest is that of what the flash holds, not of what was sent to it. */
static void
hash_next (node *n, uint64_t now)
{
  node_update *u = &n->update;
  uint32_t     stop = u->hashed + HASH_SIZE;
  uint8_t      chunk[READ_SIZE], digest[32];

  if (u->hashed == 0)
    boot_sha256_begin (&u->sha);
  while (u->hashed < u->subject.size && u->hashed < stop)
    {
      uint32_t left = u->subject.size - u->hashed;
      uint32_t size = left < READ_SIZE ? left : READ_SIZE;

      if (hal_code_read (n->board, boot_image_at (u->slot) + u->hashed, chunk,
                         size) != HAL_OK)
        {
          node_update_fail (n, BOOT_FLASH);
          return;
        }
      boot_sha256_add (&u->sha, chunk, size);
      u->hashed += size;
    }

  u->due_us = now;
  if (u->hashed < u->subject.size)
    return;
  boot_sha256_end (&u->sha, digest);
  if (memcmp (digest, u->subject.digest, sizeof digest) == 0)
    node_update_enter (n, NODE_UPDATE_VERIFIED, BOOT_GOOD);
  else
    node_update_fail (n, BOOT_DIGEST);
}

void
node_update_fetch (node *n, uint64_t now)
{
  node_update *u = &n->update;

  u->due_us = now;
  if (u->erased < CODE_SLOT_HEADER + sectors_of (u->subject.size))
    erase_next (n);
  else if (!u->headed)
    put_header (n);
  else if (u->offset < u->subject.size)
    {
      u->due_us = 0;
      wait_or_ask (n, now);
    }
  else
    hash_next (n, now);
}

/* Whole words go to flash at once, the bytes of a part of one wait in tail. */
static hal_status
put_bytes (node_update *u, hal *board, const uint8_t *bytes, uint32_t size)
{
  uint32_t   base = boot_image_at (u->slot);
  hal_status status = HAL_OK;

  while (size > 0 && status == HAL_OK)
    {
      uint32_t at = u->offset % HAL_FLASH_WORD, take;

      if (at == 0 && size >= HAL_FLASH_WORD)
        {
          take = size - size % HAL_FLASH_WORD;
          status = hal_code_program (board, base + u->offset, bytes, take);
        }
      else
        {
          take = HAL_FLASH_WORD - at < size ? HAL_FLASH_WORD - at : size;
          memcpy (u->tail + at, bytes, take);
          if (u->offset + take == u->subject.size)
            memset (u->tail + at + take, 0, HAL_FLASH_WORD - at - take);
          if (at + take == HAL_FLASH_WORD ||
              u->offset + take == u->subject.size)
            status = hal_code_program (board, base + u->offset - at, u->tail,
                                       HAL_FLASH_WORD);
        }
      u->offset += take;
      bytes += take;
      size -= take;
    }
  return status;
}

/* Is this the piece that was asked for? */
static bool
read_chunk (const node_update *u,
            const uint8_t     *data,
            size_t             length,
            const uint8_t    **bytes,
            size_t            *size)
{
  node_cbor_reader r, at;
  const uint8_t   *digest;
  uint64_t         offset;
  size_t           digest_n;

  node_cbor_open (&r, data, length);
  return node_cbor_find (&r, "digest", &at) &&
         node_cbor_get_bytes (&at, &digest, &digest_n) &&
         digest_n == sizeof u->subject.digest &&
         memcmp (digest, u->subject.digest, digest_n) == 0 &&
         node_cbor_find (&r, "offset", &at) &&
         node_cbor_get_uint (&at, &offset) && offset == u->offset &&
         node_cbor_find (&r, "bytes", &at) &&
         node_cbor_get_bytes (&at, bytes, size) && *size > 0 &&
         *size <= NODE_UPDATE_CHUNK && *size <= u->subject.size - u->offset;
}

void
node_update_chunk (node *n, const uint8_t *data, size_t length)
{
  node_update   *u = &n->update;
  uint64_t       now = hal_time_us (n->board);
  const uint8_t *bytes;
  size_t         size;

  if (!node_cbor_valid (data, length))
    {
      n->malformed++;
      return;
    }
  if (u->state != NODE_UPDATE_DOWNLOADING || !u->asked ||
      !read_chunk (u, data, length, &bytes, &size))
    return;

  u->asked = false;
  u->patience_s = PATIENCE_FIRST_S;
  u->heard_us = u->due_us = now;
  if (put_bytes (u, n->board, bytes, (uint32_t) size) != HAL_OK)
    node_update_fail (n, BOOT_FLASH);
  else if (now - u->told_us >= progress_us)
    {
      u->told_us = now;
      n->report_due = true;
    }
}
