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

static TwinArtifact
artifact (void)
{
  return (TwinArtifact){ .device_class = "twin-node-ref",
                         .version = "0.2.0",
                         .sequence = 7,
                         .digest = { 1 } };
}

static TwinCandidate
candidate (const char *node)
{
  return (TwinCandidate){ .node = node,
                          .twin = "compressor-7",
                          .device_class = "twin-node-ref",
                          .version = "0.1.3",
                          .sequence = 6,
                          .online = TRUE,
                          .trusted = TRUE };
}

static TwinCampaignPreview *
preview (const TwinArtifact *image, const TwinCandidate *rows, size_t n)
{
  const TwinCampaignLimits limits = twin_campaign_limits_default ();

  return twin_campaign_preview (image, &limits, rows, n);
}

static void
assert_one (const TwinArtifact  *image,
            const TwinCandidate *row,
            TwinTargetVerdict    verdict,
            const char          *why)
{
  g_autoptr (TwinCampaignPreview) shown = preview (image, row, 1);

  g_assert_cmpint (shown->targets[0].verdict, ==, verdict);
  g_assert_cmpstr (shown->targets[0].why, ==, why);
  g_assert_cmpint (shown->targets[0].wave, ==,
                   verdict == TWIN_TARGET_IN ? 0 : -1);
  g_assert_cmpuint (shown->n_in, ==, verdict == TWIN_TARGET_IN);
  g_assert_cmpuint (shown->n_out, ==, verdict == TWIN_TARGET_OUT);
  g_assert_cmpuint (shown->n_incompatible, ==,
                    verdict == TWIN_TARGET_INCOMPATIBLE);
}

static void
test_each_reason (void)
{
  const TwinArtifact image = artifact ();
  TwinCandidate      row = candidate ("n-0107");

  assert_one (&image, &row, TWIN_TARGET_IN, "From 0.1.3 to 0.2.0");
  row.online = FALSE;
  assert_one (&image, &row, TWIN_TARGET_IN,
              "From 0.1.3 to 0.2.0, when it is online again");

  row.blocked = "Its machine has a critical alarm";
  assert_one (&image, &row, TWIN_TARGET_OUT,
              "Its machine has a critical alarm");
  row.busy = TRUE;
  assert_one (&image, &row, TWIN_TARGET_OUT, "Another campaign has it");
  row.trusted = FALSE;
  assert_one (&image, &row, TWIN_TARGET_OUT,
              "This console is not enrolled on it");
  row.device_class = "twin-node-mini";
  assert_one (&image, &row, TWIN_TARGET_INCOMPATIBLE,
              "The image is for twin-node-ref; this is a twin-node-mini");
  row.device_class = NULL;
  assert_one (&image, &row, TWIN_TARGET_OUT, "It has never said what it is");
  row.node = NULL;
  assert_one (&image, &row, TWIN_TARGET_OUT, "No node serves it");
}

/* The sequence decides what is newer; the version only where a node has not
 * said its sequence. */
static void
test_newer (void)
{
  const TwinArtifact image = artifact ();
  TwinCandidate      row = candidate ("n-0107");

  row.version = "9.0.0";
  assert_one (&image, &row, TWIN_TARGET_IN, "From 9.0.0 to 0.2.0");
  row.sequence = 7;
  assert_one (&image, &row, TWIN_TARGET_OUT, "It runs 9.0.0 already");
  row.sequence = 8;
  assert_one (&image, &row, TWIN_TARGET_OUT,
              "It runs 9.0.0, which is newer: nothing is ever downgraded");
  row.sequence = -1;
  assert_one (&image, &row, TWIN_TARGET_OUT,
              "It runs 9.0.0, which is newer: nothing is ever downgraded");
  row.version = "0.2.0";
  assert_one (&image, &row, TWIN_TARGET_OUT, "It runs 0.2.0 already");
  row.version = "0.1.9";
  assert_one (&image, &row, TWIN_TARGET_IN, "From 0.1.9 to 0.2.0");
}

/* The hash is of the decisions: order of rows and being online do not change
 * it; any decision, the image and the limits do. */
static void
test_hash (void)
{
  TwinArtifact       image = artifact ();
  TwinCandidate      rows[] = { candidate ("n-1"), candidate ("n-2") };
  TwinCandidate      turned[] = { candidate ("n-2"), candidate ("n-1") };
  TwinCampaignLimits limits = twin_campaign_limits_default ();
  g_autoptr (TwinCampaignPreview) first = preview (&image, rows, 2);
  g_autoptr (TwinCampaignPreview) same = NULL;
  g_autoptr (TwinCampaignPreview) decided = NULL;
  g_autoptr (TwinCampaignPreview) other = NULL;
  g_autoptr (TwinCampaignPreview) bolder = NULL;
  g_autoptr (TwinCampaignPreview) none = preview (&image, NULL, 0);

  turned[0].online = FALSE;
  same = preview (&image, turned, 2);
  g_assert_cmpstr (same->targets[0].node, ==, "n-1");
  g_assert_cmpmem (first->hash, TWIN_DIGEST_SIZE, same->hash, TWIN_DIGEST_SIZE);

  rows[1].busy = TRUE;
  decided = preview (&image, rows, 2);
  g_assert_cmpint (memcmp (first->hash, decided->hash, TWIN_DIGEST_SIZE), !=,
                   0);
  rows[1].busy = FALSE;
  limits.stop = 0.5;
  bolder = twin_campaign_preview (&image, &limits, rows, 2);
  g_assert_cmpint (memcmp (first->hash, bolder->hash, TWIN_DIGEST_SIZE), !=, 0);
  image.digest[0] = 2;
  other = preview (&image, rows, 2);
  g_assert_cmpint (memcmp (first->hash, other->hash, TWIN_DIGEST_SIZE), !=, 0);
  g_assert_cmpuint (none->n_targets, ==, 0);
}

/* Canaries are online while there are enough of those; the others follow in
 * equal groups, by name. */
static void
test_waves (void)
{
  static const int   waves[] = { 1, 0, 1, 2, 2, 0, -1, 3 };
  const TwinArtifact image = artifact ();
  TwinCampaignLimits limits = twin_campaign_limits_default ();
  TwinCandidate      rows[G_N_ELEMENTS (waves)];
  g_autoptr (TwinCampaignPreview) shown = NULL;
  static const char *const names[] = { "n-0", "n-1", "n-2", "n-3",
                                       "n-4", "n-5", "n-6", "n-7" };

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      rows[i] = candidate (names[i]);
      rows[i].online = i == 1 || i == 5;
    }
  rows[6].busy = TRUE;
  limits.canaries = 2;
  limits.groups = 3;
  shown = twin_campaign_preview (&image, &limits, rows, G_N_ELEMENTS (rows));
  for (size_t i = 0; i < G_N_ELEMENTS (waves); i++)
    g_assert_cmpint (shown->targets[i].wave, ==, waves[i]);
}

static void
test_limits (void)
{
  const TwinCampaignLimits plain = twin_campaign_limits_default ();
  g_autoptr (JsonNode) some =
      json_from_string ("{\"canaries\":2,\"stop\":0.5}", NULL);
  g_autoptr (JsonNode) bad = json_from_string ("{\"groups\":0}", NULL);
  g_autoptr (JsonNode) text = json_from_string ("{\"goOn\":\"1\"}", NULL);
  g_autoptr (JsonNode) again = NULL;
  g_autoptr (GError) error = NULL;
  TwinCampaignLimits limits, read;

  g_assert_true (twin_campaign_limits_check (&plain, &error));
  g_assert_true (twin_campaign_limits_from_json (some, &limits, &error));
  g_assert_cmpuint (limits.canaries, ==, 2);
  g_assert_cmpfloat (limits.stop, ==, 0.5);
  g_assert_cmpuint (limits.groups, ==, plain.groups);
  again = twin_campaign_limits_to_json (&limits);
  g_assert_true (twin_campaign_limits_from_json (again, &read, &error));
  g_assert_cmpmem (&limits, sizeof limits, &read, sizeof read);

  g_assert_false (twin_campaign_limits_from_json (bad, &limits, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (twin_campaign_limits_from_json (text, &limits, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fleet/campaign/versions", test_versions);
  g_test_add_func ("/fleet/campaign/each-reason", test_each_reason);
  g_test_add_func ("/fleet/campaign/newer", test_newer);
  g_test_add_func ("/fleet/campaign/hash", test_hash);
  g_test_add_func ("/fleet/campaign/waves", test_waves);
  g_test_add_func ("/fleet/campaign/limits", test_limits);
  return g_test_run ();
}
