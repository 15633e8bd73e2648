/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-campaign.h"

#include "twin-cbor-writer.h"

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

static const char *
find_missing_feature (const TwinArtifact  *artifact,
                      const TwinCandidate *candidate)
{
  if (artifact->requires_features == NULL)
    return NULL;
  for (const char *const *wanted = artifact->requires_features; *wanted != NULL;
       wanted++)
    if (candidate->features == NULL ||
        !g_strv_contains (candidate->features, *wanted))
      return *wanted;
  return NULL;
}

/* A sentence when the image does not fit the device; caller frees. */
static char *
find_misfit (const TwinArtifact *artifact, const TwinCandidate *candidate)
{
  const char *missing = find_missing_feature (artifact, candidate);

  if (!g_str_equal (candidate->device_class, artifact->device_class))
    return g_strdup_printf ("The image is for %s; this is a %s",
                            artifact->device_class, candidate->device_class);
  if (missing != NULL)
    return g_strdup_printf ("The device lacks “%s”, which the image needs",
                            missing);
  if (artifact->minimum != NULL &&
      twin_version_compare (candidate->version, artifact->minimum) < 0)
    return g_strdup_printf ("It runs %s; the image installs over %s or newer",
                            candidate->version, artifact->minimum);
  return NULL;
}

static TwinTargetVerdict
decide (const TwinArtifact  *artifact,
        const TwinCandidate *candidate,
        char               **why)
{
  int order;

  if (!candidate->matched)
    {
      *why = g_strdup ("The target query does not choose it");
      return TWIN_TARGET_OUT;
    }
  if (candidate->device_class == NULL || candidate->version == NULL)
    {
      *why = g_strdup ("It has never said what it is");
      return TWIN_TARGET_OUT;
    }

  *why = find_misfit (artifact, candidate);
  if (*why != NULL)
    return TWIN_TARGET_INCOMPATIBLE;

  order = twin_version_compare (candidate->version, artifact->version);
  if (order == 0)
    *why = g_strdup_printf ("It runs %s already", candidate->version);
  else if (order > 0)
    *why = g_strdup_printf ("It runs %s, which is newer: nothing is ever "
                            "downgraded",
                            candidate->version);
  else if (!candidate->trusted)
    *why = g_strdup ("This console is not enrolled on it");
  else if (candidate->busy)
    *why = g_strdup ("Another campaign has it");
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
  const int         order = strcmp (left->node, right->node);

  return order != 0 ? order : g_strcmp0 (left->twin, right->twin);
}

/* Artifact, then each node with its verdict, in order. Whether a device is
 * online changes its sentence, not the decision, so sentences stay out. */
static void
hash_preview (const TwinArtifact *artifact, TwinCampaignPreview *preview)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();
  g_autoptr (GBytes) bytes = NULL;

  twin_cbor_writer_array (writer, 2 + preview->n_targets);
  twin_cbor_writer_bytes (writer, artifact->digest, TWIN_DIGEST_SIZE);
  twin_cbor_writer_text (writer, artifact->version);
  for (size_t i = 0; i < preview->n_targets; i++)
    {
      twin_cbor_writer_array (writer, 2);
      twin_cbor_writer_text (writer, preview->targets[i].node);
      twin_cbor_writer_uint (writer, preview->targets[i].verdict);
    }
  bytes = twin_cbor_writer_finish (writer);
  twin_digest (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
               preview->hash);
}

TwinCampaignPreview *
twin_campaign_preview (const TwinArtifact  *artifact,
                       const TwinCandidate *candidates,
                       size_t               n)
{
  TwinCampaignPreview *preview = g_new0 (TwinCampaignPreview, 1);

  preview->targets = g_new0 (TwinTarget, n);
  preview->n_targets = n;
  for (size_t i = 0; i < n; i++)
    {
      TwinTarget *target = &preview->targets[i];

      target->node = g_strdup (candidates[i].node);
      target->twin = g_strdup (candidates[i].twin);
      target->verdict = decide (artifact, &candidates[i], &target->why);
      preview->n_in += target->verdict == TWIN_TARGET_IN;
      preview->n_out += target->verdict == TWIN_TARGET_OUT;
      preview->n_incompatible += target->verdict == TWIN_TARGET_INCOMPATIBLE;
    }

  if (n > 0)
    qsort (preview->targets, n, sizeof *preview->targets, compare_targets);
  hash_preview (artifact, preview);
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
      g_free (preview->targets[i].why);
    }
  g_free (preview->targets);
  g_free (preview);
}
