/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-rule.h - when a repeated finding is believed
 *
 * One window may err; an alarm needs at least 3 of the last 5 to name the same
 * element, and lasts until at most 1 of the last 5 does. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TWIN_RULE_WINDOWS 5
#define TWIN_RULE_RAISE 3
#define TWIN_RULE_CLEAR 1

typedef struct
{
  int seen[TWIN_RULE_WINDOWS]; /* elements, newest last; 0: nothing found */
  int windows;                 /* how many of them are filled */
  int confirmed;               /* the element believed, 0: none */
} TwinRule;

/* Adds the element a window named (0: none) and returns the element believed
 * now, 0 for none. */
int twin_rule_add (TwinRule *rule, int element);

/* How many of the last windows name @element. */
int twin_rule_agree (const TwinRule *rule, int element);

G_END_DECLS
