/* SPDX-License-Identifier: Apache-2.0
 *
 * attack-moves.c - what is tried, and what has to be so before
 */
#include <string.h>

#include "attacks.h"
#include "twin-cose.h"

void
attack_deliver (Bench *b, const char *topic, GBytes *message)
{
  fake_board_deliver (b->h, b->n, topic, g_bytes_get_data (message, NULL),
                      g_bytes_get_size (message));
  fake_board_run (b->h, b->n, 0.2);
}

/* Commands. */

GBytes *
make_command (Bench *b, const Attack *a)
{
  return craft_command (b, &a->craft);
}

GBytes *
make_kept (Bench *b, const Attack *a)
{
  return g_bytes_ref (b->kept);
}

/* A pair of which the first is the craft, the approver the second. */
GBytes *
make_pair (Bench *b, const Attack *a)
{
  g_autoptr (GBytes) first = craft_command (b, &a->craft);

  return craft_pair (first, &a->second);
}

GBytes *
make_nested (Bench *b, const Attack *a)
{
  g_autoptr (GBytes) pair = make_pair (b, a);

  return craft_pair (pair, &a->craft);
}

/* Two crafts; the second one is delivered first, the first one afterwards. */
GBytes *
before_newer (Bench *b, const Attack *a)
{
  Craft newer = a->craft;

  newer.counter = 0;
  newer.command = "selfTest";
  b->kept = craft_command (b, &a->craft);
  return craft_command (b, &newer);
}

GBytes *
before_done (Bench *b, const Attack *a)
{
  b->kept = craft_command (b, &a->craft);
  return g_bytes_ref (b->kept);
}

/* The key that signed is revoked in between. */
GBytes *
before_revoked (Bench *b, const Attack *a)
{
  uint8_t seed[32], key[32], kid[8];

  b->kept = craft_command (b, &a->craft);
  memset (seed, a->craft.by, sizeof seed);
  hal_ed25519_public (seed, key);
  node_cose_kid (key, kid);
  g_assert_true (node_key_remove (b->n, kid));
  return NULL;
}

GBytes *
before_demoted (Bench *b, const Attack *a)
{
  uint8_t  seed[32];
  node_key key = {
    .role = NODE_ROLE_OPERATOR,
  };

  b->kept = craft_command (b, &a->craft);
  memset (seed, a->craft.by, sizeof seed);
  hal_ed25519_public (seed, key.key);
  node_cose_kid (key.key, key.kid);
  g_assert_true (node_key_add (b->n, &key, "demoted"));
  return NULL;
}

GBytes *
before_no_time (Bench *b, const Attack *a)
{
  b->n->time.known = false;
  return NULL;
}

/* Desired documents. */

static GBytes *
desired (Bench *b, const Attack *a, uint64_t version, const char *properties)
{
  TwinKey *key = console_key (a->craft.by);
  GBytes  *message = console_desired (key, version, properties);

  twin_key_unref (key);
  return message;
}

GBytes *
before_desired (Bench *b, const Attack *a)
{
  b->kept = desired (b, a, 4, "{\"summaryPeriodS\":20}");
  return desired (b, a, 5, "{\"summaryPeriodS\":10}");
}

GBytes *
make_desired_equal (Bench *b, const Attack *a)
{
  return desired (b, a, 5, "{\"summaryPeriodS\":30}");
}

/* A document's payload; @value: its version, 3600 s of period. */
GBytes *
make_desired (Bench *b, const Attack *a)
{
  static uint8_t   room[8192];
  node_cbor_writer w;
  g_autoptr (GBytes) payload = NULL;

  node_cbor_begin (&w, room, sizeof room);
  node_cbor_put_map (&w, 3);
  node_cbor_put_text (&w, "base");
  node_cbor_put_uint (&w,
                      a->craft.twist == NO_COUNTER ? (uint64_t) a->value : 0);
  if (a->craft.twist == KEYS_SWAPPED)
    {
      node_cbor_put_text (&w, "properties");
      node_cbor_put_map (&w, 0);
    }
  node_cbor_put_text (&w, "version");
  node_cbor_put_uint (&w, (uint64_t) a->value);
  if (a->craft.twist != KEYS_SWAPPED)
    {
      node_cbor_put_text (&w, "properties");
      node_cbor_put_map (&w, a->craft.twist == OVERSIZE ? 2 : 1);
      if (a->craft.twist == OVERSIZE)
        {
          static const uint8_t filler[4096];

          node_cbor_put_text (&w, "pad");
          node_cbor_put_bytes (&w, filler, sizeof filler);
        }
      node_cbor_put_text (&w, "summaryPeriodS");
      node_cbor_put_uint (&w, 3600);
    }
  if (a->craft.twist == TRAILING_PAYLOAD)
    node_cbor_put_null (&w);
  payload = craft_grab (&w);
  return craft_envelope (&a->craft,
                         a->craft.topic != NULL ? a->craft.topic
                                                : CONSOLE_TOPIC ("desired"),
                         payload);
}

/* Beacons. */

static GBytes *
beacon (Bench *b, const Craft *c, double ahead)
{
  uint8_t          room[32];
  node_cbor_writer w;
  double now = (double) (b->h->utc_at_0 + (int64_t) b->h->time_us) / 1e6;
  g_autoptr (GBytes) payload = NULL;

  node_cbor_begin (&w, room, sizeof room);
  node_cbor_put_map (&w, 1);
  node_cbor_put_text (&w, "utc");
  node_cbor_put_f64 (&w, c->twist == EPOCH_OF_64_BITS ? 1e12 : now + ahead);
  payload = craft_grab (&w);
  return craft_envelope (c, c->topic != NULL ? c->topic : TIME_TOPIC, payload);
}

GBytes *
make_beacon (Bench *b, const Attack *a)
{
  return beacon (b, &a->craft, a->value);
}

/* A good one, kept; a while later it comes again. */
GBytes *
before_beacon (Bench *b, const Attack *a)
{
  b->kept = beacon (b, &a->craft, 0);
  attack_deliver (b, TIME_TOPIC, b->kept);
  fake_board_run (b->h, b->n, a->value);
  return NULL;
}

/* A step that was asked for once, and is kept. */
GBytes *
before_step (Bench *b, const Attack *a)
{
  b->kept = beacon (b, a->second.by != 0 ? &a->second : &a->craft, 86400);
  attack_deliver (b, TIME_TOPIC, b->kept);
  fake_board_run (b->h, b->n, 1.1); /* the log speaks once a second */
  return NULL;
}

/* Enrolments. */

static GBytes *
enrolment (uint8_t fill, const uint8_t token[16], const char *topic)
{
  TwinEnrol e = { .role = TWIN_KEY_ROLE_ENGINEER, .name = "Mallory" };
  TwinKey  *key = console_key (fill);

  memcpy (e.key, twin_key_get_public (key), 32);
  memset (e.nonce, fill, sizeof e.nonce);
  twin_key_unref (key);
  return twin_enrol_build (&e, token, topic);
}

/* @value 1: another token, 2: for another node, 3: cut, 4: a good one. */
GBytes *
make_enrol (Bench *b, const Attack *a)
{
  uint8_t token[16];
  GBytes *good;

  memcpy (token, b->n->config.token, 16);
  if (a->value == 1)
    token[15] ^= 1;
  good = enrolment (STRANGER, token,
                    a->value == 2 ? "twin/1/northfield/n-0108/enrol"
                                  : CONSOLE_TOPIC ("enrol"));
  if (a->value == 3)
    {
      GBytes *cut =
          g_bytes_new_from_bytes (good, 0, g_bytes_get_size (good) - 1);

      g_bytes_unref (good);
      return cut;
    }
  return good;
}

/* The token was used by somebody else. */
GBytes *
before_enrolled (Bench *b, const Attack *a)
{
  g_autoptr (GBytes) genuine =
      enrolment (21, b->n->config.token, CONSOLE_TOPIC ("enrol"));

  attack_deliver (b, CONSOLE_TOPIC ("enrol"), genuine);
  g_assert_true (b->n->token_burnt);
  return NULL;
}

/* The stranger's enrolment was good once; then the node was decommissioned
 * and is in service again. */
GBytes *
before_former_life (Bench *b, const Attack *a)
{
  TwinKey *engineer = console_key (ENGINEER);

  b->kept = enrolment (STRANGER, b->n->config.token, CONSOLE_TOPIC ("enrol"));
  attack_deliver (b, CONSOLE_TOPIC ("enrol"), b->kept);
  g_assert_true (b->n->token_burnt);
  g_assert_true (node_forget (b->n));
  fake_board_power_cycle (b->h);
  g_free (b->n);
  b->n = fake_board_start (b->h);
  g_assert_false (b->n->token_burnt);
  console_trust (b->n, engineer, NODE_ROLE_ENGINEER);
  twin_key_unref (engineer);
  fake_board_run (b->h, b->n, 1.5);
  return NULL;
}

GBytes *
make_enrol_role (Bench *b, const Attack *a)
{
  uint8_t          room[256], key[32] = { 7 }, nonce[16] = { 0 };
  node_cbor_writer w;

  node_cbor_begin (&w, room, sizeof room);
  node_cbor_put_map (&w, 4);
  node_cbor_put_text (&w, "key");
  node_cbor_put_bytes (&w, key, sizeof key);
  node_cbor_put_text (&w, "name");
  node_cbor_put_text (&w, "Mallory");
  node_cbor_put_text (&w, "role");
  node_cbor_put_text (&w, "vendor");
  node_cbor_put_text (&w, "nonce");
  node_cbor_put_bytes (&w, nonce, sizeof nonce);
  return twin_maced_build (b->n->config.token, CONSOLE_TOPIC ("enrol"), w.data,
                           w.length);
}
