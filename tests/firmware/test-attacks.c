/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody who owns the broker, a stranger's key, a low key or a
 * recording of the wire can try: one row an attempt. After each the node must
 * be as it was, and must have refused for the reason given.
 */
#include <math.h>
#include <string.h>

#include "console.h"
#include "node-cbor.h"
#include "node-private.h"
#include "twin-cose.h"

/* Keys by the byte their seed is filled with. */
enum
{
  OPERATOR = 1,
  MAINTAINER = 2,
  ENGINEER = 3,
  STRANGER = 4,
  SECOND = 9,
};

typedef struct
{
  hal    *h;
  node   *n;
  GBytes *kept; /* a message of before */
} Bench;

/* How a message differs from a genuine one. */
typedef enum
{
  AS_IT_SHOULD,
  ALG_ES256,
  ALG_UNPROTECTED,
  ALG_NONE,
  TAGGED_MAC0,
  UNTAGGED,
  KID_OF_9,
  FLIPPED_SIGNATURE,
  FLIPPED_PAYLOAD,
  SHORT_SIGNATURE,
  TRAILING_ENVELOPE,
  CUT_ENVELOPE,
  TRAILING_PAYLOAD, /* from here on under a good signature */
  KEYS_SWAPPED,
  KEY_TWICE,
  LONG_FORM,
  INDEFINITE,
  TOO_DEEP,
  OVERSIZE,
  ID_OF_7,
  EPOCH_OF_64_BITS,
  NOT_AFTER_NAN,
  ARGUMENTS_ARRAY,
  NO_COUNTER,
} Twist;

typedef struct
{
  const char *command; /* NULL: reboot */
  uint8_t     by;      /* who signs */
  uint8_t     claims;  /* whose kid it bears; 0: its own */
  const char *topic;   /* it is signed for; NULL: the node's command */
  Twist       twist;
  int         lifetime_s; /* 0: 30 */
  int         epoch;      /* added to the node's */
  uint64_t    counter;    /* 0: the next */
} Craft;

static uint64_t next_counter = 100000, next_id = 1;

static GBytes *
grab (const node_cbor_writer *w)
{
  g_assert_false (w->overflow);
  return g_bytes_new (w->data, w->length);
}

static void
put_head (node_cbor_writer *w, const Craft *c)
{
  uint8_t seed[32], key[32], kid[9] = { 0 };
  uint8_t protect[3] = { 0xa1, 0x01, 0x27 };

  memset (seed, c->claims != 0 ? c->claims : c->by, sizeof seed);
  hal_ed25519_public (seed, key);
  node_cose_kid (key, kid);
  if (c->twist == ALG_ES256)
    protect[2] = 0x26;

  if (c->twist != UNTAGGED)
    node_cbor_put_tag (w, c->twist == TAGGED_MAC0 ? 17 : 18);
  node_cbor_put_array (w, 4);
  if (c->twist == ALG_NONE || c->twist == ALG_UNPROTECTED)
    node_cbor_put_bytes (w, NULL, 0);
  else
    node_cbor_put_bytes (w, protect, 3);
  node_cbor_put_map (w, c->twist == ALG_UNPROTECTED ? 2 : 1);
  if (c->twist == ALG_UNPROTECTED)
    {
      node_cbor_put_uint (w, 1);
      node_cbor_put_int (w, -8);
    }
  node_cbor_put_uint (w, 4);
  node_cbor_put_bytes (w, kid, c->twist == KID_OF_9 ? 9 : 8);
}

/* The envelope of @payload, signed and twisted. */
static GBytes *
seal (const Craft *c, const char *topic, GBytes *payload)
{
  static uint8_t   room[16384], inside[16384];
  uint8_t          seed[32], signature[64];
  uint8_t          protect[3] = { 0xa1, 0x01, 0x27 };
  node_cbor_writer w;
  gsize            n;
  uint8_t         *data = g_bytes_unref_to_data (g_bytes_ref (payload), &n);

  memset (seed, c->by, sizeof seed);
  if (c->twist == ALG_ES256)
    protect[2] = 0x26;
  node_cbor_begin (&w, inside, sizeof inside);
  node_cbor_put_array (&w, 4);
  node_cbor_put_text (&w, "Signature1");
  if (c->twist == ALG_NONE || c->twist == ALG_UNPROTECTED)
    node_cbor_put_bytes (&w, NULL, 0);
  else
    node_cbor_put_bytes (&w, protect, 3);
  node_cbor_put_bytes (&w, topic, strlen (topic));
  node_cbor_put_bytes (&w, data, n);
  g_assert_false (w.overflow);
  hal_ed25519_sign (seed, w.data, w.length, signature);

  if (c->twist == FLIPPED_SIGNATURE)
    signature[40] ^= 1;
  if (c->twist == FLIPPED_PAYLOAD)
    data[n - 12] ^= 1; /* in notAfter */
  node_cbor_begin (&w, room, sizeof room);
  put_head (&w, c);
  node_cbor_put_bytes (&w, data, n);
  node_cbor_put_bytes (&w, signature, c->twist == SHORT_SIGNATURE ? 63 : 64);
  if (c->twist == TRAILING_ENVELOPE)
    node_cbor_put_null (&w);
  if (c->twist == CUT_ENVELOPE)
    w.length--;
  g_free (data);
  return grab (&w);
}

/* A command's payload, keys in order unless that is the twist. */
static GBytes *
command_payload (Bench *b, const Craft *c)
{
  static uint8_t   room[8192];
  uint64_t         counter = c->counter != 0 ? c->counter : ++next_counter;
  double           now = (double) (b->h->utc_at_0 + (int64_t) b->h->time_us);
  uint8_t          id[8] = { 0 };
  node_cbor_writer w;

  next_id++;
  memcpy (id, &next_id, 8);
  node_cbor_begin (&w, room, sizeof room);
  if (c->twist == INDEFINITE)
    node_cbor_put_raw (&w, "\xbf", 1);
  else
    node_cbor_put_map (&w, 6u + (c->twist == KEY_TWICE) +
                               (c->twist == OVERSIZE || c->twist == TOO_DEEP) -
                               (c->twist == NO_COUNTER));
  if (c->twist == KEYS_SWAPPED)
    {
      node_cbor_put_text (&w, "epoch");
      node_cbor_put_uint (&w, b->n->epoch);
    }
  node_cbor_put_text (&w, "id");
  node_cbor_put_bytes (&w, id, c->twist == ID_OF_7 ? 7 : 8);
  if (c->twist == OVERSIZE || c->twist == TOO_DEEP)
    {
      static const uint8_t filler[4096];

      node_cbor_put_text (&w, "pad");
      for (unsigned i = 0; c->twist == TOO_DEEP && i < 9; i++)
        node_cbor_put_array (&w, 1);
      node_cbor_put_bytes (&w, filler, c->twist == OVERSIZE ? 4096 : 1);
    }
  for (int i = 0; i < (c->twist == KEY_TWICE ? 2 : 1); i++)
    if (c->twist != KEYS_SWAPPED)
      {
        node_cbor_put_text (&w, "epoch");
        if (c->twist == EPOCH_OF_64_BITS)
          node_cbor_put_uint (&w, (UINT64_C (1) << 32) + b->n->epoch);
        else if (c->twist == LONG_FORM)
          node_cbor_put_raw (&w, "\x1a\x00\x00\x00\x01", 5);
        else
          node_cbor_put_uint (&w, b->n->epoch + (uint32_t) c->epoch);
      }
  node_cbor_put_text (&w, "command");
  node_cbor_put_text (&w, c->command != NULL ? c->command : "reboot");
  if (c->twist != NO_COUNTER)
    {
      node_cbor_put_text (&w, "counter");
      node_cbor_put_uint (&w, counter);
    }
  node_cbor_put_text (&w, "notAfter");
  if (c->twist == NOT_AFTER_NAN)
    node_cbor_put_raw (&w, "\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00", 9);
  else
    node_cbor_put_f64 (&w,
                       now / 1e6 + (c->lifetime_s != 0 ? c->lifetime_s : 30));
  node_cbor_put_text (&w, "arguments");
  if (c->twist == ARGUMENTS_ARRAY)
    node_cbor_put_array (&w, 0);
  else
    node_cbor_put_map (&w, 0);
  if (c->twist == INDEFINITE)
    node_cbor_put_raw (&w, "\xff", 1);
  if (c->twist == TRAILING_PAYLOAD)
    node_cbor_put_null (&w);
  return grab (&w);
}

static GBytes *
craft_command (Bench *b, const Craft *c)
{
  g_autoptr (GBytes) payload = command_payload (b, c);

  return seal (c, c->topic != NULL ? c->topic : CONSOLE_TOPIC ("command"),
               payload);
}

/* @first countersigned. */
static GBytes *
craft_pair (GBytes *first, const Craft *second)
{
  static uint8_t   room[8192];
  node_cbor_writer w;
  gsize            n;
  const uint8_t   *data = g_bytes_get_data (first, &n);
  g_autoptr (GBytes) payload = NULL;

  node_cbor_begin (&w, room, sizeof room);
  node_cbor_put_map (&w, 2);
  node_cbor_put_text (&w, "first");
  node_cbor_put_bytes (&w, data, n);
  node_cbor_put_text (&w, "approver");
  node_cbor_put_text (&w, "Somebody");
  payload = grab (&w);
  return seal (second,
               second->topic != NULL ? second->topic
                                     : CONSOLE_TOPIC ("command"),
               payload);
}

static void
bench_up (Bench *b)
{
  static const struct
  {
    uint8_t   fill;
    node_role role;
  } keys[] = { { OPERATOR, NODE_ROLE_OPERATOR },
               { MAINTAINER, NODE_ROLE_MAINTAINER },
               { ENGINEER, NODE_ROLE_ENGINEER },
               { SECOND, NODE_ROLE_ENGINEER } };

  b->h = fake_board_new (11);
  b->n = fake_board_start (b->h);
  b->kept = NULL;
  for (unsigned i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      TwinKey *key = console_key (keys[i].fill);

      console_trust (b->n, key, keys[i].role);
      twin_key_unref (key);
    }
  fake_board_run (b->h, b->n, 1.5);
  fake_board_forget (b->h);
}

static void
bench_down (Bench *b)
{
  g_clear_pointer (&b->kept, g_bytes_unref);
  g_free (b->n);
  fake_board_free (b->h);
}

/* Everything a message could have changed. */
static char *
state_of (Bench *b)
{
  const node *n = b->n;
  GString    *s = g_string_new (NULL);
  int64_t     utc = 0;

  node_utc_us (b->n, &utc);
  for (unsigned i = 0; i < NODE_KEYS_MAX; i++)
    g_string_append_printf (s, "key %u %02x%02x, ", n->keys[i].role,
                            n->keys[i].kid[0], n->keys[i].kid[7]);
  for (unsigned i = 0; i < n->n_signals; i++)
    g_string_append_printf (s, "%d/%g/%g ", n->signals[i].limited,
                            n->signals[i].limit,
                            (double) n->signals[i].deadband);
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    g_string_append_printf (s, "trip %u ", n->trip.limits[i].signal);
  g_string_append_printf (
      s,
      "mode %d relay %d led %d reset %d burnt %d desired %" G_GUINT64_FORMAT
      " period %u silence %u duty %d every %g job %d capture %d hours %d "
      "clock %" G_GINT64_FORMAT " owed %" G_GINT64_FORMAT,
      n->mode, !b->h->sim.machine.stopped, b->h->led,
      n->reset_at_us != 0 || b->h->reset, n->token_burnt, n->desired_version,
      n->properties.summary_period_s, n->properties.max_silence_s,
      n->properties.duty, n->properties.every_s, n->job.finish != NULL,
      n->capture.active, n->running_s > 1000,
      n->time.known ? (utc - b->h->utc_at_0 - (int64_t) b->h->time_us) / 100000
                    : -1,
      n->time.owed_us / 100000);
  return g_string_free (s, FALSE);
}

typedef struct _Attack Attack;

struct _Attack
{
  const char *what;
  const char *reason; /* "log:…" where nothing is said on the wire */
  const char *topic;  /* it arrives on; NULL: the node's command */
  GBytes *(*make) (Bench *b, const Attack *a);
  Craft  craft;
  Craft  second; /* the approver's, or of a second message */
  double value;  /* of a beacon: seconds ahead */
  GBytes *(*before) (Bench *b, const Attack *a); /* a genuine past, delivered */
};

static void
deliver (Bench *b, const char *topic, GBytes *message)
{
  fake_board_deliver (b->h, b->n, topic, g_bytes_get_data (message, NULL),
                      g_bytes_get_size (message));
  fake_board_run (b->h, b->n, 0.2);
}

/* Commands. */

static GBytes *
make_command (Bench *b, const Attack *a)
{
  return craft_command (b, &a->craft);
}

static GBytes *
make_kept (Bench *b, const Attack *a)
{
  return g_bytes_ref (b->kept);
}

/* A pair of which the first is the craft, the approver the second. */
static GBytes *
make_pair (Bench *b, const Attack *a)
{
  g_autoptr (GBytes) first = craft_command (b, &a->craft);

  return craft_pair (first, &a->second);
}

static GBytes *
make_nested (Bench *b, const Attack *a)
{
  g_autoptr (GBytes) pair = make_pair (b, a);

  return craft_pair (pair, &a->craft);
}

/* Two crafts; the second one is delivered first, the first one afterwards. */
static GBytes *
before_newer (Bench *b, const Attack *a)
{
  Craft newer = a->craft;

  newer.counter = 0;
  newer.command = "selfTest";
  b->kept = craft_command (b, &a->craft);
  return craft_command (b, &newer);
}

static GBytes *
before_done (Bench *b, const Attack *a)
{
  b->kept = craft_command (b, &a->craft);
  return g_bytes_ref (b->kept);
}

/* The key that signed is revoked in between. */
static GBytes *
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

static GBytes *
before_demoted (Bench *b, const Attack *a)
{
  uint8_t  seed[32];
  node_key key = { .role = NODE_ROLE_OPERATOR, };

  b->kept = craft_command (b, &a->craft);
  memset (seed, a->craft.by, sizeof seed);
  hal_ed25519_public (seed, key.key);
  node_cose_kid (key.key, key.kid);
  g_assert_true (node_key_add (b->n, &key, "demoted"));
  return NULL;
}

static GBytes *
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

static GBytes *
before_desired (Bench *b, const Attack *a)
{
  b->kept = desired (b, a, 4, "{\"summaryPeriodS\":20}");
  return desired (b, a, 5, "{\"summaryPeriodS\":10}");
}

static GBytes *
make_desired_equal (Bench *b, const Attack *a)
{
  return desired (b, a, 5, "{\"summaryPeriodS\":30}");
}

/* A document's payload; @value: its version, 3600 s of period. */
static GBytes *
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
  payload = grab (&w);
  return seal (&a->craft,
               a->craft.topic != NULL ? a->craft.topic
                                      : CONSOLE_TOPIC ("desired"),
               payload);
}

/* Beacons. */

#define TIME_TOPIC "twin/1/northfield/@time"

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
  payload = grab (&w);
  return seal (c, c->topic != NULL ? c->topic : TIME_TOPIC, payload);
}

static GBytes *
make_beacon (Bench *b, const Attack *a)
{
  return beacon (b, &a->craft, a->value);
}

/* A good one, kept; a while later it comes again. */
static GBytes *
before_beacon (Bench *b, const Attack *a)
{
  b->kept = beacon (b, &a->craft, 0);
  deliver (b, TIME_TOPIC, b->kept);
  fake_board_run (b->h, b->n, a->value);
  return NULL;
}

/* A step that was asked for once, and is kept. */
static GBytes *
before_step (Bench *b, const Attack *a)
{
  b->kept = beacon (b, a->second.by != 0 ? &a->second : &a->craft, 86400);
  deliver (b, TIME_TOPIC, b->kept);
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
static GBytes *
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
static GBytes *
before_enrolled (Bench *b, const Attack *a)
{
  g_autoptr (GBytes) genuine =
      enrolment (21, b->n->config.token, CONSOLE_TOPIC ("enrol"));

  deliver (b, CONSOLE_TOPIC ("enrol"), genuine);
  g_assert_true (b->n->token_burnt);
  return NULL;
}

/* The stranger's enrolment was good once; then the node was decommissioned
 * and is in service again. */
static GBytes *
before_former_life (Bench *b, const Attack *a)
{
  TwinKey *engineer = console_key (ENGINEER);

  b->kept = enrolment (STRANGER, b->n->config.token, CONSOLE_TOPIC ("enrol"));
  deliver (b, CONSOLE_TOPIC ("enrol"), b->kept);
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

static GBytes *
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

#define N8 "twin/1/northfield/n-0108/"
#define DESIRED CONSOLE_TOPIC ("desired")
#define ENROL CONSOLE_TOPIC ("enrol")

static const Attack attacks[] = {
  /* Whose word it is. */
  { "forged: the engineer's kid, a stranger's signature",
    "rejected:signature",
    NULL,
    make_command,
    { .by = STRANGER, .claims = ENGINEER } },
  { "an unknown key",
    "rejected:unknown-key",
    NULL,
    make_command,
    { .by = STRANGER } },
  { "one bit of the signature",
    "rejected:signature",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = FLIPPED_SIGNATURE } },
  { "one bit of the payload",
    "rejected:signature",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = FLIPPED_PAYLOAD } },
  { "a signature of 63 bytes",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = SHORT_SIGNATURE } },
  { "a revoked key",
    "rejected:unknown-key",
    NULL,
    make_kept,
    { .by = MAINTAINER },
    .before = before_revoked },
  { "a key that was demoted",
    "rejected:role",
    NULL,
    make_kept,
    { .by = ENGINEER },
    .before = before_demoted },
  /* For whom. */
  { "signed for another node",
    "rejected:signature",
    NULL,
    make_command,
    { .by = MAINTAINER, .topic = N8 "command" } },
  { "signed for another plant",
    "rejected:signature",
    NULL,
    make_command,
    { .by = MAINTAINER, .topic = "twin/1/southfield/n-0107/command" } },
  { "signed as a desired document",
    "rejected:signature",
    NULL,
    make_command,
    { .by = MAINTAINER, .topic = DESIRED } },
  { "delivered on another node's topic",
    "log:message refused: topic",
    N8 "command",
    make_command,
    { .by = MAINTAINER } },
  { "delivered on a topic that begins alike",
    "log:message refused: topic",
    CONSOLE_TOPIC ("command/x"),
    make_command,
    { .by = MAINTAINER } },
  { "a beacon as a command",
    "rejected:signature",
    NULL,
    make_beacon,
    { .by = MAINTAINER } },
  /* Again, late, early. */
  { "repeated: answered from memory, not run",
    "running", /* it still is: sensors take 2.5 s */
    NULL,
    make_kept,
    { .by = ENGINEER, .command = "selfTest" },
    .before = before_done },
  { "reordered: an older counter",
    "rejected:counter",
    NULL,
    make_kept,
    { .by = MAINTAINER },
    .before = before_newer },
  { "a counter long gone, a fresh id",
    "rejected:counter",
    NULL,
    make_command,
    { .by = MAINTAINER, .counter = 90000 },
    .before = before_newer },
  { "no counter",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = NO_COUNTER } },
  { "expired",
    "expired:expired",
    NULL,
    make_command,
    { .by = MAINTAINER, .lifetime_s = -1 } },
  { "never to expire (not a number)",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = NOT_AFTER_NAN } },
  { "of an epoch gone by",
    "rejected:epoch",
    NULL,
    make_command,
    { .by = MAINTAINER, .epoch = -1 } },
  { "of an epoch to come",
    "rejected:epoch",
    NULL,
    make_command,
    { .by = MAINTAINER, .epoch = 1 } },
  { "an epoch of 64 bits that ends in ours",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = EPOCH_OF_64_BITS } },
  { "a node without time",
    "rejected:no-time",
    NULL,
    make_command,
    { .by = MAINTAINER },
    .before = before_no_time },
  /* Above one's role. */
  { "an operator reboots",
    "rejected:role",
    NULL,
    make_command,
    { .by = OPERATOR } },
  { "an operator resets a trip",
    "rejected:role",
    NULL,
    make_command,
    { .by = OPERATOR, .command = "resetTrip" } },
  { "a maintainer sets a trip limit",
    "rejected:role",
    NULL,
    make_command,
    { .by = MAINTAINER, .command = "setTrip" } },
  { "a maintainer calibrates",
    "rejected:role",
    NULL,
    make_command,
    { .by = MAINTAINER, .command = "calibrate" } },
  { "a maintainer enrols a key",
    "rejected:role",
    NULL,
    make_command,
    { .by = MAINTAINER, .command = "enrolKey" } },
  { "a maintainer installs firmware",
    "rejected:role",
    NULL,
    make_command,
    { .by = MAINTAINER, .command = "installFirmware" } },
  { "an operator decommissions",
    "rejected:role",
    NULL,
    make_command,
    { .by = OPERATOR, .command = "decommission" } },
  { "a command there is not",
    "rejected:unknown-command",
    NULL,
    make_command,
    { .by = ENGINEER, .command = "openShell" } },
  /* Envelopes that are none. */
  { "algorithm ES256",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = ALG_ES256 } },
  { "no algorithm",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = ALG_NONE } },
  { "the algorithm unprotected",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = ALG_UNPROTECTED } },
  { "tagged as a MAC",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = TAGGED_MAC0 } },
  { "no tag",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = UNTAGGED } },
  { "a kid of nine bytes",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = KID_OF_9 } },
  { "a byte behind the envelope",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = TRAILING_ENVELOPE } },
  { "the last byte missing",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = CUT_ENVELOPE } },
  /* CBOR that could be read in two ways, well signed. */
  { "a byte behind the payload",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = TRAILING_PAYLOAD } },
  { "keys out of order",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = KEYS_SWAPPED } },
  { "a key twice",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = KEY_TWICE } },
  { "an integer in long form",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = LONG_FORM } },
  { "an indefinite map",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = INDEFINITE } },
  { "nine levels deep",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = TOO_DEEP } },
  { "over 4 KiB",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = OVERSIZE } },
  { "an id of seven bytes",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = ID_OF_7 } },
  { "arguments that are no map",
    "rejected:malformed",
    NULL,
    make_command,
    { .by = MAINTAINER, .twist = ARGUMENTS_ARRAY } },
  /* Two people. */
  { "the approver is the signer",
    "rejected:needs-approver",
    NULL,
    make_pair,
    { .by = ENGINEER },
    { .by = ENGINEER } },
  { "the approver is a stranger",
    "rejected:unknown-key",
    NULL,
    make_pair,
    { .by = ENGINEER },
    { .by = STRANGER } },
  { "the approver is forged",
    "rejected:signature",
    NULL,
    make_pair,
    { .by = ENGINEER },
    { .by = STRANGER, .claims = SECOND } },
  { "the approver's role is too low",
    "rejected:role",
    NULL,
    make_pair,
    { .by = ENGINEER, .command = "setMode" },
    { .by = MAINTAINER } },
  { "the first is a stranger",
    "rejected:unknown-key",
    NULL,
    make_pair,
    { .by = STRANGER },
    { .by = SECOND } },
  { "the first is for another node",
    "rejected:signature",
    NULL,
    make_pair,
    { .by = ENGINEER, .topic = N8 "command" },
    { .by = SECOND } },
  { "approved for another node",
    "rejected:signature",
    NULL,
    make_pair,
    { .by = ENGINEER },
    { .by = SECOND, .topic = N8 "command" } },
  { "an approval of an approval",
    "rejected:malformed",
    NULL,
    make_nested,
    { .by = ENGINEER },
    { .by = SECOND } },
  /* Desired documents. */
  { "desired: forged",
    "signature",
    DESIRED,
    make_desired,
    { .by = STRANGER, .claims = ENGINEER },
    .value = 9 },
  { "desired: by a stranger",
    "unknown-key",
    DESIRED,
    make_desired,
    { .by = STRANGER },
    .value = 9 },
  { "desired: for another node",
    "signature",
    DESIRED,
    make_desired,
    { .by = ENGINEER, .topic = N8 "desired" },
    .value = 9 },
  { "desired: a command in its place",
    "signature",
    DESIRED,
    make_command,
    { .by = ENGINEER } },
  { "desired: an older version",
    "version",
    DESIRED,
    make_kept,
    { .by = ENGINEER },
    .before = before_desired },
  { "desired: the version in force, other content",
    "version",
    DESIRED,
    make_desired_equal,
    { .by = ENGINEER },
    .before = before_desired },
  { "desired: based on itself",
    "malformed",
    DESIRED,
    make_desired,
    { .by = ENGINEER, .twist = NO_COUNTER },
    .value = 9 },
  { "desired: keys out of order",
    "malformed",
    DESIRED,
    make_desired,
    { .by = ENGINEER, .twist = KEYS_SWAPPED },
    .value = 9 },
  { "desired: a byte behind the payload",
    "malformed",
    DESIRED,
    make_desired,
    { .by = ENGINEER, .twist = TRAILING_PAYLOAD },
    .value = 9 },
  { "desired: over 4 KiB",
    "malformed",
    DESIRED,
    make_desired,
    { .by = ENGINEER, .twist = OVERSIZE },
    .value = 9 },
  /* The clock. */
  { "beacon: forged",
    "log:beacon refused: signature",
    TIME_TOPIC,
    make_beacon,
    { .by = STRANGER, .claims = ENGINEER },
    .value = 60 },
  { "beacon: by a stranger",
    "log:beacon refused: unknown-key",
    TIME_TOPIC,
    make_beacon,
    { .by = STRANGER },
    .value = 60 },
  { "beacon: of another plant",
    "log:beacon refused: signature",
    TIME_TOPIC,
    make_beacon,
    { .by = ENGINEER, .topic = "twin/1/southfield/@time" },
    .value = 60 },
  { "beacon: recorded a minute ago",
    "log:beacon refused: old",
    TIME_TOPIC,
    make_kept,
    { .by = ENGINEER },
    .value = 60,
    .before = before_beacon },
  { "beacon: delivered twice",
    "log:beacon refused: old",
    TIME_TOPIC,
    make_kept,
    { .by = ENGINEER },
    .value = 1.1,
    .before = before_beacon },
  { "beacon: a day ahead, alone",
    "log:beacon refused: step",
    TIME_TOPIC,
    make_beacon,
    { .by = ENGINEER },
    .value = 86400 },
  { "beacon: the same step delivered twice",
    "log:beacon refused: old",
    TIME_TOPIC,
    make_kept,
    { .by = ENGINEER },
    .before = before_step },
  { "beacon: two steps that disagree",
    "log:beacon refused: step",
    TIME_TOPIC,
    make_beacon,
    { .by = SECOND },
    { .by = ENGINEER },
    .value = 43200,
    .before = before_step },
  { "beacon: beyond all years",
    "log:beacon refused: malformed",
    TIME_TOPIC,
    make_beacon,
    { .by = ENGINEER, .twist = EPOCH_OF_64_BITS } },
  /* Enrolment. */
  { "enrolment: another token", "log:enrolment refused: token", ENROL,
    make_enrol, .value = 1 },
  { "enrolment: for another node", "log:enrolment refused: token", ENROL,
    make_enrol, .value = 2 },
  { "enrolment: cut short", "log:enrolment refused: malformed", ENROL,
    make_enrol, .value = 3 },
  { "enrolment: a role there is not", "log:enrolment refused: malformed", ENROL,
    make_enrol_role },
  { "enrolment: a signature in place of a MAC",
    "log:enrolment refused: malformed",
    ENROL,
    make_command,
    { .by = ENGINEER, .topic = ENROL } },
  { "enrolment: a good MAC, the token used", "log:enrolment refused: used",
    ENROL, make_enrol, .value = 4, .before = before_enrolled },
  { "enrolment: replayed after a decommission",
    "log:enrolment refused: replayed", ENROL, make_kept,
    .before = before_former_life },
};

/* What the node said, in the form of the table. */
static char *
said (Bench *b, const Attack *a)
{
  if (g_str_has_prefix (a->reason, "log:"))
    {
      const char *last = strrchr (b->h->log->str, '\n');

      return g_strconcat ("log:", last != NULL ? last + 1 : b->h->log->str,
                          NULL);
    }
  if (g_strcmp0 (a->topic, DESIRED) == 0)
    {
      g_autoptr (TwinReported) r = NULL;

      fake_board_run (b->h, b->n, 1.1);
      r = console_reported (b->h, b->n);
      return g_strdup (r != NULL && r->n_refused > 0 ? r->refused[0].reason
                                                     : "");
    }
  return console_outcome (b->h, b->n);
}

static void
test_attempt (gconstpointer data)
{
  const Attack    *a = data;
  Bench            b;
  g_autofree char *before = NULL, *after = NULL, *reason = NULL;
  g_autoptr (GBytes) message = NULL;

  bench_up (&b);
  if (a->before != NULL)
    {
      g_autoptr (GBytes) genuine = a->before (&b, a);

      if (genuine != NULL)
        deliver (&b, a->topic != NULL ? a->topic : CONSOLE_TOPIC ("command"),
                 genuine);
    }
  message = a->make (&b, a);
  fake_board_forget (b.h);
  g_string_truncate (b.h->log, 0);

  before = state_of (&b);
  deliver (&b, a->topic != NULL ? a->topic : CONSOLE_TOPIC ("command"),
           message);
  after = state_of (&b);
  reason = said (&b, a);
  g_test_message ("%-48s %s", a->what, reason);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpstr (reason, ==, a->reason);
  bench_down (&b);
}

/* The bench itself: what is not twisted is taken. */
static void
test_genuine (void)
{
  Craft  reboot = { .by = MAINTAINER }, mode = { .by = ENGINEER };
  Craft  approver = { .by = SECOND };
  Attack beacon_row = { .craft = { .by = ENGINEER }, .value = 60 };
  Attack desired_row = { .craft = { .by = ENGINEER }, .value = 9 };
  Attack enrol_row = { .value = 4 };
  Bench  b;
  g_autoptr (GBytes) command = NULL;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) pair = NULL;
  g_autoptr (GBytes) time = NULL;
  g_autoptr (GBytes) document = NULL;
  g_autoptr (GBytes) enrol = NULL;
  g_autofree char *state = NULL, *done = NULL;
  int64_t          utc;

  bench_up (&b);
  time = make_beacon (&b, &beacon_row);
  deliver (&b, TIME_TOPIC, time);
  g_assert_true (node_utc_us (b.n, &utc));
  g_assert_cmpint (utc - b.h->utc_at_0 - (int64_t) b.h->time_us, ==, 60000000);
  document = make_desired (&b, &desired_row);
  deliver (&b, DESIRED, document);
  g_assert_cmpuint (b.n->properties.summary_period_s, ==, 3600);
  enrol = make_enrol (&b, &enrol_row);
  deliver (&b, ENROL, enrol);
  g_assert_true (b.n->token_burnt);
  mode.lifetime_s = reboot.lifetime_s = 120;
  mode.command = "resetTrip";
  first = craft_command (&b, &mode);
  pair = craft_pair (first, &approver);
  deliver (&b, CONSOLE_TOPIC ("command"), pair);
  command = craft_command (&b, &reboot);
  deliver (&b, CONSOLE_TOPIC ("command"), command);
  done = console_outcome (b.h, b.n);
  g_assert_cmpstr (done, ==, "done done");
  g_assert_cmpuint (b.n->reset_at_us, !=, 0);
  bench_down (&b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpuint (G_N_ELEMENTS (attacks), >=, 40);
  g_test_add_func ("/firmware/attacks/genuine", test_genuine);
  for (unsigned i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      g_autofree char *name = g_strdup_printf ("/firmware/attacks/%02u", i + 1);

      g_test_add_data_func (name, &attacks[i], test_attempt);
    }
  return g_test_run ();
}
