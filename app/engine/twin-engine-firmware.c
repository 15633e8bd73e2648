/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-firmware.c - what people ask of firmware campaigns */
#include "twin-engine-firmware.h"
#include "twin-json-members.h"

#include <string.h>

static void
answer (TwinEngine      *self,
        TwinEngineAsk   *ask,
        TwinRequestStage stage,
        const char      *text,
        const char      *detail)
{
  twin_engine_ask_progress (self, ask, stage, text, detail);
  twin_engine_ask_free (ask);
}

/* Takes @error. */
static void
refuse (TwinEngine *self, TwinEngineAsk *ask, GError *error)
{
  g_autofree char *text = g_strconcat (error->message, ".", NULL);

  answer (self, ask, TWIN_REQUEST_FAILED,
          g_str_has_suffix (error->message, ".") ? error->message : text, NULL);
  g_error_free (error);
}

static gboolean fail (GError **error, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                                 format, args);
  va_end (args);
  return FALSE;
}

/* --- who could be reached ------------------------------------------------- */

/* The sequence it reports to run; -1: it has not said. */
static int64_t
running_sequence (const TwinEngineNode *node)
{
  g_autoptr (JsonNode) root = node->reported_json != NULL
                                  ? json_from_string (node->reported_json, NULL)
                                  : NULL;
  static const char *const path[] = { "firmware", "running" };
  JsonNode                *at = root;

  for (size_t i = 0; i < G_N_ELEMENTS (path); i++)
    at = at != NULL && JSON_NODE_HOLDS_OBJECT (at)
             ? json_object_get_member (json_node_get_object (at), path[i])
             : NULL;
  if (at != NULL && JSON_NODE_HOLDS_OBJECT (at))
    at = json_object_get_member (json_node_get_object (at), "sequence");
  return at != NULL && JSON_NODE_HOLDS_VALUE (at) &&
                 json_node_get_value_type (at) == G_TYPE_INT64
             ? json_node_get_int (at)
             : -1;
}

static const char *
find_block (const TwinEnginePlace *place, const TwinEngineNode *node)
{
  const TwinEnginePlace *machine =
      place->machine != NULL ? place->machine->place : place;

  if (node != NULL && node->leaving != NULL)
    return "It is being decommissioned";
  if (twin_engine_place_lifecycle (machine) >= TWIN_LIFECYCLE_RETIRED)
    return "Its machine is retired";
  if (machine->shown != NULL && machine->shown->state == TWIN_STATE_CRITICAL)
    return "Its machine has a critical alarm";
  return NULL;
}

static TwinCandidate
candidate_of (TwinEngine *self, TwinEnginePlace *place, TwinEngineNode *node)
{
  const TwinEnginePlace *machine =
      place->machine != NULL ? place->machine->place : place;
  TwinCandidate candidate = { .twin = machine->id,
                              .sequence = -1,
                              .blocked = find_block (place, node) };

  if (node == NULL)
    return candidate;

  candidate.node = node->name;
  candidate.online = node->online;
  candidate.trusted = node->has_key && node->enrolled;
  candidate.busy = twin_engine_campaign_has (self, node->name);
  candidate.sequence = running_sequence (node);
  if (node->birth != NULL)
    {
      candidate.device_class = node->birth->device_class;
      candidate.version = node->birth->firmware;
    }
  return candidate;
}

/* Several parts of a machine are one node, and one candidate. */
static void
add_candidate (TwinEngine      *self,
               GArray          *candidates,
               GHashTable      *seen,
               TwinEnginePlace *place)
{
  TwinEngineNode *node = twin_engine_place_get_node (self, place);
  TwinCandidate   candidate;

  if (node == NULL && place->kind < TWIN_KIND_MACHINE)
    return; /* a line or area: its machines are chosen by themselves */

  candidate = candidate_of (self, place, node);
  if (!g_hash_table_add (seen,
                         (void *) (candidate.node != NULL ? candidate.node
                                                          : candidate.twin)))
    return;
  g_array_append_val (candidates, candidate);
}

static GArray *
candidates_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (TwinCandidate));
}

/* --- previews and plans --------------------------------------------------- */

typedef struct
{
  TwinStoreFirmware *package;
  TwinCampaignLimits limits;
  const char        *target;
  GArray            *candidates;
  JsonNode          *root; /* keeps @target */
} Spec;

static void
spec_clear (Spec *spec)
{
  g_clear_pointer (&spec->package, twin_store_firmware_free);
  g_clear_pointer (&spec->candidates, g_array_unref);
  g_clear_pointer (&spec->root, json_node_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Spec, spec_clear)

static gboolean
choose (TwinEngine *self,
        JsonObject *object,
        GArray     *candidates,
        GError    **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonNode  *member = json_object_get_member (object, "twins");
  JsonArray *twins;

  if (member == NULL || !JSON_NODE_HOLDS_ARRAY (member))
    return fail (error, "“twins” must be an array of twin ids");

  twins = json_node_get_array (member);
  for (guint i = 0; i < json_array_get_length (twins); i++)
    {
      JsonNode        *id = json_array_get_element (twins, i);
      TwinEnginePlace *place =
          json_node_get_value_type (id) == G_TYPE_STRING
              ? twin_engine_place_find (self, json_node_get_string (id))
              : NULL;

      /* One that is gone meanwhile is not meant. */
      if (place != NULL)
        add_candidate (self, candidates, seen, place);
    }
  return TRUE;
}

static gboolean
read_spec (TwinEngine *self, const char *text, Spec *spec, GError **error)
{
  JsonObject *object;
  const char *digest;

  spec->root =
      twin_json_parse ("arguments", text != NULL ? text : "", -1, error);
  if (spec->root == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (spec->root))
    return fail (error, "The arguments must be a JSON object");

  object = json_node_get_object (spec->root);
  digest = twin_json_get_string (object, "digest");
  if (digest == NULL)
    return fail (error, "“digest” must name the package");

  spec->target = twin_json_get_string (object, "target");
  spec->package = twin_store_reader_get_firmware (self->reader, digest, error);
  spec->candidates = candidates_new ();
  return spec->package != NULL &&
         twin_campaign_limits_from_json (json_object_get_member (object,
                                                                 "limits"),
                                         &spec->limits, error) &&
         choose (self, object, spec->candidates, error);
}

static TwinCampaignPreview *
preview (const TwinArtifact       *artifact,
         const TwinCampaignLimits *limits,
         const GArray             *candidates)
{
  return twin_campaign_preview (artifact, limits,
                                (const TwinCandidate *) candidates->data,
                                candidates->len);
}

static TwinArtifact
artifact_of (const TwinStoreFirmware *package)
{
  TwinArtifact artifact = { .device_class = package->class_name,
                            .version = package->version,
                            .sequence = package->sequence,
                            .size = (uint32_t) package->size };

  twin_hex_parse (package->digest, artifact.digest, sizeof artifact.digest);
  return artifact;
}

static void
add_target (TwinEngine *self, JsonBuilder *json, const TwinTarget *target)
{
  const TwinEnginePlace *place =
      target->twin != NULL ? twin_engine_place_find (self, target->twin) : NULL;

  json_builder_begin_object (json);
  twin_json_add_text (json, "node", target->node);
  twin_json_add_text (json, "twin", target->twin);
  twin_json_add_text (json, "name", place != NULL ? place->name : target->twin);
  twin_json_add_text (json, "before", target->before);
  twin_json_add_text (json, "verdict",
                      twin_target_verdict_to_string (target->verdict));
  twin_json_add_integer (json, "wave", target->wave);
  twin_json_add_text (json, "why", target->why);
  json_builder_end_object (json);
}

/* @campaign: 0 for one that is not kept. Caller frees. */
static char *
preview_json (TwinEngine                *self,
              const TwinCampaignPreview *shown,
              const TwinCampaignLimits  *limits,
              int64_t                    campaign)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *hash = twin_hex_format (shown->hash, sizeof shown->hash);

  json_builder_begin_object (json);
  if (campaign != 0)
    twin_json_add_integer (json, "campaign", campaign);
  twin_json_add_text (json, "hash", hash);
  twin_json_add_integer (json, "in", (int64_t) shown->n_in);
  twin_json_add_integer (json, "out", (int64_t) shown->n_out);
  twin_json_add_integer (json, "incompatible", (int64_t) shown->n_incompatible);
  json_builder_set_member_name (json, "limits");
  json_builder_add_value (json, twin_campaign_limits_to_json (limits));
  json_builder_set_member_name (json, "targets");
  json_builder_begin_array (json);
  for (size_t i = 0; i < shown->n_targets; i++)
    add_target (self, json, &shown->targets[i]);
  json_builder_end_array (json);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

static void
do_plan (TwinEngine *self, TwinEngineAsk *ask, gboolean kept)
{
  g_auto (Spec) spec = { 0 };
  GError *error = NULL;
  g_autoptr (TwinCampaignPreview) shown = NULL;
  g_autofree char    *text = NULL;
  g_autofree char    *detail = NULL;
  TwinEngineCampaign *campaign = NULL;
  TwinArtifact        artifact;

  if (!read_spec (self, ask->text, &spec, &error))
    {
      refuse (self, ask, error);
      return;
    }

  artifact = artifact_of (spec.package);
  shown = preview (&artifact, &spec.limits, spec.candidates);
  if (kept)
    {
      campaign =
          twin_engine_campaign_plan (self, spec.package, shown, &spec.limits,
                                     spec.target, ask->who, &error);
      if (campaign == NULL)
        {
          refuse (self, ask, error);
          return;
        }
      twin_engine_log (self, "firmware", NULL, ask->who,
                       "Campaign %" G_GINT64_FORMAT
                       " planned: firmware %s, %zu nodes in, %zu not.",
                       campaign->id, campaign->version, shown->n_in,
                       shown->n_out + shown->n_incompatible);
    }

  text = g_strdup_printf ("%zu in, %zu out, %zu incompatible.", shown->n_in,
                          shown->n_out, shown->n_incompatible);
  detail = preview_json (self, shown, &spec.limits,
                         campaign != NULL ? campaign->id : 0);
  answer (self, ask, TWIN_REQUEST_DONE, text, detail);
}

/* --- one that was planned ------------------------------------------------- */

/* Whether what was approved is still what would be done. */
static gboolean
check_plan (TwinEngine         *self,
            TwinEngineCampaign *campaign,
            const char         *text,
            GError            **error)
{
  const TwinRolloutView *view = twin_rollout_get (campaign->rollout);
  g_autoptr (JsonNode) root =
      text != NULL && text[0] != '\0' ? json_from_string (text, NULL) : NULL;
  const char *hash =
      root != NULL && JSON_NODE_HOLDS_OBJECT (root)
          ? twin_json_get_string (json_node_get_object (root), "hash")
          : NULL;
  g_autoptr (GArray) candidates = candidates_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (TwinCampaignPreview) now = NULL;
  g_autofree char *found = NULL;
  TwinArtifact     artifact = { .device_class = campaign->class_name,
                                .version = campaign->version,
                                .sequence = campaign->sequence,
                                .size = view->size };

  if (hash != NULL && !g_str_has_prefix (campaign->hash, hash))
    return fail (error, "Campaign %" G_GINT64_FORMAT " is another plan than %s",
                 campaign->id, hash);

  for (guint i = 0; i < campaign->planned->len; i++)
    {
      const TwinStoreCampaignNode *row =
          g_ptr_array_index (campaign->planned, i);
      TwinEnginePlace *place =
          row->twin != NULL ? twin_engine_place_find (self, row->twin) : NULL;

      if (place != NULL)
        add_candidate (self, candidates, seen, place);
    }
  memcpy (artifact.digest, view->digest, sizeof artifact.digest);
  now = preview (&artifact, &view->limits, candidates);
  found = twin_hex_format (now->hash, sizeof now->hash);
  return g_str_equal (found, campaign->hash) ||
         fail (error,
               "The plan no longer holds: it was for %u nodes that are in, "
               "now %zu of those chosen would be; plan again",
               view->installs->len, now->n_in);
}

static gboolean
act (TwinEngine         *self,
     TwinEngineCampaign *campaign,
     TwinEngineAsk      *ask,
     GError            **error)
{
  const char  *what = ask->name;
  TwinRollout *rollout = campaign->rollout;

  if (strcmp (what, "start") == 0)
    return check_plan (self, campaign, ask->text, error) &&
           twin_engine_campaign_read (campaign, error) &&
           twin_rollout_start (rollout, error);
  if (strcmp (what, "pause") == 0)
    return twin_rollout_pause (rollout, error);
  if (strcmp (what, "resume") == 0)
    return twin_rollout_resume (rollout, error);
  if (strcmp (what, "abort") == 0)
    return twin_rollout_abort (rollout, error);
  if (strcmp (what, "retry") == 0)
    return twin_rollout_retry (rollout, error);
  return fail (error, "Nothing called “%s” can be done with a campaign", what);
}

void
twin_engine_firmware_do (TwinEngine *self, TwinEngineAsk *ask)
{
  GError             *error = NULL;
  TwinEngineCampaign *campaign;

  if (g_strcmp0 (ask->name, "preview") == 0 ||
      g_strcmp0 (ask->name, "plan") == 0)
    {
      do_plan (self, ask, strcmp (ask->name, "plan") == 0);
      return;
    }

  campaign =
      ask->subject != NULL
          ? twin_engine_campaign_find (self,
                                       g_ascii_strtoll (ask->subject, NULL, 10))
          : NULL;
  if (campaign == NULL || ask->name == NULL)
    {
      fail (&error, "There is no campaign “%s”; twinctl ota status lists them",
            ask->subject != NULL ? ask->subject : "");
      refuse (self, ask, error);
      return;
    }

  if (!act (self, campaign, ask, &error))
    {
      refuse (self, ask, error);
      return;
    }

  twin_engine_campaign_flush (campaign);
  twin_engine_log (self, "firmware", NULL, ask->who,
                   "Campaign %" G_GINT64_FORMAT " (firmware %s): %s.",
                   campaign->id, campaign->version, ask->name);
  answer (self, ask, TWIN_REQUEST_DONE,
          twin_rollout_get (campaign->rollout)->why, NULL);
}
