/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-property.h"
#include "twin-twin.h"

#define P TWIN_LIFECYCLE_PLANNED
#define C TWIN_LIFECYCLE_COMMISSIONED
#define S TWIN_LIFECYCLE_IN_SERVICE
#define R TWIN_LIFECYCLE_RETIRED
#define A TWIN_LIFECYCLE_ARCHIVED

static void
test_changes (void)
{
  /* Every pair: row from, column to. */
  static const gboolean allowed[5][5] = {
    /*       P  C  S  R  A */
    [P] = { 1, 1, 1, 0, 0 }, [C] = { 0, 1, 1, 1, 0 }, [S] = { 0, 1, 1, 1, 0 },
    [R] = { 0, 1, 1, 1, 1 }, [A] = { 0, 1, 1, 1, 1 },
  };

  for (int from = P; from <= A; from++)
    {
      for (int to = P; to <= A; to++)
        {
          g_autoptr (GError) error = NULL;
          gboolean good =
              twin_lifecycle_check_change ((TwinLifecycle) from,
                                           (TwinLifecycle) to, &error);

          g_assert_cmpint (good, ==, allowed[from][to]);
          if (good)
            continue;
          g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_STATE);
          g_assert_nonnull (strstr (error->message, twin_lifecycle_to_string (
                                                        (TwinLifecycle) from)));
          g_assert_nonnull (strstr (error->message, twin_lifecycle_to_string (
                                                        (TwinLifecycle) to)));
        }
    }
}

static void
test_says (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (twin_lifecycle_check_change (S, A, &error));
  g_assert_cmpstr (error->message, ==,
                   "It is in service and cannot become archived; it may become "
                   "commissioned or retired");
}

static void
test_delete (void)
{
  for (int from = P; from <= A; from++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (
          twin_lifecycle_check_delete ((TwinLifecycle) from, FALSE, NULL));
      g_assert_cmpint (twin_lifecycle_check_delete ((TwinLifecycle) from, TRUE,
                                                    &error),
                       ==, from >= R);
      if (from < R)
        g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_STATE);
    }
}

/* Retiring and restoring touch the word and nothing else. */
static void
test_keeps (void)
{
  static const char props[] =
      "{\"$metadata\":{\"$model\":\"dtmi:a:b;1\",\"$lifecycle\":\"retired\","
      "\"$tags\":[\"vital\"],\"x\":{\"lastUpdateTime\":\"2026-01-01T00:00:00Z"
      "\"}},\"x\":1,\"part\":{\"y\":2}}";
  g_autoptr (TwinTwin) twin =
      twin_twin_from_props ("p", "dtmi:a:b;1", "retired", "e", props, NULL);
  g_autofree char *restored = NULL;
  g_autofree char *again = NULL;

  twin->lifecycle = S;
  restored = twin_twin_print_props (twin);
  g_assert_null (strstr (restored, "$lifecycle"));
  twin->lifecycle = R;
  again = twin_twin_print_props (twin);
  g_assert_cmpstr (again, ==, props);
}

static void
test_stale (void)
{
  const int64_t s = TWIN_US_PER_S;
  TwinProperty  property = { .source_us = TWIN_TIME_NONE,
                             .arrival_us = TWIN_TIME_NONE };

  g_assert_cmpint (twin_property_age_us (&property, 10 * s), ==, INT64_MAX);
  g_assert_true (twin_property_is_stale (&property, 10 * s, TRUE, TRUE));

  /* Said at 5 by the node's clock, here at 7; a clock ahead counts from the
   * arrival. */
  property.arrival_us = 7 * s;
  g_assert_cmpint (twin_property_age_us (&property, 10 * s), ==, 3 * s);
  property.source_us = 5 * s;
  g_assert_cmpint (twin_property_age_us (&property, 10 * s), ==, 5 * s);
  property.source_us = 9 * s;
  g_assert_cmpint (twin_property_age_us (&property, 10 * s), ==, 3 * s);
  g_assert_cmpint (twin_property_age_us (&property, 0), ==, 0);

  /* Without a limit a property is good while its node is there. */
  g_assert_false (twin_property_is_stale (&property, 1000000 * s, TRUE, TRUE));
  g_assert_true (twin_property_is_stale (&property, 10 * s, FALSE, TRUE));
  g_assert_true (twin_property_is_stale (&property, 10 * s, TRUE, FALSE));
  property.max_age_s = 3;
  g_assert_false (twin_property_is_stale (&property, 10 * s, TRUE, TRUE));
  g_assert_true (twin_property_is_stale (&property, 10 * s + 1, TRUE, TRUE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/lifecycle/changes", test_changes);
  g_test_add_func ("/twin/lifecycle/says", test_says);
  g_test_add_func ("/twin/lifecycle/delete", test_delete);
  g_test_add_func ("/twin/lifecycle/keeps", test_keeps);
  g_test_add_func ("/twin/property/stale", test_stale);
  return g_test_run ();
}
