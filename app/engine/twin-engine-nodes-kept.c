/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-nodes-kept.c - nodes, their keys and what is complete, as the
 * store keeps them over a restart
 */
#include "twin-engine-private.h"

#include <string.h>

static void
load_node (TwinEngine *self, const TwinStoreNode *row)
{
  TwinEngineNode *node = twin_engine_node_get (self, row->name);

  if (row->key != NULL && g_bytes_get_size (row->key) == TWIN_PUBLIC_KEY_SIZE)
    {
      memcpy (node->key, g_bytes_get_data (row->key, NULL),
              TWIN_PUBLIC_KEY_SIZE);
      node->has_key = TRUE;
    }

  g_free (node->trust);
  node->trust = g_strdup (row->trust != NULL ? row->trust : "none");
  node->enrolled = row->enrolled;
  node->birth_json = g_strdup (row->birth);
  node->reported_json = g_strdup (row->reported);
  twin_engine_decommission_load (self, node);
  twin_engine_tiers_load (self, node);
  node->last_arrival_us = node->last_touch_us = row->last_seen_us;
  node->epoch = row->epoch;
  if (row->ring != NULL && g_bytes_get_size (row->ring) == TWIN_RING_SIZE)
    memcpy (node->ring, g_bytes_get_data (row->ring, NULL), TWIN_RING_SIZE);
  if (row->machine != NULL)
    node->machine = twin_engine_place_find (self, row->machine);
  if (node->machine != NULL && node->machine->node == NULL)
    node->machine->node = g_strdup (node->name);
  twin_engine_properties_bind (self, node);
  if (node->epoch >= 0)
    twin_commands_set_epoch (self->commands, node->name,
                             (uint32_t) node->epoch);
}

/* As the store orders ranges. */
static int
compare_streams (const TwinStoreRange *a, const TwinStoreRange *b)
{
  int order = strcmp (a->node, b->node);

  if (order == 0)
    order = memcmp (a->ring, b->ring, sizeof a->ring);
  if (order == 0)
    order = (a->epoch > b->epoch) - (a->epoch < b->epoch);
  return order;
}

/* Row @at, or NULL beyond the end. */
static const TwinStoreRange *
range_at (const GPtrArray *rows, guint at)
{
  return rows != NULL && at < rows->len ? g_ptr_array_index (rows, at) : NULL;
}

static TwinSpan
span_of (const TwinStoreRange *row)
{
  return (TwinSpan){ (uint32_t) row->epoch, (uint64_t) row->first,
                     (uint64_t) row->last };
}

/* Moves the rows of stream @of from @at on into @spans. */
static void
take_received (const GPtrArray      *rows,
               guint                *at,
               const TwinStoreRange *of,
               GArray               *spans)
{
  const TwinStoreRange *row;

  while ((row = range_at (rows, *at)) != NULL && compare_streams (row, of) == 0)
    {
      const TwinSpan span = span_of (row);

      g_array_append_val (spans, span);
      (*at)++;
    }
}

static void
take_losses (const GPtrArray      *rows,
             guint                *at,
             const TwinStoreRange *of,
             GArray               *lost)
{
  const TwinStoreRange *row;

  while ((row = range_at (rows, *at)) != NULL && compare_streams (row, of) == 0)
    {
      TwinLoss loss = { .span = span_of (row) };

      if (row->cause == NULL ||
          !twin_loss_cause_from_string (row->cause, &loss.cause))
        loss.cause = TWIN_LOSS_CORRUPT;
      g_array_append_val (lost, loss);
      (*at)++;
    }
}

/* Both lists come ordered by node, ring, epoch and first; a stream may be in
 * one of them only. */
static void
load_completeness (TwinEngine *self)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_received (self->reader, NULL, NULL);
  g_autoptr (GPtrArray) losses =
      twin_store_reader_list_losses (self->reader, NULL, NULL);
  guint i = 0, k = 0;

  while (range_at (rows, i) != NULL || range_at (losses, k) != NULL)
    {
      const TwinStoreRange *row = range_at (rows, i);
      const TwinStoreRange *loss = range_at (losses, k);
      const TwinStoreRange *of =
          row == NULL || (loss != NULL && compare_streams (loss, row) < 0)
              ? loss
              : row;
      g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (TwinSpan));
      g_autoptr (GArray) lost = g_array_new (FALSE, FALSE, sizeof (TwinLoss));
      TwinStream stream = { .node = of->node, .epoch = (uint32_t) of->epoch };

      take_received (rows, &i, of, spans);
      take_losses (losses, &k, of, lost);
      memcpy (stream.ring, of->ring, sizeof stream.ring);
      stream.n_received = spans->len;
      stream.received = (const TwinSpan *) (void *) spans->data;
      stream.n_lost = lost->len;
      stream.lost = (const TwinLoss *) (void *) lost->data;
      if (!twin_completeness_load (self->completeness, &stream))
        g_warning ("The ranges kept of node %s do not fit together; its "
                   "records are asked for again",
                   of->node);
    }
}

void
twin_engine_nodes_load (TwinEngine *self)
{
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_nodes (self->reader, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    load_node (self, g_ptr_array_index (rows, i));

  load_completeness (self);
}

void
twin_engine_node_store (TwinEngine *self, TwinEngineNode *node)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) key =
      node->has_key ? g_bytes_new (node->key, sizeof node->key) : NULL;
  g_autoptr (GBytes) ring =
      node->epoch >= 0 ? g_bytes_new (node->ring, sizeof node->ring) : NULL;
  const TwinBirth    *birth = node->birth;
  const TwinStoreNode row = {
    .name = node->name,
    .serial = birth != NULL ? birth->serial : NULL,
    .class_name = birth != NULL ? birth->device_class : NULL,
    .firmware = birth != NULL ? birth->firmware : NULL,
    .trust = node->trust,
    .key = key,
    .enrolled = node->enrolled,
    .ring = ring,
    .epoch = node->epoch,
    .machine = node->machine != NULL ? node->machine->id : NULL,
    .birth = node->birth_json,
    .reported = node->reported_json,
    .status = node->said_online ? "online" : "offline",
    .last_seen_us = node->last_arrival_us,
  };

  if (!twin_engine_batch_open (self))
    return;

  if (!twin_store_put_node (self->store, &row, &error))
    {
      twin_engine_store_failed (self, g_steal_pointer (&error));
      return;
    }

  node->dirty_row = FALSE;
  node->last_touch_us = node->last_arrival_us;
}

void
twin_engine_nodes_store (TwinEngine *self)
{
  GHashTableIter  iter;
  TwinEngineNode *node;

  g_hash_table_iter_init (&iter, self->nodes);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &node))
    {
      if (node->dirty_row || node->last_touch_us != node->last_arrival_us)
        twin_engine_node_store (self, node);
    }
}

/* What is lost for good goes into the store, too; telling it again changes
 * nothing there. */
void
twin_engine_store_losses (const TwinStream *stream, void *data)
{
  TwinEngine *self = data;

  for (size_t i = 0; i < stream->n_lost; i++)
    {
      g_autoptr (GError) error = NULL;
      TwinStoreRange range = {
        .node = stream->node,
        .epoch = stream->epoch,
        .first = (int64_t) stream->lost[i].span.first,
        .last = (int64_t) stream->lost[i].span.last,
        .first_us = TWIN_TIME_NONE,
        .last_us = TWIN_TIME_NONE,
        .cause = twin_loss_cause_to_string (stream->lost[i].cause),
      };

      memcpy (range.ring, stream->ring, sizeof range.ring);
      if (!twin_store_batch_loss (self->batch, &range, &error))
        twin_engine_store_failed (self, g_steal_pointer (&error));
    }
}
