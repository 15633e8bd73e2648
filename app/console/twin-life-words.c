/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-life-words.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  const char *state, *label, *verb, *consequence;
  const char *next[4];
} Step;

static const Step steps[] = {
  { "planned",
    N_ ("Planned"),
    N_ ("Plan"),
    N_ ("It is known and not built yet."),
    { "in service", NULL } },
  { "commissioned",
    N_ ("Commissioned"),
    N_ ("Back to commissioning"),
    N_ ("A node is bound to it; it is not in service yet."),
    { "in service", "retired", NULL } },
  { "in service",
    N_ ("In service"),
    N_ ("Put in service"),
    N_ ("It counts in the tally, raises alarms and takes commands. Nothing "
        "that it kept is lost."),
    { "retired", NULL } },
  { "retired",
    N_ ("Retired"),
    N_ ("Retire"),
    N_ ("It leaves the tally, the lists and the alarms, and takes no "
        "commands. Its history stays, and it can be put in service again."),
    { "in service", "archived", NULL } },
  { "archived",
    N_ ("Archived"),
    N_ ("Archive"),
    N_ ("It is hidden everywhere but in history and in queries that ask for "
        "it. It can be put in service again."),
    { "in service", "retired", NULL } },
};

static const Step *
find (const char *state)
{
  for (gsize i = 0; state != NULL && i < G_N_ELEMENTS (steps); i++)
    if (strcmp (steps[i].state, state) == 0)
      return &steps[i];

  return NULL;
}

const char *
twin_life_words_get_verb (const char *state)
{
  const Step *step = find (state);

  return step != NULL ? _ (step->verb) : state;
}

const char *
twin_life_words_get_consequence (const char *state)
{
  const Step *step = find (state);

  return step != NULL ? _ (step->consequence) : "";
}

const char *const *
twin_life_words_list_next (const char *state)
{
  static const char *const none[] = { NULL };
  const Step              *step = find (state);

  return step != NULL ? step->next : none;
}

const char *
twin_life_words_get_label (const char *state)
{
  const Step *step = find (state);

  return step != NULL ? _ (step->label) : state != NULL ? state : "–";
}
