/* SPDX-License-Identifier: Apache-2.0 */
/* test-past.c - random edits and undos against a model that remembers all
 *
 * The model keeps a text for every thing of the graph at every moment; the
 * store must tell the same of any time. G_TEST's --seed repeats a run.
 */
#include <locale.h>
#include <string.h>

#include "fixture.h"
#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-twins.h"

enum
{
  N_TWINS = 12,
  N_LINKS = 10,
  N_MODELS = 3,
  N_STEPS = 400,
};

typedef struct
{
  GHashTable *before, *after; /* key → text; things it touched, absent: none */
  GHashTable *touched;        /* set of keys */
  GHashTable *state;          /* all there was after it: key → text */
  int64_t     id, time_us;
  int64_t     undoes;
} Moment;

typedef struct
{
  Fixture    *f;
  GHashTable *now;  /* key → text */
  GHashTable *last; /* key → id of the change that touched it last */
  GPtrArray  *past; /* Moment */
  int64_t     clock;
  int         serial;    /* no model's content comes twice */
  guint       counts[4]; /* undone, refused, edits, nothing */
} Oracle;

static GHashTable *
texts_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static GHashTable *
texts_copy (GHashTable *from)
{
  GHashTable    *to = texts_new ();
  GHashTableIter iter;
  void          *key, *value;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (to, g_strdup (key), g_strdup (value));
  return to;
}

static void
texts_set (GHashTable *texts, const char *key, const char *text)
{
  if (text != NULL)
    g_hash_table_insert (texts, g_strdup (key), g_strdup (text));
  else
    g_hash_table_remove (texts, key);
}

static void
assert_texts_equal (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  void          *key, *value;

  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_test_message ("%s", (char *) key);
      g_assert_cmpstr (g_hash_table_lookup (b, key), ==, value);
    }
  g_assert_cmpuint (g_hash_table_size (a), ==, g_hash_table_size (b));
}

static void
moment_free (void *data)
{
  Moment *moment = data;

  g_hash_table_unref (moment->before);
  g_hash_table_unref (moment->after);
  g_hash_table_unref (moment->touched);
  g_hash_table_unref (moment->state);
  g_free (moment);
}

/* --- texts of what the store has
 * ---------------------------------------------------- */

static char *
print (JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;

  return json_to_string (owned, FALSE);
}

static char *
key_of_link (const TwinRelationship *link)
{
  return g_strdup_printf ("relationship %s/%s", link->source, link->id);
}

static GHashTable *
texts_of (TwinGraphFile *file)
{
  GHashTable *texts = texts_new ();

  g_assert_nonnull (file);
  for (guint i = 0; i < file->twins->len; i++)
    {
      const TwinTwin *twin = g_ptr_array_index (file->twins, i);

      g_hash_table_insert (texts, g_strdup_printf ("twin %s", twin->id),
                           print (twin_twin_to_json (twin)));
    }
  for (guint i = 0; i < file->relationships->len; i++)
    {
      const TwinRelationship *link = g_ptr_array_index (file->relationships, i);

      g_hash_table_insert (texts, key_of_link (link),
                           print (twin_relationship_to_json (link)));
    }
  for (guint i = 0; i < file->models->len; i++)
    {
      JsonNode   *node = g_ptr_array_index (file->models, i);
      const char *dtmi =
          json_object_get_string_member (json_node_get_object (node), "@id");

      g_hash_table_insert (texts, g_strdup_printf ("model %s", dtmi),
                           json_to_string (node, FALSE));
    }
  twin_graph_file_free (file);
  return texts;
}

/* --- one edit
 * ----------------------------------------------------------------------- */

static int
pick (int n)
{
  return g_test_rand_int_range (0, n);
}

static gboolean
has (GHashTable *state, const char *format, ...)
{
  g_autofree char *key = NULL;
  va_list          args;

  va_start (args, format);
  key = g_strdup_vprintf (format, args);
  va_end (args);
  return g_hash_table_contains (state, key);
}

static void
put_twin (Oracle *self, GHashTable *state, int n)
{
  g_autofree char  *id = g_strdup_printf ("t%d", n);
  g_autofree char  *key = g_strdup_printf ("twin %s", id);
  g_autofree char  *model = g_strdup_printf ("dtmi:a:M%d;1", pick (N_MODELS));
  g_autofree char  *value = g_strdup_printf ("{\"v\":%d}", pick (4));
  const char *const tags[] = { "hot", NULL };
  g_autoptr (JsonNode) props = json_from_string (value, NULL);
  g_autoptr (TwinTwin) twin = twin_twin_new (id, model, props);
  g_autoptr (GError) error = NULL;
  g_autofree char *old_etag = NULL;
  const char      *there = g_hash_table_lookup (state, key);

  if (!has (state, "model %s", model))
    return;
  if (pick (2))
    twin_twin_change_tags (twin, tags, NULL, NULL);
  if (there != NULL)
    {
      g_autoptr (JsonNode) node = json_from_string (there, NULL);

      old_etag = g_strdup (
          json_object_get_string_member (json_node_get_object (node), "$etag"));
      g_assert_false (twin_store_save_twin (self->f->store, twin, "", &error));
      g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS);
      g_clear_error (&error);
    }

  g_assert_false (twin_store_save_twin (self->f->store, twin, "no", &error));
  g_clear_error (&error);
  twin_store_save_twin (self->f->store, twin, there != NULL ? old_etag : "",
                        &error);
  g_assert_no_error (error);
  g_hash_table_insert (state, g_steal_pointer (&key),
                       print (twin_twin_to_json (twin)));
}

static gboolean
is_linked (GHashTable *state, const char *id)
{
  g_autofree char *source = g_strdup_printf ("\"$sourceId\":\"%s\"", id);
  g_autofree char *target = g_strdup_printf ("\"$targetId\":\"%s\"", id);
  GHashTableIter   iter;
  void            *text;

  g_hash_table_iter_init (&iter, state);
  while (g_hash_table_iter_next (&iter, NULL, &text))
    {
      if (strstr (text, source) != NULL || strstr (text, target) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
delete_twin (Oracle *self, GHashTable *state, int n)
{
  g_autofree char *id = g_strdup_printf ("t%d", n);
  g_autofree char *key = g_strdup_printf ("twin %s", id);
  g_autoptr (GError) error = NULL;

  if (!g_hash_table_contains (state, key))
    return;
  if (is_linked (state, id))
    {
      g_assert_false (
          twin_store_delete_twin (self->f->store, id, NULL, &error));
      g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS);
      return;
    }

  twin_store_delete_twin (self->f->store, id, NULL, &error);
  g_assert_no_error (error);
  g_hash_table_remove (state, key);
}

static void
put_link (Oracle *self, GHashTable *state, int n)
{
  g_autofree char *id = g_strdup_printf ("r%d", n);
  g_autofree char *source = g_strdup_printf ("t%d", n % N_TWINS);
  g_autofree char *target = g_strdup_printf ("t%d", pick (N_TWINS));
  g_autoptr (TwinRelationship) link =
      twin_relationship_new (source, id, "feeds", target, NULL);
  g_autoptr (GError) error = NULL;

  if (!has (state, "twin %s", source) || !has (state, "twin %s", target))
    return;

  twin_store_save_relationship (self->f->store, link, NULL, &error);
  g_assert_no_error (error);
  g_hash_table_insert (state, key_of_link (link),
                       print (twin_relationship_to_json (link)));
}

static void
delete_link (Oracle *self, GHashTable *state, int n)
{
  g_autofree char *id = g_strdup_printf ("r%d", n);
  g_autofree char *source = g_strdup_printf ("t%d", n % N_TWINS);
  g_autofree char *key = g_strdup_printf ("relationship %s/%s", source, id);
  g_autoptr (GError) error = NULL;

  if (!g_hash_table_contains (state, key))
    return;
  g_assert_false (twin_store_delete_relationship (self->f->store, source, id,
                                                  "other", &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED);
  g_clear_error (&error);
  twin_store_delete_relationship (self->f->store, source, id, NULL, &error);
  g_assert_no_error (error);
  g_hash_table_remove (state, key);
}

static gboolean
is_used (GHashTable *state, const char *dtmi)
{
  g_autofree char *model = g_strdup_printf ("\"$model\":\"%s\"", dtmi);
  GHashTableIter   iter;
  void            *text;

  g_hash_table_iter_init (&iter, state);
  while (g_hash_table_iter_next (&iter, NULL, &text))
    {
      if (strstr (text, model) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
edit_model (Oracle *self, GHashTable *state, int n)
{
  g_autofree char *dtmi = g_strdup_printf ("dtmi:a:M%d;1", n);
  g_autofree char *key = g_strdup_printf ("model %s", dtmi);
  const char      *there = g_hash_table_lookup (state, key);
  g_autofree char *json =
      there != NULL && pick (2)
          ? g_strdup (there)
          : g_strdup_printf ("{\"@id\":\"%s\",\"v\":%d}", dtmi, self->serial++);
  const TwinStoreModel row = { .dtmi = dtmi, .json = json };
  g_autoptr (GError) error = NULL;

  if (there != NULL && pick (2))
    {
      const gboolean used = is_used (state, dtmi);

      g_assert_cmpint (twin_store_delete_model (self->f->store, dtmi, &error),
                       ==, !used);
      if (!used)
        g_hash_table_remove (state, key);
      return;
    }

  if (there != NULL && strcmp (there, json) != 0 && is_used (state, dtmi))
    {
      g_assert_false (twin_store_put_model (self->f->store, &row, &error));
      g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_EXISTS);
      return;
    }

  twin_store_put_model (self->f->store, &row, &error);
  g_assert_no_error (error);
  texts_set (state, key, json);
}

/* --- what the model expects
 * ----------------------------------------------------------- */

/* @next becomes the present, by the change @id. */
static void
note (Oracle *self, GHashTable *next, int64_t id, int64_t undoes)
{
  Moment        *moment = g_new0 (Moment, 1);
  GHashTableIter iter;
  void          *key, *value;

  moment->id = id;
  moment->undoes = undoes;
  moment->touched =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, next);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (g_strcmp0 (g_hash_table_lookup (self->now, key), value) != 0)
        g_hash_table_add (moment->touched, g_strdup (key));
    }
  g_hash_table_iter_init (&iter, self->now);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      if (!g_hash_table_contains (next, key))
        g_hash_table_add (moment->touched, g_strdup (key));
    }

  moment->before = texts_new ();
  moment->after = texts_new ();
  g_hash_table_iter_init (&iter, moment->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      texts_set (moment->before, key, g_hash_table_lookup (self->now, key));
      texts_set (moment->after, key, g_hash_table_lookup (next, key));
      g_hash_table_insert (self->last, g_strdup (key), GINT_TO_POINTER (id));
    }
  moment->state = texts_copy (next);
  g_ptr_array_add (self->past, moment);
  g_hash_table_unref (self->now);
  self->now = texts_copy (next);
}

/* Every end and every model is there. */
static gboolean
hangs_together (GHashTable *state)
{
  static const struct
  {
    const char *sort, *member;
    gboolean    metadata;
  } needs[] = { { "twin", "$sourceId", FALSE },
                { "twin", "$targetId", FALSE },
                { "model", "$model", TRUE } };
  GHashTableIter iter;
  void          *text;

  g_hash_table_iter_init (&iter, state);
  while (g_hash_table_iter_next (&iter, NULL, &text))
    {
      g_autoptr (JsonNode) node = json_from_string (text, NULL);

      for (size_t i = 0; i < G_N_ELEMENTS (needs); i++)
        {
          JsonObject *object = json_node_get_object (node);

          if (needs[i].metadata && json_object_has_member (object, "$metadata"))
            object = json_object_get_object_member (object, "$metadata");
          if (json_object_has_member (object, needs[i].member) &&
              !has (state, "%s %s", needs[i].sort,
                    json_object_get_string_member (object, needs[i].member)))
            return FALSE;
        }
    }
  return TRUE;
}

/* The newest change that undid @id, NULL: none. */
static const Moment *
undo_of (Oracle *self, int64_t id)
{
  for (guint i = self->past->len; i > 0; i--)
    {
      const Moment *moment = g_ptr_array_index (self->past, i - 1);

      if (moment->undoes == id)
        return moment;
    }
  return NULL;
}

/* Where @moment was done the last time; NULL: it is undone. */
static const Moment *
present_of (Oracle *self, const Moment *moment)
{
  const Moment *undo;

  while (moment != NULL && (undo = undo_of (self, moment->id)) != NULL)
    moment = undo_of (self, undo->id);
  return moment;
}

/* NULL: it cannot be undone. */
static GHashTable *
expect_undo (Oracle *self, const Moment *moment)
{
  g_autoptr (GHashTable) next = texts_copy (self->now);
  GHashTableIter iter;
  void          *key;

  if (moment == NULL)
    return NULL;

  g_hash_table_iter_init (&iter, moment->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (GPOINTER_TO_INT (g_hash_table_lookup (self->last, key)) != moment->id)
        return NULL;
      texts_set (next, key, g_hash_table_lookup (moment->before, key));
    }
  return hangs_together (next) ? g_steal_pointer (&next) : NULL;
}

static void
check_now (Oracle *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) texts =
      texts_of (twin_store_reader_load_graph (self->f->reader, &error));

  g_assert_no_error (error);
  assert_texts_equal (self->now, texts);
}

static void
undo (Oracle *self)
{
  const guint   n = self->past->len;
  const Moment *moment =
      g_ptr_array_index (self->past, n - 1 - (guint) pick (MIN (n, 8)));
  const Moment *present = present_of (self, moment);
  g_autoptr (GHashTable) next = expect_undo (self, present);
  g_autoptr (GError) error = NULL;

  twin_store_undo (self->f->store, moment->id, "otto", self->clock, &error);
  if (next == NULL)
    {
      g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED);
      self->counts[1]++;
      return;
    }
  g_assert_no_error (error);
  note (self, next, twin_store_get_change (self->f->store), present->id);
  self->counts[0]++;
}

static void
edit (Oracle *self)
{
  static void (*const acts[]) (Oracle *, GHashTable *, int) = {
    put_twin, put_twin, put_twin, delete_twin, put_link, put_link, delete_link,
  };
  g_autoptr (GHashTable) next = texts_copy (self->now);
  g_autoptr (GError) error = NULL;
  int64_t id;

  g_assert_true (twin_store_begin (self->f->store, &error));
  g_assert_true (twin_store_begin_change (self->f->store, "anna", "edit",
                                          "something", self->clock, &error));
  for (int i = 1 + pick (4); i > 0; i--)
    {
      if (pick (8) == 0)
        edit_model (self, next, pick (N_MODELS));
      else
        acts[pick (G_N_ELEMENTS (acts))](self, next, pick (N_LINKS));
    }

  if (pick (10) == 0)
    {
      twin_store_rollback (self->f->store);
      return;
    }
  g_assert_true (twin_store_commit (self->f->store, &error));
  id = twin_store_get_change (self->f->store);
  self->counts[id != 0 ? 2 : 3]++;
  if (id != 0)
    note (self, next, id, 0);
  else
    assert_texts_equal (self->now, next);
}

/* The documents that the store shows for a change are the model's. */
static void
check_changed (Oracle *self, const Moment *moment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_changed (self->f->reader, moment->id, NULL, 0,
                                      &error);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreChanged *row = g_ptr_array_index (rows, i);
      g_autofree char        *key =
          row->source != NULL
                     ? g_strdup_printf ("%s %s/%s", row->what, row->source, row->id)
                     : g_strdup_printf ("%s %s", row->what, row->id);

      g_assert_true (g_hash_table_contains (moment->touched, key));
      g_assert_cmpstr (row->before, ==,
                       g_hash_table_lookup (moment->before, key));
      g_assert_cmpstr (row->after, ==,
                       g_hash_table_lookup (moment->after, key));
    }
  g_assert_cmpuint (rows->len, ==, g_hash_table_size (moment->touched));
}

static void
check_past (Oracle *self)
{
  for (guint i = 0; i < self->past->len; i++)
    {
      Moment *moment = g_ptr_array_index (self->past, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (TwinStoreChange) change =
          twin_store_reader_get_change (self->f->reader, moment->id, &error);
      const Moment *before =
          i > 0 ? g_ptr_array_index (self->past, i - 1) : NULL;
      g_autoptr (GHashTable) at = NULL;
      g_autoptr (GHashTable) just_before = NULL;

      g_assert_no_error (error);
      moment->time_us = change->time_us;
      if (before != NULL)
        g_assert_cmpint (moment->time_us, >, before->time_us);
      at = texts_of (twin_store_reader_load_graph_at (self->f->reader,
                                                      moment->time_us, NULL));
      assert_texts_equal (moment->state, at);
      just_before = texts_of (
          twin_store_reader_load_graph_at (self->f->reader, moment->time_us - 1,
                                           NULL));
      g_assert_cmpuint (g_hash_table_size (just_before), ==,
                        before != NULL ? g_hash_table_size (before->state) : 0);
      check_changed (self, moment);
    }
}

static void
test_random (Fixture *f, const void *data)
{
  Oracle self = { .f = f,
                  .now = texts_new (),
                  .last = g_hash_table_new_full (g_str_hash, g_str_equal,
                                                 g_free, NULL),
                  .past = g_ptr_array_new_with_free_func (moment_free),
                  .clock = T0 };

  for (int i = 0; i < N_STEPS; i++)
    {
      self.clock += g_test_rand_int_range (-2, 6) * SECOND;
      if (self.past->len > 0 && pick (3) == 0)
        undo (&self);
      else
        edit (&self);
      check_now (&self);
    }

  check_past (&self);
  g_test_message ("%u undone, %u undos refused, %u edits, %u changed nothing",
                  self.counts[0], self.counts[1], self.counts[2],
                  self.counts[3]);
  g_assert_cmpuint (self.counts[0], >, 0);
  g_assert_cmpuint (self.counts[1], >, 0);
  g_assert_cmpuint (self.counts[2], >, 0);
  g_ptr_array_unref (self.past);
  g_hash_table_unref (self.now);
  g_hash_table_unref (self.last);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/past/random", test_random);
  return g_test_run ();
}
