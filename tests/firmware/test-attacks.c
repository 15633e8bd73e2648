/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody who owns the broker, a stranger's key, a low key or a
 * recording of the wire can try: one row an attempt. After each the node must
 * be as it was, and must have refused for the reason given.
 */
#include <string.h>

#include "attacks.h"

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
        attack_deliver (&b,
                        a->topic != NULL ? a->topic : CONSOLE_TOPIC ("command"),
                        genuine);
    }
  message = a->make (&b, a);
  fake_board_forget (b.h);
  g_string_truncate (b.h->log, 0);

  before = state_of (&b);
  attack_deliver (&b, a->topic != NULL ? a->topic : CONSOLE_TOPIC ("command"),
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
  attack_deliver (&b, TIME_TOPIC, time);
  g_assert_true (node_utc_us (b.n, &utc));
  g_assert_cmpint (utc - b.h->utc_at_0 - (int64_t) b.h->time_us, ==, 60000000);
  document = make_desired (&b, &desired_row);
  attack_deliver (&b, DESIRED, document);
  g_assert_cmpuint (b.n->properties.summary_period_s, ==, 3600);
  enrol = make_enrol (&b, &enrol_row);
  attack_deliver (&b, ENROL, enrol);
  g_assert_true (b.n->token_burnt);
  mode.lifetime_s = reboot.lifetime_s = 120;
  mode.command = "resetTrip";
  first = craft_command (&b, &mode);
  pair = craft_pair (first, &approver);
  attack_deliver (&b, CONSOLE_TOPIC ("command"), pair);
  command = craft_command (&b, &reboot);
  attack_deliver (&b, CONSOLE_TOPIC ("command"), command);
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
