/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-engine-rule.h"

static void
test_three_of_five (void)
{
  static const struct
  {
    int seen[10];
    int believed[10];
    int n;
  } cases[] = {
    { { 1, 1, 1 }, { 0, 0, 1 }, 3 },
    { { 1, 0, 1, 0, 1 }, { 0, 0, 0, 0, 1 }, 5 },
    /* Three, but never three within five. */
    { { 1, 0, 0, 1, 0, 0, 1, 0, 0, 1 }, { 0 }, 10 },
    /* Different elements do not add up. */
    { { 1, 2, 1, 2, 3, 3 }, { 0 }, 6 },
    /* Lasts until at most one of the last five agrees. */
    { { 1, 1, 1, 0, 0, 0, 0 }, { 0, 0, 1, 1, 1, 1, 0 }, 7 },
    /* Another element takes over by its own majority. */
    { { 1, 1, 1, 2, 2, 2 }, { 0, 0, 1, 1, 1, 2 }, 6 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwinRule rule = { 0 };

      for (int k = 0; k < cases[i].n; k++)
        g_assert_cmpint (twin_rule_add (&rule, cases[i].seen[k]), ==,
                         cases[i].believed[k]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/rule/three-of-five", test_three_of_five);
  return g_test_run ();
}
