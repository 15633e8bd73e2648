/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-silent.c - twins whose node never talks
 *
 * The other ghosts, nodes that talk without a twin, are in
 * twin-engine-serves.c.
 */
#include "twin-engine-private.h"

/* After the link came up nothing has had the time to arrive. */
#define GRACE_US (15 * TWIN_US_PER_S)

static gboolean
declares_telemetry (TwinEngine *self, const TwinEnginePlace *place)
{
  const TwinInterface *interface =
      twin_model_set_lookup (self->models, place->model);
  GPtrArray *contents = interface != NULL ? interface->effective : NULL;

  for (guint i = 0; contents != NULL && i < contents->len; i++)
    {
      const TwinContent *content = g_ptr_array_index (contents, i);

      if (content->kind == TWIN_CONTENT_TELEMETRY)
        return TRUE;
    }

  return FALSE;
}

/* Somebody is to speak for @place or a part of it. */
static gboolean
expects_node (TwinEngine *self, const TwinEnginePlace *place)
{
  if (place->node != NULL || declares_telemetry (self, place))
    return TRUE;

  for (guint i = 0; i < place->children->len; i++)
    {
      TwinEnginePlace *child = g_ptr_array_index (place->children, i);

      if (child->machine == place->machine && expects_node (self, child))
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_spoken (TwinEngine *self, const TwinEnginePlace *place)
{
  TwinEngineNode   *node = place->node != NULL
                               ? g_hash_table_lookup (self->nodes, place->node)
                               : NULL;
  GHashTableIter    iter;
  TwinEngineSignal *signal;

  if (node != NULL &&
      (node->last_arrival_us != TWIN_TIME_NONE || node->birth_json != NULL))
    return TRUE;

  g_hash_table_iter_init (&iter, place->signals);
  while (g_hash_table_iter_next (&iter, NULL, (void **) &signal))
    {
      if (!signal->derived && signal->v.arrival_us != TWIN_TIME_NONE)
        return TRUE;
    }

  for (guint i = 0; i < place->children->len; i++)
    {
      TwinEnginePlace *child = g_ptr_array_index (place->children, i);

      if (child->machine == place->machine && has_spoken (self, child))
        return TRUE;
    }

  return FALSE;
}

static void
set_ghost (TwinEngine *self, TwinEnginePlace *place, char *text)
{
  if (g_strcmp0 (place->ghost, text) == 0)
    {
      g_free (text);
      return;
    }

  g_free (place->ghost);
  place->ghost = text;
  twin_engine_place_changed (self, place);
}

static void
look_at (TwinEngine *self, TwinEngineMachine *machine)
{
  TwinEnginePlace *place = machine->place;
  char            *text = NULL;

  if (!machine->spoken)
    machine->spoken = has_spoken (self, place);

  if (!machine->spoken && twin_engine_place_counts (place) &&
      expects_node (self, place))
    text = place->node != NULL
               ? g_strdup_printf ("Node %s is bound to it, but no node has "
                                  "ever spoken for it.",
                                  place->node)
               : g_strdup ("No node has ever spoken for it.");

  set_ghost (self, place, text);
}

void
twin_engine_silent_tick (TwinEngine *self)
{
  gboolean listening =
      self->link_up && twin_clock_utc_us () - self->line_up_us > GRACE_US;

  for (guint i = 0; i < self->machines->len; i++)
    {
      TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      /* Only who listens can say that nobody spoke; what was said before is
       * taken back at once. */
      if (machine->place->ghost != NULL || (!machine->spoken && listening))
        look_at (self, machine);
    }
}

unsigned
twin_engine_silent_count (TwinEngine *self)
{
  unsigned n = 0;

  for (guint i = 0; i < self->machines->len; i++)
    n += ((TwinEngineMachine *) g_ptr_array_index (self->machines, i))
             ->place->ghost != NULL;

  return n;
}
