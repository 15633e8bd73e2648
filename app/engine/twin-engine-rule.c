/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-engine-rule.h"

#include <string.h>

int
twin_rule_agree (const TwinRule *rule, int element)
{
  int agree = 0;

  for (int i = 0; i < rule->windows; i++)
    agree += rule->seen[i] == element;
  return agree;
}

int
twin_rule_add (TwinRule *rule, int element)
{
  if (rule->windows == TWIN_RULE_WINDOWS)
    {
      memmove (rule->seen, rule->seen + 1,
               (TWIN_RULE_WINDOWS - 1) * sizeof rule->seen[0]);
      rule->windows--;
    }

  rule->seen[rule->windows++] = element;

  if (rule->confirmed != 0 &&
      twin_rule_agree (rule, rule->confirmed) <= TWIN_RULE_CLEAR)
    rule->confirmed = 0;

  /* Another element may take over only by the same majority. */
  if (element != 0 && twin_rule_agree (rule, element) >= TWIN_RULE_RAISE)
    rule->confirmed = element;

  return rule->confirmed;
}
