/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-campaign.h"

#include <string.h>

static int
sign (int value)
{
  return (value > 0) - (value < 0);
}

static void
test_versions (void)
{
  /* Ascending; a version that is none comes before all that are. */
  static const char *const order[] = {
    "",           "dev",         "0.9",           "0.1.0",
    "0.9.10",     "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
    "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0",         "1.0.1",
    "1.9.2",      "1.10.0",      "2.0.0"
  };

  for (size_t i = 3; i < G_N_ELEMENTS (order); i++)
    for (size_t k = 0; k < G_N_ELEMENTS (order); k++)
      g_assert_cmpint (sign (twin_version_compare (order[i], order[k])), ==,
                       i < k ? -1 : i > k);
  g_assert_cmpint (twin_version_compare ("1.0.0+a", "1.0.0+b"), ==, 0);
}

static const char *const features[] = { "waveform", "duty", NULL };
static const char *const wanted[] = { "waveform", NULL };
static const char *const missing[] = { "waveform", "cryo", NULL };

static TwinArtifact
artifact (void)
{
  return (TwinArtifact){ .device_class = "twin-node-ref",
                         .version = "0.2.0",
                         .minimum = "0.1.0",
                         .requires_features = wanted,
                         .digest = { 1 } };
}

static TwinCandidate
candidate (const char *node)
{
  return (TwinCandidate){ .node = node,
                          .twin = "compressor-7",
                          .serial = "TN-1",
                          .device_class = "twin-node-ref",
                          .version = "0.1.3",
                          .features = features,
                          .matched = TRUE,
                          .online = TRUE,
                          .trusted = TRUE };
}

static void
assert_one (const TwinArtifact  *image,
            const TwinCandidate *row,
            TwinTargetVerdict    verdict,
            const char          *why)
{
  g_autoptr (TwinCampaignPreview) preview =
      twin_campaign_preview (image, row, 1);

  g_assert_cmpint (preview->targets[0].verdict, ==, verdict);
  g_assert_cmpstr (preview->targets[0].why, ==, why);
  g_assert_cmpuint (preview->n_in, ==, verdict == TWIN_TARGET_IN);
  g_assert_cmpuint (preview->n_out, ==, verdict == TWIN_TARGET_OUT);
  g_assert_cmpuint (preview->n_incompatible, ==,
                    verdict == TWIN_TARGET_INCOMPATIBLE);
}

static void
test_each_reason (void)
{
  TwinArtifact  image = artifact ();
  TwinCandidate row = candidate ("n-0107");

  assert_one (&image, &row, TWIN_TARGET_IN, "From 0.1.3 to 0.2.0");
  row.online = FALSE;
  assert_one (&image, &row, TWIN_TARGET_IN,
              "From 0.1.3 to 0.2.0, when it is online again");

  row.busy = TRUE;
  assert_one (&image, &row, TWIN_TARGET_OUT, "Another campaign has it");
  row.trusted = FALSE;
  assert_one (&image, &row, TWIN_TARGET_OUT,
              "This console is not enrolled on it");
  row.version = "0.2.0";
  assert_one (&image, &row, TWIN_TARGET_OUT, "It runs 0.2.0 already");
  row.version = "0.3.0";
  assert_one (&image, &row, TWIN_TARGET_OUT,
              "It runs 0.3.0, which is newer: nothing is ever downgraded");
  row.version = "0.0.9";
  assert_one (&image, &row, TWIN_TARGET_INCOMPATIBLE,
              "It runs 0.0.9; the image installs over 0.1.0 or newer");
  image.requires_features = missing;
  assert_one (&image, &row, TWIN_TARGET_INCOMPATIBLE,
              "The device lacks “cryo”, which the image needs");
  row.device_class = "twin-node-mini";
  assert_one (&image, &row, TWIN_TARGET_INCOMPATIBLE,
              "The image is for twin-node-ref; this is a twin-node-mini");
  row.device_class = NULL;
  assert_one (&image, &row, TWIN_TARGET_OUT, "It has never said what it is");
  row.matched = FALSE;
  assert_one (&image, &row, TWIN_TARGET_OUT,
              "The target query does not choose it");
}

/* The hash is of the decisions: order of rows and being online do not change
 * it, any decision and the image do. */
static void
test_hash (void)
{
  TwinArtifact  image = artifact ();
  TwinCandidate rows[] = { candidate ("n-1"), candidate ("n-2") };
  TwinCandidate turned[] = { candidate ("n-2"), candidate ("n-1") };
  g_autoptr (TwinCampaignPreview) first =
      twin_campaign_preview (&image, rows, 2);
  g_autoptr (TwinCampaignPreview) same = NULL;
  g_autoptr (TwinCampaignPreview) decided = NULL;
  g_autoptr (TwinCampaignPreview) other = NULL;
  g_autoptr (TwinCampaignPreview) none =
      twin_campaign_preview (&image, NULL, 0);

  turned[0].online = FALSE;
  same = twin_campaign_preview (&image, turned, 2);
  g_assert_cmpstr (same->targets[0].node, ==, "n-1");
  g_assert_cmpmem (first->hash, TWIN_DIGEST_SIZE, same->hash, TWIN_DIGEST_SIZE);

  rows[1].busy = TRUE;
  decided = twin_campaign_preview (&image, rows, 2);
  g_assert_cmpint (memcmp (first->hash, decided->hash, TWIN_DIGEST_SIZE), !=,
                   0);
  rows[1].busy = FALSE;
  image.digest[0] = 2;
  other = twin_campaign_preview (&image, rows, 2);
  g_assert_cmpint (memcmp (first->hash, other->hash, TWIN_DIGEST_SIZE), !=, 0);
  g_assert_cmpuint (none->n_targets, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fleet/campaign/versions", test_versions);
  g_test_add_func ("/fleet/campaign/each-reason", test_each_reason);
  g_test_add_func ("/fleet/campaign/hash", test_hash);
  return g_test_run ();
}
