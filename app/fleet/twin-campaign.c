/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-campaign.h"

#include "twin-cbor-writer.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- versions --- */

/* "1.10.0-rc1": three numbers and what follows a hyphen. */
typedef struct
{
  gboolean    good;
  uint64_t    numbers[3];
  const char *pre; /* "" when there is none */
} Version;

static Version
parse_version (const char *text)
{
  Version version = { .pre = "" };

  for (size_t i = 0; i < G_N_ELEMENTS (version.numbers); i++)
    {
      char *end;

      if (!g_ascii_isdigit (*text))
        return version;
      version.numbers[i] = g_ascii_strtoull (text, &end, 10);
      text = end;
      if (i < 2 && *text++ != '.')
        return version;
    }

  if (*text == '-')
    version.pre = text + 1;
  version.good = *text == '\0' || *text == '-' || *text == '+';
  return version;
}

/* Pre-release words, dot by dot: numbers by value and before words. */
static int
compare_pre (const char *a, const char *b)
{
  while (*a != '\0' || *b != '\0')
    {
      const size_t length_a = strcspn (a, ".+"), length_b = strcspn (b, ".+");
      g_autofree char *word_a = g_strndup (a, length_a);
      g_autofree char *word_b = g_strndup (b, length_b);
      uint64_t         number_a, number_b;
      const gboolean   is_a =
          g_ascii_string_to_unsigned (word_a, 10, 0, UINT64_MAX, &number_a,
                                      NULL);
      const gboolean is_b =
          g_ascii_string_to_unsigned (word_b, 10, 0, UINT64_MAX, &number_b,
                                      NULL);

      if (length_a == 0 || length_b == 0)
        return (length_a > 0) - (length_b > 0);
      if (is_a != is_b)
        return is_a ? -1 : 1;
      if (is_a && number_a != number_b)
        return number_a < number_b ? -1 : 1;
      if (!is_a && !g_str_equal (word_a, word_b))
        return strcmp (word_a, word_b);

      a += length_a + (a[length_a] == '.');
      b += length_b + (b[length_b] == '.');
    }
  return 0;
}

int
twin_version_compare (const char *a, const char *b)
{
  const Version va = parse_version (a), vb = parse_version (b);

  if (!va.good || !vb.good)
    return va.good != vb.good ? va.good - vb.good : strcmp (a, b);

  for (size_t i = 0; i < G_N_ELEMENTS (va.numbers); i++)
    if (va.numbers[i] != vb.numbers[i])
      return va.numbers[i] < vb.numbers[i] ? -1 : 1;

  /* A pre-release comes before its release. */
  if ((*va.pre == '\0') != (*vb.pre == '\0'))
    return *va.pre == '\0' ? 1 : -1;
  return compare_pre (va.pre, vb.pre);
}

/* --- limits --- */

TwinCampaignLimits
twin_campaign_limits_default (void)
{
  return (TwinCampaignLimits){ .canaries = 1,
                               .groups = 1,
                               .parallel = 8,
                               .confirm_s = 600,
                               .go_on = 0.95,
                               .stop = 0.05 };
}

/* The numbers of the limits, and what each may be. */
static const struct
{
  const char *name;
  const char *what;
  size_t      offset;
  gboolean    share; /* double, else uint32_t */
  double      min, max;
} limit_fields[] = {
  { "canaries", "The number of canaries",
    offsetof (TwinCampaignLimits, canaries), FALSE, 0, 1000 },
  { "groups", "The number of groups", offsetof (TwinCampaignLimits, groups),
    FALSE, 1, 100 },
  { "parallel", "How many at once", offsetof (TwinCampaignLimits, parallel),
    FALSE, 1, 1000 },
  { "soakS", "The canaries’ time, in seconds,",
    offsetof (TwinCampaignLimits, soak_s), FALSE, 0, 30 * 86400 },
  { "confirmS", "The time to confirm, in seconds,",
    offsetof (TwinCampaignLimits, confirm_s), FALSE, 10, 86400 },
  { "goOn", "The share that must succeed", offsetof (TwinCampaignLimits, go_on),
    TRUE, 0, 1 },
  { "stop", "The share that may fail", offsetof (TwinCampaignLimits, stop),
    TRUE, 0, 1 },
};

static double
limit_value (const TwinCampaignLimits *limits, size_t i)
{
  const char *at = (const char *) limits + limit_fields[i].offset;

  return limit_fields[i].share ? *(const double *) at : *(const uint32_t *) at;
}

static gboolean
check_limit (size_t i, double value, GError **error)
{
  if (value >= limit_fields[i].min && value <= limit_fields[i].max)
    return TRUE;

  g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
               "%s is %g to %g, not %g", limit_fields[i].what,
               limit_fields[i].min, limit_fields[i].max, value);
  return FALSE;
}

gboolean
twin_campaign_limits_check (const TwinCampaignLimits *limits, GError **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (limit_fields); i++)
    if (!check_limit (i, limit_value (limits, i), error))
      return FALSE;
  return TRUE;
}

JsonNode *
twin_campaign_limits_to_json (const TwinCampaignLimits *limits)
{
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  for (size_t i = 0; i < G_N_ELEMENTS (limit_fields); i++)
    if (limit_fields[i].share)
      json_object_set_double_member (object, limit_fields[i].name,
                                     limit_value (limits, i));
    else
      json_object_set_int_member (object, limit_fields[i].name,
                                  (gint64) limit_value (limits, i));
  json_node_take_object (node, object);
  return node;
}

gboolean
twin_campaign_limits_from_json (JsonNode           *node,
                                TwinCampaignLimits *limits,
                                GError            **error)
{
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                           ? json_node_get_object (node)
                           : NULL;

  *limits = twin_campaign_limits_default ();
  for (size_t i = 0; object != NULL && i < G_N_ELEMENTS (limit_fields); i++)
    {
      char     *at = (char *) limits + limit_fields[i].offset;
      JsonNode *member = json_object_get_member (object, limit_fields[i].name);
      double    value;

      if (member == NULL)
        continue;
      value = JSON_NODE_HOLDS_VALUE (member) &&
                      json_node_get_value_type (member) != G_TYPE_STRING
                  ? json_node_get_double (member)
                  : -1;
      if (!check_limit (i, value, error))
        return FALSE;
      if (limit_fields[i].share)
        *(double *) at = value;
      else
        *(uint32_t *) at = (uint32_t) value;
    }
  return TRUE;
}

/* --- deciding --- */

static const char *const verdicts[] = {
  [TWIN_TARGET_IN] = "in",
  [TWIN_TARGET_OUT] = "out",
  [TWIN_TARGET_INCOMPATIBLE] = "incompatible",
};

const char *
twin_target_verdict_to_string (TwinTargetVerdict verdict)
{
  g_return_val_if_fail (verdict < G_N_ELEMENTS (verdicts), NULL);
  return verdicts[verdict];
}

static gboolean
is_newer (const TwinArtifact *artifact, const TwinCandidate *candidate)
{
  if (candidate->sequence >= 0)
    return candidate->sequence > artifact->sequence;
  return twin_version_compare (candidate->version, artifact->version) > 0;
}

static gboolean
is_same (const TwinArtifact *artifact, const TwinCandidate *candidate)
{
  if (candidate->sequence >= 0)
    return candidate->sequence == artifact->sequence;
  return twin_version_compare (candidate->version, artifact->version) == 0;
}

/* Why it is left out though the image fits; NULL: it is not. */
static char *
find_reason (const TwinArtifact *artifact, const TwinCandidate *candidate)
{
  if (is_same (artifact, candidate))
    return g_strdup_printf ("It runs %s already", candidate->version);
  if (is_newer (artifact, candidate))
    return g_strdup_printf ("It runs %s, which is newer: nothing is ever "
                            "downgraded",
                            candidate->version);
  if (!candidate->trusted)
    return g_strdup ("This console is not enrolled on it");
  if (candidate->busy)
    return g_strdup ("Another campaign has it");
  return g_strdup (candidate->blocked);
}

static TwinTargetVerdict
decide (const TwinArtifact  *artifact,
        const TwinCandidate *candidate,
        char               **why)
{
  if (candidate->node == NULL)
    {
      *why = g_strdup ("No node serves it");
      return TWIN_TARGET_OUT;
    }
  if (candidate->device_class == NULL || candidate->version == NULL)
    {
      *why = g_strdup ("It has never said what it is");
      return TWIN_TARGET_OUT;
    }
  if (!g_str_equal (candidate->device_class, artifact->device_class))
    {
      *why = g_strdup_printf ("The image is for %s; this is a %s",
                              artifact->device_class, candidate->device_class);
      return TWIN_TARGET_INCOMPATIBLE;
    }

  *why = find_reason (artifact, candidate);
  if (*why != NULL)
    return TWIN_TARGET_OUT;

  *why = g_strdup_printf (candidate->online
                              ? "From %s to %s"
                              : "From %s to %s, when it is online again",
                          candidate->version, artifact->version);
  return TWIN_TARGET_IN;
}

static int
compare_targets (const void *a, const void *b)
{
  const TwinTarget *left = a, *right = b;
  const int         order = g_strcmp0 (left->node, right->node);

  return order != 0 ? order : g_strcmp0 (left->twin, right->twin);
}

/* Artifact, limits, then each node with its verdict, in order. Whether a
 * device is online changes its sentence and its turn, not the decision, so
 * both stay out; so does what no node serves. */
static void
hash_preview (const TwinArtifact       *artifact,
              const TwinCampaignLimits *limits,
              TwinCampaignPreview      *preview)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();
  g_autoptr (GBytes) bytes = NULL;

  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_text (writer, "limits");
  twin_cbor_writer_array (writer, 9);
  twin_cbor_writer_bytes (writer, artifact->digest, TWIN_DIGEST_SIZE);
  twin_cbor_writer_text (writer, artifact->version);
  twin_cbor_writer_uint (writer, limits->canaries);
  twin_cbor_writer_uint (writer, limits->groups);
  twin_cbor_writer_uint (writer, limits->parallel);
  twin_cbor_writer_uint (writer, limits->soak_s);
  twin_cbor_writer_uint (writer, limits->confirm_s);
  twin_cbor_writer_float64 (writer, limits->go_on);
  twin_cbor_writer_float64 (writer, limits->stop);
  for (size_t i = 0; i < preview->n_targets; i++)
    {
      const TwinTarget *target = &preview->targets[i];

      if (target->node != NULL)
        {
          g_autofree char *key = g_strconcat ("node/", target->node, NULL);

          twin_cbor_writer_put_uint (writer, key, target->verdict);
        }
    }
  twin_cbor_writer_end_map (writer);
  bytes = twin_cbor_writer_finish (writer);
  twin_digest (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
               preview->hash);
}

/* Canaries first, of those that can be watched now; the others in equal
 * parts. @online: by target. */
static void
give_waves (TwinCampaignPreview      *preview,
            const TwinCampaignLimits *limits,
            GHashTable               *online)
{
  const size_t canaries = MIN (limits->canaries, preview->n_in);
  const size_t rest = preview->n_in - canaries;
  size_t       given = 0, k = 0;

  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < preview->n_targets && given < canaries; i++)
      {
        TwinTarget    *target = &preview->targets[i];
        const gboolean is_online = target->node != NULL &&
                                   g_hash_table_contains (online, target->node);

        if (target->verdict != TWIN_TARGET_IN || target->wave == 0 ||
            (pass == 0 && !is_online))
          continue;
        target->wave = 0;
        given++;
      }

  for (size_t i = 0; i < preview->n_targets; i++)
    if (preview->targets[i].verdict == TWIN_TARGET_IN &&
        preview->targets[i].wave != 0)
      preview->targets[i].wave = 1 + (int) (k++ * limits->groups / rest);
}

TwinCampaignPreview *
twin_campaign_preview (const TwinArtifact       *artifact,
                       const TwinCampaignLimits *limits,
                       const TwinCandidate      *candidates,
                       size_t                    n)
{
  TwinCampaignPreview *preview = g_new0 (TwinCampaignPreview, 1);
  g_autoptr (GHashTable) online = g_hash_table_new (g_str_hash, g_str_equal);

  preview->targets = g_new0 (TwinTarget, n);
  preview->n_targets = n;
  for (size_t i = 0; i < n; i++)
    {
      TwinTarget *target = &preview->targets[i];

      target->node = g_strdup (candidates[i].node);
      target->twin = g_strdup (candidates[i].twin);
      target->before = g_strdup (candidates[i].version);
      target->verdict = decide (artifact, &candidates[i], &target->why);
      target->wave = -1;
      if (candidates[i].online && target->node != NULL)
        g_hash_table_add (online, target->node);
      preview->n_in += target->verdict == TWIN_TARGET_IN;
      preview->n_out += target->verdict == TWIN_TARGET_OUT;
      preview->n_incompatible += target->verdict == TWIN_TARGET_INCOMPATIBLE;
    }

  if (n > 0)
    qsort (preview->targets, n, sizeof *preview->targets, compare_targets);
  give_waves (preview, limits, online);
  hash_preview (artifact, limits, preview);
  return preview;
}

void
twin_campaign_preview_free (TwinCampaignPreview *preview)
{
  if (preview == NULL)
    return;

  for (size_t i = 0; i < preview->n_targets; i++)
    {
      g_free (preview->targets[i].node);
      g_free (preview->targets[i].twin);
      g_free (preview->targets[i].before);
      g_free (preview->targets[i].why);
    }
  g_free (preview->targets);
  g_free (preview);
}
