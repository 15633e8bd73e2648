/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-desired.h"

#include "fleet-fixture.h"

typedef struct
{
  Fleet           fleet;
  TwinKey        *other; /* a second console, enrolled too */
  TwinKey        *stranger;
  TwinDesired    *desired;
  gboolean        disk_full;
  unsigned        n_kept;
  unsigned        n_conflicts;
  char           *mine, *theirs, *base; /* of the last conflict */
  TwinDesiredSync sync;                 /* as last told */
} Fixture;

static gboolean
on_keep (const TwinDesiredState *state, void *data, GError **error)
{
  Fixture *f = data;

  if (f->disk_full)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
      return FALSE;
    }
  g_assert_nonnull (state->message);
  f->n_kept++;
  return TRUE;
}

static void
on_changed (const TwinDesiredState *state, void *data)
{
  ((Fixture *) data)->sync = state->sync;
}

static char *
text_of (JsonNode *node)
{
  return node == NULL ? NULL : json_to_string (node, FALSE);
}

static void
clear_conflict (Fixture *f)
{
  g_clear_pointer (&f->mine, g_free);
  g_clear_pointer (&f->theirs, g_free);
  g_clear_pointer (&f->base, g_free);
}

static void
on_conflict (const TwinDesiredConflict *conflict, void *data)
{
  Fixture *f = data;

  clear_conflict (f);
  f->n_conflicts++;
  f->mine = text_of (conflict->mine);
  f->theirs = text_of (conflict->theirs);
  f->base = text_of (conflict->base);
}

static gboolean
find_key (const char   *node,
          const uint8_t kid[TWIN_KID_SIZE],
          uint8_t       key[TWIN_PUBLIC_KEY_SIZE],
          void         *data)
{
  Fixture *f = data;

  if (memcmp (kid, twin_key_get_kid (f->other), TWIN_KID_SIZE) != 0)
    return FALSE;
  memcpy (key, twin_key_get_public (f->other), TWIN_PUBLIC_KEY_SIZE);
  return TRUE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const TwinDesiredHooks hooks = { on_keep, on_changed, on_conflict, find_key,
                                   f };

  fleet_set_up (&f->fleet);
  f->other = twin_key_generate ();
  f->stranger = twin_key_generate ();
  f->desired = twin_desired_new (&f->fleet.io, &hooks);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  clear_conflict (f);
  twin_desired_free (f->desired);
  twin_key_unref (f->other);
  twin_key_unref (f->stranger);
  fleet_tear_down (&f->fleet);
}

static void
set (Fixture *f, const char *pointer, const char *value, uint64_t seen)
{
  g_autoptr (JsonNode) node = value == NULL ? NULL : json (value);
  g_autoptr (GError) error = NULL;

  twin_desired_set (f->desired, NODE, pointer, node, seen, &error);
  g_assert_no_error (error);
}

/* What @key would publish. */
static GBytes *
make (const TwinKey *key,
      const char    *node,
      uint64_t       version,
      uint64_t       base,
      const char    *properties)
{
  g_autofree char *topic =
      twin_topic_format ("northfield", node, TWIN_CHANNEL_DESIRED);
  g_autoptr (JsonNode) object = json (properties);
  const TwinDesiredDocument document = { version, base, object };
  g_autoptr (GBytes) payload = twin_desired_document_build (&document, NULL);

  return twin_signed_build (key, topic, g_bytes_get_data (payload, NULL),
                            g_bytes_get_size (payload));
}

static gboolean
hear (Fixture       *f,
      const TwinKey *key,
      uint64_t       version,
      uint64_t       base,
      const char    *properties)
{
  g_autoptr (GBytes) message = make (key, NODE, version, base, properties);

  return twin_desired_message (f->desired, NODE, message, NULL);
}

static void
report (Fixture *f, uint64_t version, const uint8_t *digest, gboolean refused)
{
  TwinRefusal  refusal = { (char *) "/schedule", (char *) "out of range" };
  TwinReported reported = { .version = version,
                            .has_digest = TRUE,
                            .n_refused = refused ? 1 : 0,
                            .refused = &refusal };

  memcpy (reported.digest, digest, TWIN_DIGEST_SIZE);
  twin_desired_reported (f->desired, NODE, &reported);
}

static void
assert_stands (Fixture *f, uint64_t version, const char *properties)
{
  const TwinDesiredState *state = twin_desired_lookup (f->desired, NODE);
  g_autofree char        *text = text_of (state->properties);

  g_assert_cmpuint (state->version, ==, version);
  g_assert_cmpstr (text, ==, properties);
}

static void
test_none_at_first (Fixture *f, gconstpointer data)
{
  const TwinDesiredState *state = twin_desired_lookup (f->desired, NODE);

  g_assert_cmpuint (state->version, ==, 0);
  g_assert_cmpint (state->sync, ==, TWIN_DESIRED_NONE);
  twin_desired_connected (f->desired);
  fleet_pass (&f->fleet, 10);
  twin_desired_tick (f->desired);
  fleet_assert_silent (&f->fleet);
}

static void
test_written_and_applied (Fixture *f, gconstpointer data)
{
  const Published *published;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  set (f, "/schedule/everyS", "20", 0);
  published = fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED);
  g_assert_true (published->retain);
  g_assert_cmpint (published->qos, ==, 1);
  node = fleet_read (published, f->fleet.key);
  text = text_of (node);
  g_assert_cmpstr (text, ==,
                   "{\"base\":0,\"version\":1,\"properties\":{\"schedule\":{"
                   "\"everyS\":20}}}");
  g_assert_cmpint (f->sync, ==, TWIN_DESIRED_PENDING);
  g_assert_cmpuint (f->n_kept, ==, 1);

  report (f, 1, twin_desired_lookup (f->desired, NODE)->digest, FALSE);
  g_assert_cmpint (f->sync, ==, TWIN_DESIRED_APPLIED);

  set (f, "/schedule/captureS", "8.5", 1);
  assert_stands (f, 2, "{\"schedule\":{\"everyS\":20,\"captureS\":8.5}}");
  g_assert_cmpint (f->sync, ==, TWIN_DESIRED_PENDING);
  report (f, 2, twin_desired_lookup (f->desired, NODE)->digest, TRUE);
  g_assert_cmpint (f->sync, ==, TWIN_DESIRED_REFUSED);
  g_assert_cmpstr (twin_desired_lookup (f->desired, NODE)->refused[0].reason,
                   ==, "out of range");

  set (f, "/schedule/captureS", NULL, 2);
  assert_stands (f, 3, "{\"schedule\":{\"everyS\":20}}");
}

static void
test_pointers (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = { "schedule", "", "/a/b/c" };
  g_autoptr (JsonNode) value = json ("1");
  g_autoptr (JsonNode) unsayable = json ("1e999");

  set (f, "/deadbands/de~1temperature", "0.5", 0);
  set (f, "/a~0b", "true", 1);
  set (f, "/a", "{\"b\":1}", 2);
  set (f, "/nothing/here", NULL, 3);
  assert_stands (f, 4,
                 "{\"a\":{\"b\":1},\"a~b\":true,\"deadbands\":{"
                 "\"de/temperature\":0.5}}");

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          twin_desired_set (f->desired, NODE, bad[i], value, 4, &error));
      g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT);
    }
  {
    g_autoptr (GError) error = NULL;

    g_assert_false (
        twin_desired_set (f->desired, NODE, "/x", unsayable, 4, &error));
    g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT);
  }
}

static void
test_conflict_shows_three (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) mine = json ("{\"a\":3}");
  g_autoptr (GError) error = NULL;

  set (f, "/a", "1", 0);
  g_assert_true (hear (f, f->other, 2, 1, "{\"a\":2}"));
  g_ptr_array_set_size (f->fleet.published, 0);
  g_assert_cmpuint (f->n_conflicts, ==, 0); /* they had seen ours */

  g_assert_false (twin_desired_write (f->desired, NODE, mine, 1, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_CONFLICT);
  g_assert_cmpuint (f->n_conflicts, ==, 1);
  g_assert_cmpstr (f->mine, ==, "{\"a\":3}");
  g_assert_cmpstr (f->theirs, ==, "{\"a\":2}");
  g_assert_cmpstr (f->base, ==, "{\"a\":1}");
  fleet_assert_silent (&f->fleet);
  assert_stands (f, 2, "{\"a\":2}");

  /* Having seen it, the same edit goes. */
  g_assert_true (twin_desired_write (f->desired, NODE, mine, 2, NULL));
  assert_stands (f, 3, "{\"a\":3}");
}

/* Theirs is newer but was written without ours: ours is lost by it, and that
 * is said. */
static void
test_overtaken (Fixture *f, gconstpointer data)
{
  set (f, "/a", "1", 0);
  set (f, "/a", "2", 1);
  g_assert_true (hear (f, f->other, 3, 1, "{\"a\":9}"));
  g_assert_cmpuint (f->n_conflicts, ==, 1);
  g_assert_cmpstr (f->mine, ==, "{\"a\":2}");
  g_assert_cmpstr (f->theirs, ==, "{\"a\":9}");
  g_assert_cmpstr (f->base, ==, "{\"a\":1}");
  assert_stands (f, 3, "{\"a\":9}");
}

/* Both wrote version 2 at once: the node's report decides. */
static void
test_rival_wins_by_the_node (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) rival = make (f->other, NODE, 2, 1, "{\"a\":9}");
  TwinSigned opened;
  uint8_t    digest[TWIN_DIGEST_SIZE];

  set (f, "/a", "1", 0);
  set (f, "/a", "2", 1);
  g_assert_true (twin_desired_message (f->desired, NODE, rival, NULL));
  assert_stands (f, 2, "{\"a\":2}");
  g_assert_cmpuint (f->n_conflicts, ==, 0);

  twin_signed_open (g_bytes_get_data (rival, NULL), g_bytes_get_size (rival),
                    &opened, NULL);
  twin_digest (opened.payload, opened.payload_size, digest);
  report (f, 2, digest, FALSE);
  assert_stands (f, 2, "{\"a\":9}");
  g_assert_cmpuint (f->n_conflicts, ==, 1);
  g_assert_cmpstr (f->mine, ==, "{\"a\":2}");
  g_assert_cmpint (f->sync, ==, TWIN_DESIRED_APPLIED);
}

static void
test_rival_loses_by_the_node (Fixture *f, gconstpointer data)
{
  set (f, "/a", "1", 0);
  set (f, "/a", "2", 1);
  g_assert_true (hear (f, f->other, 2, 1, "{\"a\":9}"));
  g_ptr_array_set_size (f->fleet.published, 0);
  report (f, 2, twin_desired_lookup (f->desired, NODE)->digest, FALSE);
  assert_stands (f, 2, "{\"a\":2}");
  /* And the broker gets the one that stands. */
  fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED);
  g_assert_cmpuint (f->n_conflicts, ==, 0);
}

static void
test_strangers_are_ignored (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) elsewhere = make (f->other, "n-0108", 5, 4, "{}");
  g_autoptr (GBytes) noise = g_bytes_new_static ("noise", 5);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  set (f, "/a", "1", 0);
  g_assert_false (hear (f, f->stranger, 2, 1, "{\"a\":666}"));
  g_assert_false (twin_desired_message (f->desired, NODE, elsewhere, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_DENIED);
  g_assert_false (twin_desired_message (f->desired, NODE, noise, NULL));
  g_assert_false (twin_desired_message (f->desired, NODE, empty, NULL));
  assert_stands (f, 1, "{\"a\":1}");
}

/* The broker lost its retained copies, or has an older one. */
static void
test_republished_when_missing (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) echo = NULL;

  set (f, "/a", "1", 0);
  echo = g_bytes_ref (fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED)->payload);
  g_assert_true (twin_desired_message (f->desired, NODE, echo, NULL));
  fleet_pass (&f->fleet, 100);
  twin_desired_tick (f->desired);
  fleet_assert_silent (&f->fleet);

  twin_desired_connected (f->desired);
  fleet_pass (&f->fleet, 4);
  twin_desired_tick (f->desired);
  fleet_assert_silent (&f->fleet);
  fleet_pass (&f->fleet, 2);
  twin_desired_tick (f->desired);
  g_assert_true (
      g_bytes_equal (fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED)->payload,
                     echo));
  twin_desired_tick (f->desired);
  fleet_assert_silent (&f->fleet);

  twin_desired_connected (f->desired);
  g_assert_true (twin_desired_message (f->desired, NODE, echo, NULL));
  fleet_pass (&f->fleet, 100);
  twin_desired_tick (f->desired);
  fleet_assert_silent (&f->fleet);
}

static void
test_republished_when_older (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) old = NULL;

  set (f, "/a", "1", 0);
  old = g_bytes_ref (fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED)->payload);
  set (f, "/a", "2", 1);
  fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED);
  twin_desired_connected (f->desired);
  g_assert_true (twin_desired_message (f->desired, NODE, old, NULL));
  fleet_pass (&f->fleet, 6);
  twin_desired_tick (f->desired);
  fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED);
  assert_stands (f, 2, "{\"a\":2}");
}

static void
test_offline_is_published_later (Fixture *f, gconstpointer data)
{
  f->fleet.offline = TRUE;
  set (f, "/a", "1", 0);
  assert_stands (f, 1, "{\"a\":1}");
  f->fleet.offline = FALSE;
  twin_desired_connected (f->desired);
  fleet_pass (&f->fleet, 6);
  twin_desired_tick (f->desired);
  fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED);
}

static void
test_not_kept_is_not_sent (Fixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) node = json ("{}");
  g_autoptr (GError) error = NULL;

  f->disk_full = TRUE;
  g_assert_false (twin_desired_write (f->desired, NODE, node, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  fleet_assert_silent (&f->fleet);
  g_assert_cmpuint (twin_desired_lookup (f->desired, NODE)->version, ==, 0);
}

/* A node that has applied more than we know of takes only what is newer. */
static void
test_beyond_what_the_node_has (Fixture *f, gconstpointer data)
{
  static const uint8_t digest[TWIN_DIGEST_SIZE] = { 7 };

  report (f, 41, digest, FALSE);
  set (f, "/a", "1", 0);
  assert_stands (f, 42, "{\"a\":1}");
}

static void
test_loaded_as_kept (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) first = make (f->fleet.key, NODE, 1, 0, "{\"a\":1}");
  g_autoptr (GBytes) second = make (f->fleet.key, NODE, 2, 1, "{\"a\":2}");
  g_autoptr (GBytes) noise = g_bytes_new_static ("noise", 5);

  g_assert_true (twin_desired_load (f->desired, NODE, first, 1, NULL));
  g_assert_true (twin_desired_load (f->desired, NODE, second, 2, NULL));
  g_assert_false (twin_desired_load (f->desired, NODE, first, 3, NULL));
  g_assert_false (twin_desired_load (f->desired, NODE, noise, 3, NULL));
  assert_stands (f, 2, "{\"a\":2}");
  g_assert_cmpuint (f->n_kept, ==, 0);
}

/* Nothing of it is published again; a node that comes back begins anew, with
 * a version that nobody has seen. */
static void
test_forgotten (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  set (f, "/a", "1", 0);
  fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED);
  twin_desired_forget (f->desired, NODE);
  g_assert_null (twin_desired_lookup (f->desired, NODE)->properties);
  g_assert_cmpint (twin_desired_lookup (f->desired, NODE)->sync, ==,
                   TWIN_DESIRED_NONE);
  g_assert_true (twin_desired_message (f->desired, NODE, nothing, NULL));
  twin_desired_connected (f->desired);
  fleet_pass (&f->fleet, 120);
  twin_desired_tick (f->desired);
  fleet_assert_silent (&f->fleet);

  set (f, "/b", "2", 1);
  fleet_take (&f->fleet, TWIN_CHANNEL_DESIRED);
  assert_stands (f, 2, "{\"b\":2}");
}

#define ADD(path, function)                                                    \
  g_test_add ("/fleet/desired/" path, Fixture, NULL, set_up, function,         \
              tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("none-at-first", test_none_at_first);
  ADD ("forgotten", test_forgotten);
  ADD ("written-and-applied", test_written_and_applied);
  ADD ("pointers", test_pointers);
  ADD ("conflict-shows-three", test_conflict_shows_three);
  ADD ("overtaken", test_overtaken);
  ADD ("rival-wins-by-the-node", test_rival_wins_by_the_node);
  ADD ("rival-loses-by-the-node", test_rival_loses_by_the_node);
  ADD ("strangers-are-ignored", test_strangers_are_ignored);
  ADD ("republished-when-missing", test_republished_when_missing);
  ADD ("republished-when-older", test_republished_when_older);
  ADD ("offline-is-published-later", test_offline_is_published_later);
  ADD ("not-kept-is-not-sent", test_not_kept_is_not_sent);
  ADD ("beyond-what-the-node-has", test_beyond_what_the_node_has);
  ADD ("loaded-as-kept", test_loaded_as_kept);
  return g_test_run ();
}
