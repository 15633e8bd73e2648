/* SPDX-License-Identifier: Apache-2.0
 *
 * update-bench.c - a node under update: its vendor, its console, its resets
 */
#include "update-bench.h"

#include <string.h>

#include "node-cbor.h"
#include "node-private.h"
#include "twin-birth.h"
#include "twin-cose.h"

#define AAD "twin/1/manifest"
#define VENDOR "Example Vendor"

void
bench_sign (Bench *b)
{
  const boot_manifest *m = &b->image.manifest;
  uint8_t              payload[400];
  node_cbor_writer     w;
  g_autoptr (GBytes) envelope = NULL;

  node_cbor_begin (&w, payload, sizeof payload);
  node_cbor_put_map (&w, 7);
  node_cbor_put_text (&w, "size");
  node_cbor_put_uint (&w, m->size);
  node_cbor_put_text (&w, "class");
  node_cbor_put_text (&w, m->node_class);
  node_cbor_put_text (&w, "digest");
  node_cbor_put_bytes (&w, m->digest, sizeof m->digest);
  node_cbor_put_text (&w, "vendor");
  node_cbor_put_text (&w, m->vendor);
  node_cbor_put_text (&w, "counter");
  node_cbor_put_uint (&w, m->counter);
  node_cbor_put_text (&w, "version");
  node_cbor_put_text (&w, m->version);
  node_cbor_put_text (&w, "sequence");
  node_cbor_put_uint (&w, m->sequence);
  g_assert_false (w.overflow);

  envelope = twin_signed_build (b->image.key, AAD, w.data, w.length);
  b->image.envelope_n = g_bytes_get_size (envelope);
  g_assert_cmpuint (b->image.envelope_n, <=, BOOT_MANIFEST_MAX);
  memcpy (b->image.envelope, g_bytes_get_data (envelope, NULL),
          b->image.envelope_n);
}

void
bench_image (Bench *b, const char *lines, uint32_t size)
{
  g_autofree char *text =
      g_strconcat ("twin-node image 1\n", lines, "\n", NULL);
  boot_manifest *m = &b->image.manifest;

  g_free (b->image.bytes);
  b->image.bytes = g_malloc (size);
  for (uint32_t i = 0; i < size; i++)
    b->image.bytes[i] = (uint8_t) (i * 7 + i / 251);
  g_assert_cmpuint (strlen (text), <=, size);
  memcpy (b->image.bytes, text, strlen (text));

  *m = (boot_manifest){ .vendor = VENDOR,
                        .node_class = "test-node",
                        .version = BENCH_NEW,
                        .sequence = 11,
                        .counter = 6,
                        .size = size };
  hal_sha256 (b->image.bytes, size, m->digest);
  b->image.key = b->vendor;
  bench_sign (b);
}

void
bench_fill (Bench *b, unsigned slot)
{
  g_autofree uint8_t *padded = g_malloc0 (b->image.manifest.size + 8u);
  uint32_t            size = (b->image.manifest.size + 7) / 8 * 8;

  memcpy (padded, b->image.bytes, b->image.manifest.size);
  for (uint32_t at = 0; at < CODE_SLOT_SIZE; at += HAL_FLASH_SECTOR)
    g_assert_cmpint (hal_code_erase (b->h, boot_slot_at (slot) + at), ==,
                     HAL_OK);
  g_assert_cmpint (boot_slot_put_envelope (b->h, slot, b->image.envelope,
                                           b->image.envelope_n),
                   ==, HAL_OK);
  g_assert_cmpint (hal_code_program (b->h, boot_image_at (slot), padded, size),
                   ==, HAL_OK);
}

static void
boot (Bench *b)
{
  boot_identity id = node_config_identity (&b->config);
  boot_meta     meta;

  g_clear_pointer (&b->n, g_free);
  fake_board_forget (b->h);
  image_boot (b->h, &id, &b->h->image);
  if (b->h->code.dead)
    return;

  b->boots++;
  b->dead_boots += !b->h->image.from_slot;
  boot_meta_load (b->h, &meta);
  b->n = g_new0 (node, 1);
  if (node_init (b->n, b->h, &b->config) != HAL_OK)
    {
      g_assert_true (b->h->flash.dead || b->h->code.dead);
      g_clear_pointer (&b->n, g_free);
      return;
    }
  b->bad_boots += meta.state != BOOT_TRIAL &&
                  strcmp (node_update_version (b->n), b->bad_version) == 0;
}

void
bench_restart (Bench *b)
{
  fake_board_power_cycle (b->h);
  b->h->reset = false;
  b->h->reachable = true;
  b->mend_us = b->asked_us = 0;
  boot (b);
}

static void
make_light (node_config *c)
{
  c->n_accels = 0;
  c->current.fitted = false;
  c->speed_name = NULL;
}

void
bench_init (Bench *b, uint32_t seed, bool sensors)
{
  node_key engineer = { .role = NODE_ROLE_ENGINEER };

  memset (b, 0, sizeof *b);
  b->h = fake_board_new (seed);
  b->vendor = console_key (9);
  b->engineer = console_key (3);
  b->stranger = console_key (7);
  b->config = fake_board_config ();
  b->config.every_s = 0;
  b->config.vendor = VENDOR;
  memcpy (b->config.vendor_key, twin_key_get_public (b->vendor), 32);
  if (!sensors)
    make_light (&b->config);
  b->console = true;
  b->piece = 4096;
  b->tamper_at = b->drop_at = b->starve_at = UINT32_MAX;

  bench_image (b, "", 3000);
  g_strlcpy (b->image.manifest.version, BENCH_OLD, BOOT_NAME_SIZE);
  b->image.manifest.sequence = 10;
  b->image.manifest.counter = 5;
  bench_sign (b);
  bench_fill (b, 0);
  boot (b);
  memcpy (engineer.key, twin_key_get_public (b->engineer), 32);
  memcpy (engineer.kid, twin_key_get_kid (b->engineer), 8);
  g_assert_true (node_key_add (b->n, &engineer, "engineer"));
  bench_image (b, "", 6000);
}

void
bench_clear (Bench *b)
{
  g_free (b->n);
  g_free (b->image.bytes);
  twin_key_unref (b->vendor);
  twin_key_unref (b->engineer);
  twin_key_unref (b->stranger);
  fake_board_free (b->h);
}

void
bench_offer (Bench *b)
{
  g_autoptr (GBytes) envelope =
      g_bytes_new (b->image.envelope, b->image.envelope_n);

  console_send (b->h, b->n, "manifest", envelope);
}

void
bench_install (Bench *b, uint8_t id)
{
  const boot_manifest *m = &b->image.manifest;
  g_autofree char     *digest = g_malloc (65), *arguments = NULL;
  g_autoptr (GBytes) message = NULL;

  for (unsigned i = 0; i < 32; i++)
    g_snprintf (digest + 2 * i, 3, "%02x", m->digest[i]);
  arguments = g_strdup_printf ("{\"digest\":{\"$hex\":\"%s\"}}", digest);
  message = console_command (b->h, b->n,
                             &(ConsoleCommand){ .command = "installFirmware",
                                                .arguments = arguments,
                                                .key = b->engineer,
                                                .lifetime_s = 60,
                                                .id = id },
                             NULL);
  console_send (b->h, b->n, "command", message);
}

/* Answer one chunk/get as told. */
static void
answer (Bench *b, GBytes *request)
{
  gsize            size;
  const uint8_t   *data = g_bytes_get_data (request, &size), *digest;
  uint8_t          message[4300], bytes[4096];
  node_cbor_reader r, at;
  node_cbor_writer w;
  uint64_t         offset, length;
  size_t           digest_n, n;
  g_autoptr (GBytes) reply = NULL;

  node_cbor_open (&r, data, size);
  g_assert_true (node_cbor_valid (data, size));
  g_assert_true (node_cbor_find (&r, "digest", &at));
  g_assert_true (node_cbor_get_bytes (&at, &digest, &digest_n));
  g_assert_true (node_cbor_find (&r, "offset", &at));
  g_assert_true (node_cbor_get_uint (&at, &offset));
  g_assert_true (node_cbor_find (&r, "length", &at));
  g_assert_true (node_cbor_get_uint (&at, &length));
  g_assert_cmpmem (digest, digest_n, b->image.manifest.digest, 32);
  g_assert_cmpuint (offset + length, <=, b->image.manifest.size);
  g_assert_cmpuint (length, >=, 1);
  g_assert_cmpuint (length, <=, 4096);
  if (offset >= b->starve_at)
    return;

  n = MIN (MIN (length, b->piece), b->starve_at - offset);
  memcpy (bytes, b->image.bytes + offset, n);
  if (b->tamper_at >= offset && b->tamper_at < offset + n)
    bytes[b->tamper_at - offset] ^= 0x10;
  node_cbor_begin (&w, message, sizeof message);
  node_cbor_put_map (&w, 3);
  node_cbor_put_text (&w, "bytes");
  node_cbor_put_bytes (&w, bytes, n);
  node_cbor_put_text (&w, "digest");
  node_cbor_put_bytes (&w, digest, digest_n);
  node_cbor_put_text (&w, "offset");
  node_cbor_put_uint (&w, offset);
  b->served = (uint32_t) (offset + n);
  reply = g_bytes_new (w.data, w.length);
  console_send (b->h, b->n, "chunk/data", reply);

  if (b->served >= b->drop_at)
    {
      b->drop_at = UINT32_MAX;
      b->h->reachable = false;
      b->mend_us = b->h->time_us + 2000000;
    }
}

/* The console offers what the node does not know of, twice a minute. */
static void
play_console (Bench *b)
{
  FakeMessage *m;

  if (b->mend_us != 0 && b->h->time_us >= b->mend_us)
    {
      b->h->reachable = true;
      b->mend_us = 0;
    }
  while ((m = fake_board_take (b->h, "telemetry")) != NULL ||
         (m = fake_board_take (b->h, "event")) != NULL)
    fake_message_free (m); /* or the queue would grow for days */
  while (b->n->mqtt.state == NODE_MQTT_ONLINE &&
         (m = fake_board_take (b->h, "chunk/get")) != NULL)
    {
      answer (b, m->payload);
      fake_message_free (m);
    }

  if (!b->console || b->n->mqtt.state != NODE_MQTT_ONLINE ||
      (b->asked_us != 0 && b->h->time_us - b->asked_us < 30000000))
    return;
  b->asked_us = b->h->time_us;
  if (b->n->update.state == NODE_UPDATE_IDLE)
    bench_offer (b);
  if (b->n->update.state == NODE_UPDATE_OFFERED)
    bench_install (b, 0);
}

bool
bench_power_failed (const Bench *b)
{
  return b->h->flash.dead || b->h->code.dead;
}

bool
bench_settled (const Bench *b)
{
  return b->n != NULL && b->n->update.state >= NODE_UPDATE_CONFIRMED &&
         b->n->mqtt.state == NODE_MQTT_ONLINE && !b->n->update.unfinished &&
         !b->n->report_due && b->n->reset_at_us == 0;
}

/* The watchdog's bite, or the reset the program asked for. */
static bool
restarts (Bench *b)
{
  const image_traits *image = &b->h->image;

  if (image->hangs && b->h->time_us >= image->hangs_us)
    {
      b->h->time_us += IMAGE_WATCHDOG_US;
      return true;
    }
  return b->h->reset;
}

bool
bench_run (Bench *b, BenchUntil until, double seconds)
{
  uint64_t left = (uint64_t) (seconds * 1e6), due, before;

  while (b->n != NULL && !bench_power_failed (b))
    {
      if (restarts (b))
        {
          bench_restart (b);
          continue;
        }
      due = node_step (b->n);
      if (bench_power_failed (b))
        break;
      play_console (b);
      if (until != NULL && until (b))
        return true;
      if (b->h->to_node->len > 0 && b->h->open)
        continue;

      before = b->h->time_us;
      if (due > before)
        b->h->time_us = MIN (due, before + 1000000);
      if (b->h->time_us - before > left)
        return false;
      left -= b->h->time_us - before;
    }
  return false;
}

static bool
online (const Bench *b)
{
  return b->n->mqtt.state == NODE_MQTT_ONLINE &&
         fake_board_count (b->h, "birth") > 0;
}

bool
bench_alive (Bench *b, const char *version)
{
  boot_identity id = node_config_identity (&b->config);
  boot_manifest m;
  boot_meta     meta;
  bool          same;
  FakeMessage  *birth = NULL, *next;

  bench_restart (b);
  if (!bench_run (b, online, 30) || !boot_meta_load (b->h, &meta) ||
      meta.state == BOOT_TRIAL ||
      boot_slot_check (b->h, meta.active, &id, &m) != BOOT_GOOD ||
      strcmp (m.version, version) != 0)
    return false;

  while ((next = fake_board_take (b->h, "birth")) != NULL)
    {
      g_clear_pointer (&birth, fake_message_free);
      birth = next;
    }
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (TwinBirth) told = NULL;
    gsize          size;
    const uint8_t *data = g_bytes_get_data (birth->payload, &size);
    TwinSigned     opened;

    g_assert_true (twin_signed_open (data, size, &opened, &error));
    told = twin_birth_parse (opened.payload, opened.payload_size, &error);
    g_assert_no_error (error);
    same = strcmp (told->firmware, version) == 0;
  }
  fake_message_free (birth);
  return same;
}
