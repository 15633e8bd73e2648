/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "twin-whatif-words.h"

static const char answer[] =
    "{\"level\":\"ODE\",\"life_error\":0.1,\"actual_ms\":17,\"reason\":\"r\","
    "\"baseline\":{\"rul_s\":{\"p05\":864000,\"p50\":3456000,\"p95\":8640000},"
    "\"temperature_c\":{\"p05\":50,\"p50\":52,\"p95\":54},\"kappa\":2,"
    "\"failure_chance\":0.1,\"course\":[{\"at_s\":0,\"failed\":0}]},"
    "\"scenario\":{\"rul_s\":{\"p05\":432000,\"p50\":1728000,\"p95\":4320000},"
    "\"temperature_c\":{\"p05\":69,\"p50\":71,\"p95\":73},\"kappa\":1,"
    "\"failure_chance\":0.4,\"course\":[{\"at_s\":0,\"failed\":0.1}]},"
    "\"difference\":{\"rul_s\":{\"p05\":-4320000,\"p50\":-1728000,\"p95\":0},"
    "\"temperature_k\":{\"p05\":19,\"p50\":19,\"p95\":19},"
    "\"failure_chance\":0.3},"
    "\"replaced\":{\"level\":\"closed form\",\"rul_p50_s\":1814400},"
    "\"maintenance\":{\"scenario\":{\"kind\":\"none\",\"why\":\"No date: x\"}},"
    "\"notes\":\"n\"}";

static void
test_rows (void)
{
  g_autoptr (TwinWhatifWords) words = twin_whatif_words_new (answer, 0);

  g_assert_nonnull (words);
  g_assert_cmpstr (words->rows[0].now, ==, "40 d");
  g_assert_cmpstr (words->rows[0].then, ==, "20 d");
  g_assert_cmpstr (words->rows[0].change, ==, "−20 d");
  g_assert_cmpfloat (words->rows[0].then_range[2], ==, 4320000);
  g_assert_cmpstr (words->rows[2].change, ==, "+19.0 K");
  g_assert_cmpstr (words->rows[6].now, ==, "10 %");
  /* What is not known says why, and is no zero. */
  g_assert_cmpstr (words->rows[5].now, ==, "no load");
  g_assert_cmpstr (words->rows[5].change, ==, "–");
  g_assert_true (isnan (words->rows[5].now_range[1]));
  g_assert_nonnull (strstr (words->change, "21 d → 20 d"));
  g_assert_cmpstr (words->date, ==, "No date");
  g_assert_null (words->heard);
  g_assert_cmpuint (words->n, ==, 1);
  g_assert_cmpfloat (words->failed_then[0], ==, 10);
  g_assert_true (isnan (words->then_c[0]));
}

/* Whatever comes is survived. */
static void
test_not_an_answer (void)
{
  static const char *const texts[] = {
    "{\"baseline\":3,\"scenario\":[],\"maintenance\":null}",
    "{\"baseline\":{\"course\":[1,null,{}]},\"scenario\":{\"course\":[{}]}}",
    "{}",
  };

  g_assert_null (twin_whatif_words_new (NULL, 0));
  g_assert_null (twin_whatif_words_new ("", 0));
  g_assert_null (twin_whatif_words_new ("[1]", 0));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (TwinWhatifWords) words = twin_whatif_words_new (texts[i], 0);

      g_assert_nonnull (words);
      g_assert_cmpstr (words->rows[0].now, ==, "no trend");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/whatif-words/rows", test_rows);
  g_test_add_func ("/console/whatif-words/not-an-answer", test_not_an_answer);
  return g_test_run ();
}
