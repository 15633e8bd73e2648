/* SPDX-License-Identifier: Apache-2.0
 *
 * The update matrix: whatever is wrong with an image, its way or the power, no
 * bad image is kept and no node is dead. The last test prints the table.
 */
#include <string.h>

#include "node-private.h"
#include "update-bench.h"

/* One line of the table. */
typedef struct
{
  const char *name;
  unsigned    attempts, kept, dead;
} Line;

static Line     lines[40];
static unsigned n_lines;

static Line *
line (const char *name)
{
  lines[n_lines].name = name;
  g_assert_cmpuint (n_lines, <, G_N_ELEMENTS (lines) - 1);
  return &lines[n_lines++];
}

/* One attempt is over: the node runs @version, and nothing else ever was
 * taken for good. */
static void
judge (Line *l, Bench *b, const char *version)
{
  bool alive = b->n != NULL && b->dead_boots == 0 && bench_alive (b, version);

  l->attempts++;
  l->dead += !alive;
  l->kept += b->bad_boots > 0;
  if (!alive || b->bad_boots > 0)
    g_test_message ("%s, attempt %u: %s", l->name, l->attempts,
                    alive ? "kept a bad image" : "not alive");
}

static void
expect_bad (Bench *b)
{
  g_strlcpy (b->bad_version, b->image.manifest.version, sizeof b->bad_version);
}

static void
assert_reported (Bench *b, const char *state, const char *reason)
{
  g_autoptr (TwinReported) reported = NULL;
  JsonObject *firmware;

  bench_run (b, NULL, 1.5);
  reported = console_reported (b->h, b->n);
  g_assert_nonnull (reported);
  firmware = json_object_get_object_member (json_node_get_object (
                                                reported->properties),
                                            "firmware");
  g_assert_cmpstr (json_object_get_string_member (firmware, "state"), ==,
                   state);
  g_assert_cmpstr (json_object_get_string_member_with_default (firmware,
                                                               "reason", NULL),
                   ==, reason);
}

static void
assert_result (Bench *b, const char *outcome)
{
  g_autofree char *text = console_outcome (b->h, b->n);

  g_assert_cmpstr (text, ==, outcome);
}

/* A good image, step by step as it is reported. */
static void
test_good (void)
{
  Bench     b;
  boot_meta meta;
  Line     *l = line ("good image");

  bench_init (&b, 1, true);
  b.console = false;
  bench_run (&b, NULL, 3);
  assert_reported (&b, "idle", NULL);
  bench_offer (&b);
  assert_reported (&b, "offered", NULL);
  b.starve_at = 100;
  bench_install (&b, 0);
  assert_result (&b, "running");
  assert_reported (&b, "downloading", NULL);
  b.starve_at = UINT32_MAX;
  g_assert_true (bench_run (&b, bench_settled, 120));
  boot_meta_load (b.h, &meta);
  g_assert_cmpuint (meta.active, ==, 1);
  g_assert_cmpuint (meta.counter, ==, 6);
  assert_result (&b, "done");
  assert_reported (&b, "confirmed", NULL);
  judge (l, &b, BENCH_NEW);
  assert_reported (&b, "confirmed", NULL); /* still, after a restart */
  bench_clear (&b);
}

/* A board's clock runs while the node works. */
static void
test_running_clock (void)
{
  Bench b;

  bench_init (&b, 1, true);
  b.h->tick_us = 7;
  g_assert_true (bench_run (&b, bench_settled, 120));
  g_assert_true (bench_alive (&b, BENCH_NEW));
  bench_clear (&b);
}

/* The counter is the old one until the image is confirmed. */
static bool
on_trial (const Bench *b)
{
  return b->n->update.state == NODE_UPDATE_TRIAL &&
         b->n->mqtt.state == NODE_MQTT_ONLINE;
}

static void
test_trial (void)
{
  Bench     b;
  boot_meta meta;

  bench_init (&b, 1, true);
  g_assert_true (bench_run (&b, on_trial, 60));
  boot_meta_load (b.h, &meta);
  g_assert_cmpuint (meta.counter, ==, 5);
  g_assert_cmpuint (meta.active, ==, 0);
  g_assert_cmpuint (meta.tries, ==, 1);
  assert_reported (&b, "trial", NULL);
  bench_install (&b, 0);
  assert_result (&b, "rejected:busy");

  /* A power loss in the trial is no failure yet; three starts are. */
  bench_restart (&b);
  g_assert_true (bench_run (&b, on_trial, 60));
  bench_restart (&b);
  g_assert_true (bench_run (&b, on_trial, 60));
  boot_meta_load (b.h, &meta);
  g_assert_cmpuint (meta.tries, ==, 3);
  bench_restart (&b);
  g_assert_true (bench_run (&b, bench_settled, 60));
  assert_result (&b, "rejected:failed");
  assert_reported (&b, "reverted", "unconfirmed");
  g_assert_true (bench_alive (&b, BENCH_OLD));
  bench_clear (&b);
}

/* What the agent refuses, before a byte is fetched. */
static void
refuse_row (const char *name,
            const char *reason,
            void (*change) (Bench *b, boot_manifest *m))
{
  Bench b;
  Line *l = line (name);

  bench_init (&b, 1, false);
  b.console = false;
  bench_run (&b, NULL, 2);
  change (&b, &b.image.manifest);
  expect_bad (&b);
  bench_sign (&b);
  bench_offer (&b);
  assert_reported (&b, "refused", reason);
  bench_install (&b, 0);
  assert_result (&b, "rejected:state");
  judge (l, &b, BENCH_OLD);

  /* And past the agent: the bootloader refuses it as well. */
  {
    boot_meta meta;

    bench_fill (&b, 1);
    boot_meta_load (b.h, &meta);
    meta.trial = 1;
    meta.state = BOOT_PENDING;
    g_assert_cmpint (boot_meta_store (b.h, &meta), ==, HAL_OK);
    bench_restart (&b);
    boot_meta_load (b.h, &meta);
    g_assert_cmpint (meta.state, ==, BOOT_REFUSED);
    g_assert_cmpstr (boot_reason_text (meta.reason), ==, reason);
    judge (l, &b, BENCH_OLD);
  }
  bench_clear (&b);
}

static void
other_class (Bench *b, boot_manifest *m)
{
  g_strlcpy (m->node_class, "pump-node", sizeof m->node_class);
}

static void
other_vendor (Bench *b, boot_manifest *m)
{
  g_strlcpy (m->vendor, "Somebody", sizeof m->vendor);
}

static void
older (Bench *b, boot_manifest *m)
{
  m->sequence = 9;
}

static void
equal (Bench *b, boot_manifest *m)
{
  m->sequence = 10;
}

static void
lower_counter (Bench *b, boot_manifest *m)
{
  m->counter = 4;
}

static void
other_key (Bench *b, boot_manifest *m)
{
  b->image.key = b->stranger;
}

static void
test_refused (void)
{
  refuse_row ("wrong class", "class", other_class);
  refuse_row ("another vendor's name", "vendor", other_vendor);
  refuse_row ("another vendor's key", "unknown-key", other_key);
  refuse_row ("older sequence", "sequence", older);
  refuse_row ("equal sequence", "sequence", equal);
  refuse_row ("lower security counter", "counter", lower_counter);
}

static void
test_too_large (void)
{
  Bench b;

  bench_init (&b, 1, false);
  b.console = false;
  bench_run (&b, NULL, 2);
  b.image.manifest.size = CODE_IMAGE_MAX + 1;
  bench_sign (&b);
  bench_offer (&b);
  assert_reported (&b, "refused", "size");
  bench_clear (&b);
}

/* Every byte of the manifest altered on its way, one after the other. */
static void
test_tampered_header (void)
{
  Bench b;
  Line *l = line ("tampered header, on the way");

  bench_init (&b, 1, false);
  b.console = false;
  bench_run (&b, NULL, 2);
  for (size_t i = 0; i < b.image.envelope_n; i++)
    {
      b.image.envelope[i] ^= 0x04;
      bench_run (&b, NULL, 1.1); /* refusals are a second apart */
      bench_offer (&b);
      g_assert_cmpint (b.n->update.state, ==, NODE_UPDATE_REFUSED);
      g_assert_cmpint (b.n->update.reason, <=, BOOT_SIGNATURE);
      l->attempts++;
      b.image.envelope[i] ^= 0x04;
    }
  l->attempts--;
  expect_bad (&b);
  judge (l, &b, BENCH_OLD);
  bench_clear (&b);
}

/* One altered byte in each of a number of places. */
static void
test_tampered_payload (void)
{
  Line *l = line ("tampered payload, on the way");

  for (uint32_t at = 0; at < 6000; at += 250)
    {
      Bench b;

      bench_init (&b, at, false);
      b.tamper_at = at;
      expect_bad (&b);
      g_assert_true (bench_run (&b, bench_settled, 120));
      assert_result (&b, "running rejected:failed");
      assert_reported (&b, "refused", "digest");
      judge (l, &b, BENCH_OLD);
      bench_clear (&b);
    }
}

/* The image lies verified in its slot; then a byte there goes bad. */
static bool
is_pending (const Bench *b)
{
  return b->n->update.state == NODE_UPDATE_PENDING;
}

static void
tamper_slot (Line *l, uint32_t at)
{
  Bench b;

  bench_init (&b, at, false);
  expect_bad (&b);
  g_assert_true (bench_run (&b, is_pending, 120));
  b.h->code_cells[boot_slot_at (1) + at] ^= 0x20;
  g_assert_true (bench_run (&b, bench_settled, 120));
  g_assert_cmpint (b.n->update.state, ==, NODE_UPDATE_REFUSED);
  judge (l, &b, BENCH_OLD);
  bench_clear (&b);
}

static void
test_tampered_flash (void)
{
  Line *header = line ("tampered header, in the slot");
  Line *payload = line ("tampered payload, in the slot");

  for (uint32_t at = 0; at < 8 + 200; at += 3)
    tamper_slot (header, at);
  for (uint32_t at = 0; at < 6000; at += 375)
    tamper_slot (payload, CODE_SLOT_HEADER + at);
}

/* Images that fail on trial. */
static void
fail_row (const char *name, const char *text, const char *reason, bool sensors)
{
  Bench b;
  Line *l = line (name);

  bench_init (&b, 1, sensors);
  bench_image (&b, text, 5000);
  expect_bad (&b);
  g_assert_true (bench_run (&b, bench_settled, 400));
  assert_result (&b, "rejected:failed");
  assert_reported (&b, "reverted", reason);
  judge (l, &b, BENCH_OLD);

  /* It may be tried again when an engineer says so, and fails again. */
  b.console = false;
  b.image.manifest.sequence++;
  bench_sign (&b);
  bench_run (&b, NULL, 2);
  bench_offer (&b);
  bench_install (&b, 0);
  g_assert_true (bench_run (&b, bench_settled, 400));
  assert_reported (&b, "reverted", reason);
  judge (l, &b, BENCH_OLD);
  bench_clear (&b);
}

static void
test_failing (void)
{
  fail_row ("image that hangs at once", "hang\n", "unconfirmed", false);
  fail_row ("image that hangs later", "hang 6\n", "unconfirmed", false);
  fail_row ("image that reaches no broker", "deaf\n", "broker", false);
  fail_row ("image with a clock 0.2 % fast", "clock 1.002\n", "clock", true);
  fail_row ("image with a clock 0.2 % slow", "clock 0.998\n", "clock", true);
  fail_row ("image with a clock 40 % fast", "clock 1.4\n", "clock", true);
  fail_row ("image that is no program", "what?\n", "unconfirmed", false);
}

/* Cut off after each KB: the link, then the power. */
static void
test_cut_links (void)
{
  Line *l = line ("link lost after each KB");

  for (uint32_t at = 1024; at <= 40 * 1024; at += 1024)
    {
      Bench b;

      bench_init (&b, at, false);
      bench_image (&b, "", 40 * 1024 + 123);
      b.piece = 1024;
      b.drop_at = at;
      g_assert_true (bench_run (&b, bench_settled, 300));
      g_assert_cmpuint (b.boots, ==, 2); /* went on in the same life */
      judge (l, &b, BENCH_NEW);
      bench_clear (&b);
    }
}

static uint32_t stop_at;

static bool
served (const Bench *b)
{
  return b->served >= stop_at;
}

static void
test_cut_power (void)
{
  Line *l = line ("power lost after each KB");

  for (stop_at = 1024; stop_at <= 40 * 1024; stop_at += 1024)
    {
      Bench    b;
      uint32_t reached;

      bench_init (&b, stop_at, false);
      bench_image (&b, "", 40 * 1024 + 123);
      b.piece = 1024;
      g_assert_true (bench_run (&b, served, 300));
      reached = b.n->update.offset;
      bench_restart (&b);
      g_assert_cmpint (b.n->update.state, ==, NODE_UPDATE_DOWNLOADING);
      g_assert_cmpuint (b.n->update.offset, <=, reached);
      g_assert_cmpuint (b.n->update.offset + 4096, >=, reached);
      b.console = false; /* nobody authorises again */
      g_assert_true (bench_run (&b, bench_settled, 300));
      judge (l, &b, BENCH_NEW);
      bench_clear (&b);
    }
}

/* Pieces of any size, from any byte. */
static void
test_pieces (void)
{
  static const uint32_t sizes[] = { 1, 3, 7, 8, 13, 777, 4095 };
  Line                 *l = line ("pieces of 1 to 4095 bytes");

  for (unsigned i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Bench b;

      bench_init (&b, i, false);
      bench_image (&b, "", sizes[i] == 1 ? 1001 : 9001);
      b.piece = sizes[i];
      g_assert_true (bench_run (&b, bench_settled, 300));
      judge (l, &b, BENCH_NEW);
      bench_clear (&b);
    }
}

/* To the last byte of a slot; an older image of that size lies there. */
static void
test_largest (void)
{
  Bench b;
  Line *l = line ("an image as large as a slot");

  bench_init (&b, 1, false);
  bench_image (&b, "", CODE_IMAGE_MAX);
  bench_fill (&b, 1);
  bench_image (&b, "", CODE_IMAGE_MAX);
  b.image.bytes[CODE_IMAGE_MAX - 1] ^= 0x55;
  hal_sha256 (b.image.bytes, CODE_IMAGE_MAX, b.image.manifest.digest);
  bench_sign (&b);
  g_assert_true (bench_run (&b, bench_settled, 300));
  judge (l, &b, BENCH_NEW);
  bench_clear (&b);
}

/* The power fails at each step of the flash, the step half done. @from: of
 * the code flash's, the first to fail. */
typedef struct
{
  const char *text;
  const char *version; /* that must run in the end */
  bool        data;    /* cut data flash instead */
  uint32_t    size;
} Walk;

static uint64_t
steps_until (const Walk *w, BenchUntil until)
{
  Bench    b;
  uint64_t steps;

  bench_init (&b, 1, false);
  bench_image (&b, w->text, w->size);
  g_assert_true (bench_run (&b, until, 400));
  steps = w->data ? b.h->flash.steps : b.h->code.steps;
  bench_clear (&b);
  return steps;
}

static void
cut_once (Line *l, const Walk *w, uint64_t cut)
{
  Bench      b;
  nor_flash *flash;

  bench_init (&b, 1, false);
  bench_image (&b, w->text, w->size);
  if (strcmp (w->version, BENCH_OLD) == 0)
    expect_bad (&b);
  flash = w->data ? &b.h->flash : &b.h->code;
  flash->cut_at = cut;
  flash->tear = (uint32_t) cut;
  bench_run (&b, bench_settled, 400);
  while (bench_power_failed (&b) || b.n == NULL)
    {
      bench_restart (&b);
      bench_run (&b, bench_settled, 400);
    }
  judge (l, &b, w->version);
  bench_clear (&b);
}

static void
walk (const char *name, const Walk *w, BenchUntil from)
{
  Line    *l = line (name);
  uint64_t first = steps_until (w, from) + 1;
  uint64_t last = steps_until (w, bench_settled);

  g_assert_cmpuint (last, >, first);
  for (uint64_t cut = first; cut <= last; cut++)
    cut_once (l, w, cut);
}

static bool
at_once (const Bench *b)
{
  return true;
}

static bool
is_verified (const Bench *b)
{
  return b->n->update.state == NODE_UPDATE_VERIFIED;
}

static void
test_walk_good (void)
{
  walk ("power lost at each step, all of it",
        &(Walk){ "", BENCH_NEW, false, 1500 }, at_once);
  walk ("power lost at each data step, all of it",
        &(Walk){ "", BENCH_NEW, true, 1500 }, at_once);
}

static void
test_walk_swap (void)
{
  walk ("power lost at each step of the swap",
        &(Walk){ "", BENCH_NEW, false, 20000 }, is_verified);
  walk ("the same, image that hangs",
        &(Walk){ "hang 4\n", BENCH_OLD, false, 6000 }, is_verified);
  walk ("the same, image that is deaf",
        &(Walk){ "deaf\n", BENCH_OLD, false, 6000 }, is_verified);
}

/* Who may do what, when. */
static void
test_authority (void)
{
  Bench    b;
  uint64_t steps;

  bench_init (&b, 1, false);
  steps = b.h->code.steps;
  b.console = false;
  bench_run (&b, NULL, 2);
  bench_install (&b, 0);
  assert_result (&b, "rejected:state");
  bench_offer (&b);
  b.image.manifest.digest[0] ^= 1;
  bench_install (&b, 0);
  assert_result (&b, "rejected:argument");
  b.image.manifest.digest[0] ^= 1;

  for (unsigned i = 0; i < NODE_KEYS_MAX; i++)
    if (b.n->keys[i].role == NODE_ROLE_ENGINEER)
      b.n->keys[i].role = NODE_ROLE_MAINTAINER;
  bench_install (&b, 0);
  assert_result (&b, "rejected:role");
  bench_run (&b, NULL, 10);
  g_assert_cmpuint (fake_board_count (b.h, "chunk/get"), ==, 0);
  g_assert_cmpuint (b.h->code.steps, ==, steps);
  bench_clear (&b);
}

/* Nobody serves the image: asked for ever more seldom, given up in a day. */
static void
test_starved (void)
{
  Bench b;

  bench_init (&b, 1, false);
  b.starve_at = 2000;
  stop_at = 2000;
  g_assert_true (bench_run (&b, served, 60));
  b.console = false;
  g_assert_false (bench_run (&b, bench_settled, 600));
  g_assert_cmpuint (b.served, ==, 2000);
  g_assert_cmpuint (b.n->update.patience_s, ==, 60);
  g_assert_true (bench_run (&b, bench_settled, 90000));
  assert_reported (&b, "refused", "timeout");
  g_assert_true (bench_alive (&b, BENCH_OLD));
  bench_clear (&b);
}

/* Another image takes the place of one that nobody serves. */
static void
test_superseded (void)
{
  Bench b;

  bench_init (&b, 1, false);
  b.starve_at = 2000;
  stop_at = 2000;
  g_assert_true (bench_run (&b, served, 60));
  b.console = false;
  b.starve_at = UINT32_MAX;
  bench_image (&b, "", 7000);
  g_strlcpy (b.image.manifest.version, "1.2.0", BOOT_NAME_SIZE);
  b.image.manifest.sequence = 12;
  bench_sign (&b);
  fake_board_forget (b.h);
  bench_offer (&b);
  g_assert_cmpint (b.n->update.state, ==, NODE_UPDATE_DOWNLOADING);
  bench_install (&b, 0);
  assert_result (&b, "rejected:failed running");
  g_assert_true (bench_run (&b, bench_settled, 120));
  g_assert_true (bench_alive (&b, "1.2.0"));
  bench_clear (&b);
}

/* A sensor that was dead before does not speak against the image; one that
 * dies with it does. */
static void
test_sensors (void)
{
  for (unsigned before = 0; before < 2; before++)
    {
      Bench b;

      bench_init (&b, 1, false);
      if (before)
        b.h->sim.rtds[0].fitted = false;
      g_assert_true (bench_run (&b, is_pending, 60));
      b.h->sim.rtds[0].fitted = false;
      g_assert_true (bench_run (&b, bench_settled, 400));
      assert_reported (&b, before ? "confirmed" : "reverted",
                       before ? NULL : "sensor");
      bench_clear (&b);
    }
}

/* Asleep by its mode or its duty a node wakes its sensors for the trial. */
static void
test_asleep (void)
{
  for (unsigned duty = 0; duty < 2; duty++)
    {
      Bench          b;
      ConsoleCommand standby = { .command = "setMode",
                                 .arguments = "{\"mode\":\"standby\"}",
                                 .lifetime_s = 60 };
      g_autoptr (GBytes) message = NULL;

      bench_init (&b, 1, true);
      b.console = false;
      bench_run (&b, NULL, 3);
      standby.key = b.engineer;
      message = duty ? console_desired (b.engineer, 1,
                                        "{\"acquisition\":{\"mode\":\"duty\","
                                        "\"blockS\":1,\"everyS\":60}}")
                     : console_command (b.h, b.n, &standby, NULL);
      console_send (b.h, b.n, duty ? "desired" : "command", message);
      bench_run (&b, NULL, 10);
      g_assert_false (b.n->accels[0].running);
      b.console = true;
      g_assert_true (bench_run (&b, bench_settled, 400));
      g_assert_true (bench_alive (&b, BENCH_NEW));
      bench_run (&b, NULL, 10);
      g_assert_false (b.n->accels[0].running);
      bench_clear (&b);
    }
}

static void
test_table (void)
{
  unsigned attempts = 0, kept = 0, dead = 0;

  g_test_message ("%-44s %8s %8s %8s", "", "attempts", "kept bad", "dead");
  for (unsigned i = 0; i < n_lines; i++)
    {
      const Line *l = &lines[i];

      g_test_message ("%-44s %8u %8u %8u", l->name, l->attempts, l->kept,
                      l->dead);
      attempts += l->attempts;
      kept += l->kept;
      dead += l->dead;
    }
  g_test_message ("%-44s %8u %8u %8u", "all", attempts, kept, dead);
  g_assert_cmpuint (kept, ==, 0);
  g_assert_cmpuint (dead, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/update/good", test_good);
  g_test_add_func ("/firmware/update/running-clock", test_running_clock);
  g_test_add_func ("/firmware/update/trial", test_trial);
  g_test_add_func ("/firmware/update/authority", test_authority);
  g_test_add_func ("/firmware/update/refused", test_refused);
  g_test_add_func ("/firmware/update/too-large", test_too_large);
  g_test_add_func ("/firmware/update/tampered-header", test_tampered_header);
  g_test_add_func ("/firmware/update/tampered-payload", test_tampered_payload);
  g_test_add_func ("/firmware/update/tampered-flash", test_tampered_flash);
  g_test_add_func ("/firmware/update/failing", test_failing);
  g_test_add_func ("/firmware/update/sensors", test_sensors);
  g_test_add_func ("/firmware/update/asleep", test_asleep);
  g_test_add_func ("/firmware/update/starved", test_starved);
  g_test_add_func ("/firmware/update/superseded", test_superseded);
  g_test_add_func ("/firmware/update/pieces", test_pieces);
  g_test_add_func ("/firmware/update/largest", test_largest);
  g_test_add_func ("/firmware/update/cut-links", test_cut_links);
  g_test_add_func ("/firmware/update/cut-power", test_cut_power);
  g_test_add_func ("/firmware/update/walk-swap", test_walk_swap);
  g_test_add_func ("/firmware/update/walk-all", test_walk_good);
  g_test_add_func ("/firmware/update/table", test_table);
  return g_test_run ();
}
