/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-set.h"

#include <stdio.h>
#include <string.h>

#include "twin-model-builder.h"

static TwinModelSet *
set_new (void)
{
  TwinModelSet *self = g_new0 (TwinModelSet, 1);

  self->refs = 1;
  self->strings = g_string_chunk_new (4096);
  self->containers =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->tables =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  self->interfaces = g_ptr_array_new ();
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

TwinModelSet *
twin_model_set_new_empty (void)
{
  return set_new ();
}

TwinModelSet *
twin_model_set_ref (TwinModelSet *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
twin_model_set_unref (TwinModelSet *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->refs))
    return;

  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->interfaces);
  g_ptr_array_unref (self->tables);
  g_ptr_array_unref (self->containers);
  twin_arena_clear (&self->arena);
  g_string_chunk_free (self->strings);
  g_free (self);
}

/* --- building ----------------------------------------------------------------
 */

/* What an Interface may have as text from v3 on. */
#define MOST_INTERFACE_BYTES (1024u * 1024)

static void
read_root (TwinModelBuilder *self, JsonNode *root)
{
  JsonArray *array;

  self->root = -1;
  if (!JSON_NODE_HOLDS_ARRAY (root))
    {
      twin_model_read_root (self, root);
      return;
    }

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      gsize here = twin_model_builder_push_index (self, i);

      self->root = (int) i;
      twin_model_read_root (self, json_array_get_element (array, i));
      twin_model_builder_pop (self, here);
    }
}

/* @message is the reader's "name:line:column: what". */
static void
add_syntax (TwinModelBuilder      *self,
            const TwinModelSource *source,
            const char            *message)
{
  TwinModelIssue *issue = g_new0 (TwinModelIssue, 1);
  size_t          name = strlen (source->name);

  issue->id = g_strdup ("jsonSyntax");
  issue->file = g_strdup (source->name);
  issue->message = g_strdup (message);
  if (strncmp (message, source->name, name) == 0 && message[name] == ':')
    sscanf (message + name, ":%u:%u:", &issue->line, &issue->column);
  g_ptr_array_add (self->report->issues, issue);
}

/* The tree of the text, which the elements borrow from, or NULL. */
static JsonNode *
read_source (TwinModelBuilder *self, const TwinModelSource *source)
{
  static const TwinModelPlace nowhere = { 0 };
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  self->place = nowhere;
  self->place.file = twin_model_builder_intern (self, source->name);
  self->place.group = source->group;
  g_string_truncate (self->pointer, 0);

  root = twin_json_parse (source->name, source->text, source->length, &error);
  if (root == NULL)
    add_syntax (self, source, error->message);
  else
    read_root (self, root);

  return root;
}

/* Only a long text can hold an Interface that is too long. */
static void
check_sizes (TwinModelBuilder *self)
{
  for (TwinElement *e = self->elements; e != NULL; e = e->next)
    {
      g_autofree char *text = NULL;

      if (e->class != TWIN_CLASS_INTERFACE || e->dtdl < 3)
        continue;
      text = twin_json_print (e->node, FALSE);
      if (strlen (text) > MOST_INTERFACE_BYTES)
        twin_model_element_issue (self, e, NULL, -1, "partitionTooLarge",
                                  "an Interface is at most 1 MiB of text; "
                                  "split this one");
    }
}

static int
compare_interfaces (const void *a, const void *b)
{
  const TwinInterface *const *x = a;
  const TwinInterface *const *y = b;

  return strcmp ((*x)->id, (*y)->id);
}

/* All passes over what was read. */
static void
make (TwinModelBuilder *self, gboolean long_text)
{
  TwinModelReport *report = self->report;

  if (twin_model_report_is_valid (report) && long_text)
    check_sizes (self);
  if (twin_model_report_is_valid (report))
    twin_model_resolve (self);
  if (twin_model_report_is_valid (report))
    twin_model_check (self);
  if (twin_model_report_is_valid (report) && self->options->adt)
    twin_model_check_adt (self);
  if (twin_model_report_is_valid (report))
    twin_model_build (self);
}

TwinModelSet *
twin_model_set_new (const TwinModelSource  *sources,
                    size_t                  n_sources,
                    const TwinModelOptions *options,
                    TwinModelReport       **report)
{
  static const TwinModelOptions defaults = { 0 };
  TwinModelBuilder              builder = { 0 };
  TwinModelSet                 *set = set_new ();
  g_autoptr (GPtrArray) roots =
      g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  gboolean long_text = FALSE;

  *report = twin_model_report_new ();
  builder.set = set;
  builder.options = options != NULL ? options : &defaults;
  builder.report = *report;
  builder.pointer = g_string_new (NULL);
  builder.by_id = g_hash_table_new (g_str_hash, g_str_equal);

  for (size_t i = 0; i < n_sources; i++)
    {
      JsonNode *root = read_source (&builder, &sources[i]);

      if (root != NULL)
        g_ptr_array_add (roots, root);
      long_text |= (sources[i].length < 0
                        ? strlen (sources[i].text)
                        : (gsize) sources[i].length) > MOST_INTERFACE_BYTES;
    }

  make (&builder, long_text);
  g_ptr_array_sort (set->interfaces, compare_interfaces);
  twin_model_report_locate (*report, sources, n_sources);

  g_string_free (builder.pointer, TRUE);
  g_hash_table_unref (builder.by_id);
  twin_arena_clear (&builder.arena);

  if (!twin_model_report_is_valid (*report))
    g_clear_pointer (&set, twin_model_set_unref);

  return set;
}

TwinModelSet *
twin_model_set_new_checked (const TwinModelSource *sources,
                            size_t                 n_sources,
                            GError               **error)
{
  g_autoptr (TwinModelReport) report = NULL;
  g_autoptr (TwinModelSet) set =
      twin_model_set_new (sources, n_sources, NULL, &report);

  if (!twin_model_report_check (report, error))
    return NULL;

  return g_steal_pointer (&set);
}

/* --- asking
 * ------------------------------------------------------------------- */

const TwinInterface *
twin_model_set_lookup (TwinModelSet *self, const char *dtmi)
{
  return g_hash_table_lookup (self->by_id, dtmi);
}

GPtrArray *
twin_model_set_list (TwinModelSet *self)
{
  return self->interfaces;
}

/* @have is @wanted, or a later version of it. */
static gboolean
is_version_of (const char *have, const char *wanted, gboolean exact)
{
  int    have_major, have_minor, wanted_major, wanted_minor;
  size_t length;

  if (strcmp (have, wanted) == 0)
    return TRUE;
  if (exact)
    return FALSE;

  length = twin_dtmi_split (have, &have_major, &have_minor);
  if (twin_dtmi_split (wanted, &wanted_major, &wanted_minor) != length ||
      strncmp (have, wanted, length) != 0)
    return FALSE;

  return have_major != wanted_major ? have_major > wanted_major
                                    : have_minor >= wanted_minor;
}

gboolean
twin_model_set_is_of_model (TwinModelSet *self,
                            const char   *model,
                            const char   *wanted,
                            gboolean      exact)
{
  const TwinInterface *interface = twin_model_set_lookup (self, model);

  if (interface == NULL || exact)
    return is_version_of (model, wanted, exact);

  for (guint i = 0; i < interface->ancestors->len; i++)
    {
      if (is_version_of (g_ptr_array_index (interface->ancestors, i), wanted,
                         FALSE))
        return TRUE;
    }

  return FALSE;
}

GPtrArray *
twin_model_set_list_of_model (TwinModelSet *self,
                              const char   *wanted,
                              gboolean      exact)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < self->interfaces->len; i++)
    {
      const TwinInterface *interface = g_ptr_array_index (self->interfaces, i);

      if (twin_model_set_is_of_model (self, interface->id, wanted, exact))
        g_ptr_array_add (list, (void *) interface->id);
    }

  return list;
}
