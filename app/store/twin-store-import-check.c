/* SPDX-License-Identifier: Apache-2.0 */
/* The checker's half. */
#include <string.h>

#include "twin-json.h"
#include "twin-model-set.h"
#include "twin-rules.h"
#include "twin-store-ids.h"
#include "twin-store-import-private.h"
#include "twin-store-models.h"

enum
{
  MOST_COUNTED = 1000000, /* refusals; then we give up */
};

typedef struct
{
  TwinStoreImportLine  *line;
  TwinStoreImportBatch *batch; /* being filled; NULL: told to stop */
  TwinGraphReader      *reader;

  GPtrArray    *own; /* OwnModel, until the set is built */
  gboolean      built;
  TwinModelSet *models; /* NULL: not built, or they are invalid */

  GPtrArray    *names;   /* char *: models of twins, by number */
  GHashTable   *numbers; /* model → number + 1 */
  TwinStoreIds *twins;   /* of the file, → number of the model */
  TwinStoreIds *before;  /* the same of twins that only the store has */
  TwinStoreIds *links;   /* (source, id) */
  GHashTable   *limited; /* "source\nname" → count, where there is a limit */
  guint64       n_refused;
} Checker;

typedef struct
{
  char *place, *id, *json;
} OwnModel;

static void
own_model_free (void *data)
{
  OwnModel *own = data;

  g_free (own->place);
  g_free (own->id);
  g_free (own->json);
  g_free (own);
}

/* --- handing over
 * ------------------------------------------------------------------- */

static const char *
keep (Checker *self, const char *text)
{
  if (text == NULL)
    return NULL;

  self->batch->n_bytes += strlen (text) + 1;
  return g_string_chunk_insert (self->batch->texts, text);
}

static void
push_batch (Checker *self)
{
  self->batch->offset = twin_graph_reader_get_offset (self->reader);
  twin_queue_push (self->line->full, g_steal_pointer (&self->batch));
}

/* Behind each item: the batch may be full. */
static void
take (Checker *self, const TwinStoreImportItem *item)
{
  g_array_append_val (self->batch->items, *item);
  if (self->batch->items->len >= TWIN_STORE_IMPORT_BATCH_ITEMS ||
      self->batch->n_bytes >= TWIN_STORE_IMPORT_BATCH_BYTES)
    {
      push_batch (self);
      self->batch = twin_queue_pop (self->line->empty, G_MAXINT64);
    }
}

static void
refuse (Checker *self, const char *place, const char *id, const char *reason)
{
  TwinStoreImportItem item = { .kind = TWIN_STORE_IMPORT_REFUSAL };

  if (self->batch == NULL)
    return;

  item.refusal.place = keep (self, place);
  item.refusal.id = keep (self, id);
  item.refusal.reason = keep (self, reason);
  self->n_refused++;
  take (self, &item);
}

/* --- models
 * ------------------------------------------------------------------------- */

static void
take_model (Checker *self, const TwinGraphElement *element)
{
  OwnModel *own;

  if (self->built)
    {
      refuse (self, element->place, element->id,
              "models must stand before the twins");
      return;
    }

  own = g_new0 (OwnModel, 1);
  own->place = g_strdup (element->place);
  own->id = g_strdup (element->id);
  own->json = twin_json_print (element->model, FALSE);
  g_ptr_array_add (self->own, own);
}

static void
add_source (GArray *sources, const char *name, const char *json)
{
  TwinModelSource source = { name, json, -1, 0 };

  g_array_append_val (sources, source);
}

static void
refuse_model (const TwinModelIssue *issue, void *data)
{
  Checker         *self = data;
  g_autofree char *reason = NULL;

  if (issue->pointer == NULL || *issue->pointer == '\0')
    reason = g_strdup (issue->message);
  else
    reason = g_strdup_printf ("“%s”: %s", issue->pointer, issue->message);
  refuse (self, issue->file != NULL ? issue->file : "models", issue->element,
          reason);
}

static void
put_models (Checker *self)
{
  for (guint i = 0; i < self->own->len && self->batch != NULL; i++)
    {
      const OwnModel      *own = g_ptr_array_index (self->own, i);
      const TwinInterface *interface =
          own->id != NULL ? twin_model_set_lookup (self->models, own->id)
                          : NULL;
      TwinStoreImportItem item = { .kind = TWIN_STORE_IMPORT_MODEL };

      if (interface == NULL)
        {
          refuse (self, own->place, own->id,
                  "it is no interface with an “@id”");
          continue;
        }

      item.model.dtmi = keep (self, interface->id);
      item.model.json = keep (self, interface->json);
      item.model.created_us = self->line->import->now_us;
      take (self, &item);
    }
}

/* The file's models with those of the store that they do not replace. */
static void
build_models (Checker *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_models (self->line->reader, &error);
  g_autoptr (GArray) sources =
      g_array_new (FALSE, FALSE, sizeof (TwinModelSource));
  g_autoptr (GHashTable) mine = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (TwinModelReport) report = NULL;

  self->built = TRUE;
  if (rows == NULL)
    {
      refuse (self, "models", NULL, error->message);
      return;
    }

  for (guint i = 0; i < self->own->len; i++)
    {
      OwnModel *own = g_ptr_array_index (self->own, i);

      add_source (sources, own->place, own->json);
      if (own->id != NULL)
        g_hash_table_add (mine, own->id);
    }

  self->models = twin_store_models_build (sources, rows, mine, &report);
  for (guint i = 0; i < report->issues->len; i++)
    refuse_model (g_ptr_array_index (report->issues, i), self);
  if (report->issues->len == 0 && report->unresolved->len > 0)
    {
      twin_store_models_tell_open (self->models, report, refuse_model, self);
      g_clear_pointer (&self->models, twin_model_set_unref);
    }

  if (self->models != NULL)
    put_models (self);
}

/* --- twins
 * -------------------------------------------------------------------------- */

static guint32
number_of (Checker *self, const char *model)
{
  gpointer found = g_hash_table_lookup (self->numbers, model);
  char    *name;

  if (found != NULL)
    return GPOINTER_TO_UINT (found) - 1;

  name = g_strdup (model);
  g_ptr_array_add (self->names, name);
  g_hash_table_insert (self->numbers, name,
                       GUINT_TO_POINTER (self->names->len));
  return self->names->len - 1;
}

static void
put_twin (Checker *self, const TwinTwin *twin)
{
  TwinStoreImportItem item = { .kind = TWIN_STORE_IMPORT_TWIN };
  g_autofree char    *props = twin_twin_print_props (twin);
  g_autofree char    *tags = twin_twin_print_tags (twin);

  item.twin.id = keep (self, twin->id);
  item.twin.model = keep (self, twin->model);
  item.twin.display_name = keep (self, twin->display_name);
  item.twin.lifecycle = twin_lifecycle_to_string (twin->lifecycle);
  item.twin.props = keep (self, props);
  item.twin.created_us = twin->created_us;
  item.twin.tags = keep (self, tags);
  take (self, &item);
}

static void
take_twin (Checker *self, const TwinGraphElement *element)
{
  const TwinTwin *twin = element->twin;
  g_autoptr (GError) error = NULL;

  if (!twin_store_ids_add (self->twins, twin->id, "",
                           number_of (self, twin->model)))
    refuse (self, element->place, element->id,
            "a twin of this id stands before it in the file");
  else if (self->models != NULL &&
           !twin_twin_check (twin, self->models, "", &error))
    refuse (self, element->place, element->id, error->message);
  else
    put_twin (self, twin);
}

/* --- relationships
 * ------------------------------------------------------------------ */

/* Of the file, or what the store has; NULL: no such twin. */
static const char *
find_model (Checker *self, const char *id)
{
  guint32 number;
  g_autoptr (TwinStoreTwin) row = NULL;

  if (!twin_store_ids_find (self->twins, id, "", &number) &&
      !twin_store_ids_find (self->before, id, "", &number))
    {
      row = twin_store_reader_get_twin (self->line->reader, id, NULL);
      if (row == NULL)
        return NULL;
      number = number_of (self, row->model);
      twin_store_ids_add (self->before, id, "", number);
    }

  return g_ptr_array_index (self->names, number);
}

/* How many of its name begin at its source with it. */
static gint64
count_alike (Checker *self, const TwinRelationship *one)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", one->source, one->name);
  g_autoptr (GPtrArray) rows = NULL;
  gint64   count = 0;
  gpointer found;
  gboolean replaces = FALSE;

  rows = twin_store_reader_list_relationships (self->line->reader, one->source,
                                               NULL);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const TwinStoreRelationship *row = g_ptr_array_index (rows, i);

      if (strcmp (row->name, one->name) == 0)
        {
          count++;
          replaces |= strcmp (row->id, one->id) == 0;
        }
    }

  if (g_hash_table_lookup_extended (self->limited, key, NULL, &found))
    count = GPOINTER_TO_INT (found);
  if (!replaces)
    count++;
  g_hash_table_insert (self->limited, g_steal_pointer (&key),
                       GINT_TO_POINTER ((int) count));
  return count;
}

static gboolean
check_multiplicity (Checker                *self,
                    const TwinRelationship *one,
                    const char             *model,
                    GError                **error)
{
  const TwinInterface *interface = twin_model_set_lookup (self->models, model);
  const TwinContent   *content =
      twin_interface_find_kind (interface, TWIN_CONTENT_RELATIONSHIP,
                                one->name);

  if (content == NULL || content->max_multiplicity < 0)
    return TRUE;

  return twin_multiplicity_check (one->source, model, one->name,
                                  count_alike (self, one), self->models, "",
                                  error);
}

static gboolean
check_link (Checker *self, const TwinRelationship *one, GError **error)
{
  const char *source = find_model (self, one->source);
  const char *target = find_model (self, one->target);
  TwinTwin    ends[2] = {
       { .id = one->source, .model = (char *) source },
       { .id = one->target, .model = (char *) target },
  };

  if (source == NULL || target == NULL)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_NOT_FOUND,
                   "there is no twin “%s”, neither before it in the file nor "
                   "in the store",
                   source == NULL ? one->source : one->target);
      return FALSE;
    }

  if (!twin_store_ids_add (self->links, one->source, one->id, 0))
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_EXISTS,
                   "a relationship “%s” of “%s” stands before it in the file",
                   one->id, one->source);
      return FALSE;
    }

  return self->models == NULL ||
         (twin_relationship_check (one, &ends[0], &ends[1], self->models, "",
                                   error) &&
          check_multiplicity (self, one, source, error));
}

static void
take_link (Checker *self, const TwinGraphElement *element)
{
  const TwinRelationship *one = element->relationship;
  TwinStoreImportItem     item = { .kind = TWIN_STORE_IMPORT_RELATIONSHIP };
  g_autoptr (GError) error = NULL;
  g_autofree char *props = NULL;

  if (!check_link (self, one, &error))
    {
      refuse (self, element->place, element->id, error->message);
      return;
    }

  props = twin_relationship_print_props (one);
  item.relationship.source = keep (self, one->source);
  item.relationship.id = keep (self, one->id);
  item.relationship.name = keep (self, one->name);
  item.relationship.target = keep (self, one->target);
  item.relationship.props = keep (self, props);
  take (self, &item);
}

/* --- the thread
 * --------------------------------------------------------------------- */

static void
take_element (Checker *self, const TwinGraphElement *element)
{
  if (element->kind == TWIN_GRAPH_MODEL)
    {
      take_model (self, element);
      return;
    }

  if (!self->built)
    build_models (self);
  if (self->batch == NULL)
    return;

  if (element->kind == TWIN_GRAPH_TWIN)
    take_twin (self, element);
  else
    take_link (self, element);
}

static void
read_all (Checker *self, GError **error)
{
  while (self->batch != NULL && self->n_refused < MOST_COUNTED)
    {
      g_auto (TwinGraphElement) element = { 0 };
      g_autoptr (GError) failure = NULL;

      switch (twin_graph_reader_next (self->reader, &element, &failure))
        {
        case TWIN_GRAPH_READ_ELEMENT:
          take_element (self, &element);
          break;
        case TWIN_GRAPH_READ_REFUSED:
          refuse (self, element.place, element.id, failure->message);
          break;
        case TWIN_GRAPH_READ_END:
          if (!self->built)
            build_models (self);
          return;
        case TWIN_GRAPH_READ_FAILED:
        default:
          g_propagate_error (error, g_steal_pointer (&failure));
          return;
        }
    }
}

void
twin_store_import_check (void *data)
{
  TwinStoreImportLine *line = data;
  Checker              self = { .line = line };

  self.batch = twin_queue_pop (line->empty, G_MAXINT64);
  self.reader = twin_graph_reader_new (line->import->name, line->import->read,
                                       line->import->read_data);
  self.own = g_ptr_array_new_with_free_func (own_model_free);
  self.names = g_ptr_array_new_with_free_func (g_free);
  self.numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self.twins = twin_store_ids_new ();
  self.before = twin_store_ids_new ();
  self.links = twin_store_ids_new ();
  self.limited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  read_all (&self, &line->failure);
  if (self.batch != NULL)
    push_batch (&self);
  twin_queue_close (line->full);

  twin_graph_reader_free (self.reader);
  g_ptr_array_unref (self.own);
  g_clear_pointer (&self.models, twin_model_set_unref);
  g_hash_table_unref (self.numbers);
  g_ptr_array_unref (self.names);
  twin_store_ids_free (self.twins);
  twin_store_ids_free (self.before);
  twin_store_ids_free (self.links);
  g_hash_table_unref (self.limited);
}
