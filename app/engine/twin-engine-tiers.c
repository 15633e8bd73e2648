/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-tiers.c - how much is done for a machine, by its groups
 *
 * "full" is per-second summaries and full analysis, "thresholds" per-minute
 * summaries, thresholds only and no waveforms. Of several groups with a tier
 * the fullest wins; a machine in none is full, and its node's settings are
 * left alone. A worker evaluates the groups when the graph changed, and every
 * minute. A person who watches a sensor sees its spectra whatever the tier.
 */
#include "twin-engine-private.h"

#include <string.h>

#include "twin-query.h"
#include "twin-store-groups.h"

#define TIER_SETTING "tier/"
#define EVERY_US (60 * TWIN_US_PER_S)
#define SLOW_PERIOD_S 60

static const char *const words
    [] = { [TWIN_TIER_FULL] = "full", [TWIN_TIER_THRESHOLDS] = "thresholds" };

const char *
twin_engine_tier_word (TwinTier tier)
{
  return words[tier];
}

/* --- a worker's: which twins have a tier
 * ------------------------------------------- */

static void
add_member (GHashTable *tiers, const char *id, TwinTier tier)
{
  void *known = NULL;

  if (g_hash_table_lookup_extended (tiers, id, NULL, &known) &&
      GPOINTER_TO_INT (known) <= (int) tier)
    return;

  g_hash_table_insert (tiers, g_strdup (id), GINT_TO_POINTER ((int) tier));
}

static gboolean
add_group (GHashTable           *tiers,
           const TwinStoreGroup *group,
           TwinStoreReader      *reader,
           GError              **error)
{
  TwinTier tier = strcmp (group->tier, words[TWIN_TIER_THRESHOLDS]) == 0
                      ? TWIN_TIER_THRESHOLDS
                      : TWIN_TIER_FULL;
  g_autoptr (GPtrArray) ids = NULL;

  ids = group->query != NULL
            ? twin_query_collect_ids (group->query, reader, error)
            : twin_store_group_list_members (group, error);
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    add_member (tiers, g_ptr_array_index (ids, i), tier);

  return ids != NULL;
}

void
twin_engine_tiers_evaluate (TwinEngineJob *job)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (job->store, &error);
  g_autoptr (GPtrArray) groups =
      reader != NULL ? twin_store_reader_list_groups (reader, &error) : NULL;

  job->tiers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    {
      const TwinStoreGroup *group = g_ptr_array_index (groups, i);

      if (group->tier == NULL || error != NULL)
        continue;

      if (!add_group (job->tiers, group, reader, &error))
        g_prefix_error (&error,
                        "The tier of group “%s” is not known: ", group->name);
    }

  if (error != NULL)
    job->failure = g_strdup (error->message);
}

/* --- the pipeline's
 * ----------------------------------------------------------------- */

void
twin_engine_tiers_ask (TwinEngine *self)
{
  self->tiers_due_us = 0;
}

void
twin_engine_tiers_tick (TwinEngine *self, int64_t monotonic_us)
{
  TwinEngineJob *job;

  if (self->tiers_asked || monotonic_us < self->tiers_due_us)
    return;

  job = g_new0 (TwinEngineJob, 1);
  job->kind = TWIN_JOB_TIERS;
  job->store = g_strdup (self->store_path);
  self->tiers_due_us = monotonic_us + EVERY_US;
  self->tiers_asked = twin_queue_push (self->jobs, job);
  if (!self->tiers_asked)
    twin_engine_job_free (job);
}

/* What was found goes with the analysis that found it. */
static void
forget_finding (TwinEngineMachine *machine)
{
  g_clear_pointer (&machine->finding, g_free);
  g_clear_pointer (&machine->sureness, g_free);
  g_clear_pointer (&machine->advice, g_free);
  g_clear_pointer (&machine->reason, g_free);
  machine->finding_wave = NULL;
}

static void
set_tier (TwinEngine *self, TwinEngineMachine *machine, TwinTier tier)
{
  if (machine->tier == tier)
    return;

  machine->tier = tier;
  if (tier == TWIN_TIER_THRESHOLDS)
    forget_finding (machine);
  twin_engine_alarms_define_machine (self, machine);
  twin_engine_place_changed (self, machine->place);
  twin_engine_place_touch (machine->place);
  twin_engine_log (self, "edit", machine->place->id, NULL,
                   tier == TWIN_TIER_THRESHOLDS
                       ? "%s: thresholds only, as its group asks."
                       : "%s: full analysis.",
                   machine->place->name);
  self->flush = TRUE;
}

/* --- what its node is to do
 * --------------------------------------------------------- */

static gboolean
is_slow (const TwinDesiredState *state)
{
  JsonObject *object;
  JsonNode   *schedule;

  if (state->properties == NULL)
    return FALSE;

  object = json_node_get_object (state->properties);
  schedule = json_object_get_member (object, "schedule");
  return json_object_get_int_member_with_default (object, "summaryPeriodS",
                                                  0) == SLOW_PERIOD_S &&
         schedule != NULL && JSON_NODE_HOLDS_OBJECT (schedule) &&
         json_object_get_int_member_with_default (json_node_get_object (
                                                      schedule),
                                                  "everyS", -1) == 0;
}

static void
keep_slowed (TwinEngine *self, TwinEngineNode *node, gboolean slowed)
{
  g_autofree char *key = g_strconcat (TIER_SETTING, node->name, NULL);
  g_autoptr (GError) error = NULL;

  node->slowed = slowed;
  if (twin_engine_batch_open (self) &&
      !twin_store_set_setting (self->store, key,
                               slowed ? words[TWIN_TIER_THRESHOLDS] : "",
                               &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
}

void
twin_engine_tiers_load (TwinEngine *self, TwinEngineNode *node)
{
  g_autofree char *key = g_strconcat (TIER_SETTING, node->name, NULL);
  g_autofree char *kept =
      twin_store_reader_get_setting (self->reader, key, NULL);

  node->slowed = g_strcmp0 (kept, words[TWIN_TIER_THRESHOLDS]) == 0;
}

/* Signed, as every desired document; only where our key is on the node. What
 * we set we take back, and nothing else. */
static void
settle_node (TwinEngine *self, TwinEngineMachine *machine)
{
  TwinEngineNode *node =
      machine->place->node != NULL
          ? g_hash_table_lookup (self->nodes, machine->place->node)
          : NULL;
  gboolean slow;

  if (node == NULL || !node->enrolled || node->leaving != NULL ||
      node->machine != machine->place)
    return;

  slow = is_slow (twin_desired_lookup (self->desired, node->name));
  if (machine->tier == TWIN_TIER_THRESHOLDS && !slow)
    {
      keep_slowed (self, node, TRUE);
      twin_engine_properties_want (self, node, "/summaryPeriodS",
                                   G_STRINGIFY (SLOW_PERIOD_S));
      twin_engine_properties_want (self, node, "/schedule",
                                   "{\"captureS\":1,\"everyS\":0}");
    }
  else if (machine->tier == TWIN_TIER_FULL && node->slowed)
    {
      keep_slowed (self, node, FALSE);
      twin_engine_properties_want (self, node, "/summaryPeriodS", NULL);
      twin_engine_properties_want (self, node, "/schedule", NULL);
    }
}

void
twin_engine_tiers_take (TwinEngine *self, const TwinEngineJob *job)
{
  g_autoptr (GHashTable) machines = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  void          *id, *tier;

  self->tiers_asked = FALSE;
  if (g_strcmp0 (job->failure, self->tiers_failure) != 0)
    {
      g_free (self->tiers_failure);
      self->tiers_failure = g_strdup (job->failure);
      if (job->failure != NULL)
        twin_engine_log (self, "edit", NULL, NULL, "%s", job->failure);
    }
  if (job->failure != NULL)
    return; /* everything stays as it is */

  g_hash_table_iter_init (&iter, job->tiers);
  while (g_hash_table_iter_next (&iter, &id, &tier))
    {
      TwinEnginePlace *place = twin_engine_place_find (self, id);
      void            *known;

      if (place != NULL && place->machine != NULL &&
          (!g_hash_table_lookup_extended (machines, place->machine, NULL,
                                          &known) ||
           GPOINTER_TO_INT (known) > GPOINTER_TO_INT (tier)))
        g_hash_table_insert (machines, place->machine, tier);
    }

  for (guint i = 0; i < self->machines->len; i++)
    {
      TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      /* In no group: 0, which is full. */
      set_tier (self, machine,
                (TwinTier) GPOINTER_TO_INT (
                    g_hash_table_lookup (machines, machine)));
      settle_node (self, machine);
      twin_engine_tones_settle (self, machine);
    }
}
