/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "twin-finding-words.h"
#include "twin-kurtogram-view.h"
#include "twin-order-list.h"

#define SAYS(expression, text)                                                 \
  do                                                                           \
    {                                                                          \
      g_autofree char *said = (expression);                                    \
                                                                               \
      g_assert_cmpstr (said, ==, text);                                        \
    }                                                                          \
  while (0)

static void
test_sure (void)
{
  TwinFindingUpdate finding = { .verdict = (char *) "outer",
                                .z = 8.4,
                                .threshold = 4,
                                .margin = 6.3,
                                .agree = 4,
                                .windows = 5,
                                .confirmed = TRUE };

  SAYS (twin_finding_dup_headline (&finding), "Outer race");
  SAYS (twin_finding_dup_strength (&finding),
        "z 8.4, above the 4.0 that are needed");
  SAYS (twin_finding_dup_lead (&finding), "6.3 ahead of the next part");
  SAYS (twin_finding_dup_agreement (&finding),
        "4 of the last 5 records, confirmed");

  finding.confirmed = FALSE;
  finding.agree = 2;
  SAYS (twin_finding_dup_headline (&finding), "Outer race, not confirmed yet");
  SAYS (twin_finding_dup_agreement (&finding),
        "2 of the last 5 records, 3 are needed");
  finding.windows = 2;
  SAYS (twin_finding_dup_agreement (&finding), "2 of 2 so far, 3 are needed");
}

static void
test_not_sure (void)
{
  TwinFindingUpdate finding = { .verdict = (char *) "inconclusive",
                                .suspected = (char *) "ball",
                                .z = 3.7,
                                .threshold = 5,
                                .margin = 0.4 };

  SAYS (twin_finding_dup_headline (&finding),
        "I am not sure: rolling element suspected");
  SAYS (twin_finding_dup_strength (&finding),
        "z 3.7, below the 5.0 that are needed");
  SAYS (twin_finding_dup_lead (&finding), "0.4 ahead of the next part");

  finding.suspected = NULL;
  SAYS (twin_finding_dup_headline (&finding), "I am not sure");
  SAYS (twin_finding_dup_lead (&finding), NULL);
  finding.z = NAN;
  SAYS (twin_finding_dup_strength (&finding), NULL);

  finding.verdict = (char *) "none";
  SAYS (twin_finding_dup_headline (&finding),
        "No bearing-fault signature found");
}

static void
test_kurtogram (void)
{
  const TwinBandItem items[] = { { 0, 0, 2000, 0.2 },
                                 { 1, 0, 1000, NAN },
                                 { 1, 1000, 2000, 2.13 } };
  g_autoptr (GArray) bands = g_array_new (FALSE, FALSE, sizeof (TwinBandItem));

  g_array_append_vals (bands, items, G_N_ELEMENTS (items));
  SAYS (twin_kurtogram_dup_text (NULL, 0), "No record has been looked at yet.");
  SAYS (twin_kurtogram_dup_text (bands, -1),
        "No band strikes more than noise does.");
  SAYS (twin_kurtogram_dup_text (bands, 2),
        "Strikes most at 1000–2000 Hz, kurtosis 2.1.");
}

static void
test_order (void)
{
  TwinOrderItem order = { .state = (char *) "reported" };

  SAYS (twin_order_dup_story (&order), "open · nothing was diagnosed");
  order.element = (char *) "inner";
  order.state = (char *) "done";
  SAYS (twin_order_dup_story (&order), "done · diagnosed: Inner race");
  order.verdict = (char *) "false";
  order.found = (char *) "lubrication";
  order.found_note = (char *) "";
  SAYS (twin_order_dup_story (&order),
        "done · diagnosed: Inner race · the diagnosis was wrong · found: "
        "lubrication");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/finding-words/sure", test_sure);
  g_test_add_func ("/finding-words/not-sure", test_not_sure);
  g_test_add_func ("/finding-words/kurtogram", test_kurtogram);
  g_test_add_func ("/finding-words/order", test_order);
  return g_test_run ();
}
