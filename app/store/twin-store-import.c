/* SPDX-License-Identifier: Apache-2.0 */
/* The writer's half. */
#include "twin-store-import.h"

#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-import-private.h"
#include "twin-thread.h"

typedef struct
{
  TwinStore             *store;
  const TwinStoreImport *import;
  TwinStoreImportCounts *counts;
  GError                *failure; /* the first one, of writing or reading */
} Writer;

/* --- batches
 * --------------------------------------------------------------------- */

static TwinStoreImportBatch *
batch_new (void)
{
  TwinStoreImportBatch *batch = g_new0 (TwinStoreImportBatch, 1);

  batch->texts = g_string_chunk_new (64 * 1024);
  batch->items = g_array_sized_new (FALSE, FALSE, sizeof (TwinStoreImportItem),
                                    TWIN_STORE_IMPORT_BATCH_ITEMS);
  return batch;
}

static void
batch_free (void *data)
{
  TwinStoreImportBatch *batch = data;

  g_string_chunk_free (batch->texts);
  g_array_unref (batch->items);
  g_free (batch);
}

static void
batch_reset (TwinStoreImportBatch *batch)
{
  g_string_chunk_clear (batch->texts);
  g_array_set_size (batch->items, 0);
  batch->n_bytes = 0;
}

/* --- writing
 * ----------------------------------------------------------------------- */

static gboolean
is_writing (const Writer *self)
{
  return self->failure == NULL && self->counts->refused == 0;
}

static void
write_item (Writer *self, const TwinStoreImportItem *item)
{
  switch (item->kind)
    {
    case TWIN_STORE_IMPORT_MODEL:
      self->counts->models++;
      if (is_writing (self))
        twin_store_put_model (self->store, &item->model, &self->failure);
      break;
    case TWIN_STORE_IMPORT_TWIN:
      self->counts->twins++;
      if (is_writing (self))
        twin_store_put_twin (self->store, &item->twin, NULL, &self->failure);
      break;
    case TWIN_STORE_IMPORT_RELATIONSHIP:
      self->counts->relationships++;
      if (is_writing (self))
        twin_store_put_relationship (self->store, &item->relationship,
                                     NULL, &self->failure);
      break;
    case TWIN_STORE_IMPORT_REFUSAL:
    default:
      /* Nothing of this file stays; others may write while we read on. */
      if (self->counts->refused++ == 0)
        twin_store_rollback (self->store);
      if (self->import->refused != NULL &&
          self->counts->refused <= TWIN_STORE_IMPORT_MOST_REFUSED)
        self->import->refused (&item->refusal, self->import->data);
      break;
    }
}

static void
write_batch (Writer *self, TwinStoreImportBatch *batch)
{
  for (guint i = 0; i < batch->items->len; i++)
    write_item (self, &g_array_index (batch->items, TwinStoreImportItem, i));

  self->counts->bytes = batch->offset;
  if (self->import->progress != NULL)
    self->import->progress (self->counts, self->import->data);
}

static void
write_all (Writer *self, TwinStoreImportLine *line)
{
  TwinThread *checker =
      twin_thread_new ("import", twin_store_import_check, line);
  TwinStoreImportBatch *batch;

  while ((batch = twin_queue_pop (line->full, G_MAXINT64)) != NULL)
    {
      write_batch (self, batch);
      batch_reset (batch);
      if (self->failure != NULL)
        twin_queue_close (line->empty);
      if (!twin_queue_push (line->empty, batch))
        batch_free (batch);
    }

  twin_thread_join (checker);
  if (self->failure == NULL)
    self->failure = g_steal_pointer (&line->failure);
  g_clear_error (&line->failure);
}

static gboolean
end_import (Writer *self, GError **error)
{
  const TwinStoreImportCounts *counts = self->counts;

  if (self->failure != NULL)
    {
      twin_store_rollback (self->store);
      g_propagate_error (error, g_steal_pointer (&self->failure));
      return FALSE;
    }

  if (counts->refused > 0)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "%s: %" G_GUINT64_FORMAT
                   " of its elements are refused, so nothing of it was "
                   "imported",
                   self->import->name, counts->refused);
      return FALSE;
    }

  if (twin_store_commit (self->store, error))
    return TRUE;

  twin_store_rollback (self->store);
  return FALSE;
}

gboolean
twin_store_import (TwinStore             *self,
                   const TwinStoreImport *import,
                   TwinStoreImportCounts *counts,
                   GError               **error)
{
  Writer              writer = { self, import, counts, NULL };
  TwinStoreImportLine line = { .import = import };
  g_autofree char    *text = g_strdup_printf ("Imported %s", import->name);
  gboolean            good;

  *counts = (TwinStoreImportCounts){ 0 };

  /* From here on nobody else changes what the checker compares with. */
  if (!twin_store_begin (self, error))
    return FALSE;
  if (!twin_store_begin_change (self, import->who, "import", text,
                                import->now_us, error) ||
      (line.reader =
           twin_store_reader_open (twin_store_get_path (self), error)) == NULL)
    {
      twin_store_rollback (self);
      return FALSE;
    }

  line.empty = twin_queue_new (TWIN_STORE_IMPORT_BATCHES, batch_free);
  line.full = twin_queue_new (TWIN_STORE_IMPORT_BATCHES, batch_free);
  for (int i = 0; i < TWIN_STORE_IMPORT_BATCHES; i++)
    twin_queue_push (line.empty, batch_new ());

  write_all (&writer, &line);
  good = end_import (&writer, error);
  twin_queue_free (line.empty);
  twin_queue_free (line.full);
  twin_store_reader_close (line.reader);
  return good;
}
