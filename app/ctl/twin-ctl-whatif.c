/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-whatif.c - whatif: a machine as it is, beside how it would be */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-ctl-session.h"
#include "twin-engine-outbox.h"
#include "twin-json-members.h"

#define DAY_S 86400.0

/* The signal level takes seconds, an engine of our own a moment to start. */
#define WAIT_S 60.0

/* Life to within a tenth: the ODE. */
#define ACCURACY 0.1

/* --- the answer, for people --------------------------------------------------
 */

typedef struct
{
  const char *label, *member, *unit;
  double      factor;
  gboolean    is_range;
} Row;

static const Row rows[] = {
  { "Speed", "rpm", "1/min", 1, FALSE },
  { "Load factor", "load", "", 1, FALSE },
  { "Ambient", "ambient_c", "°C", 1, FALSE },
  { "Bearing temperature", "temperature_c", "°C", 1, TRUE },
  { "Viscosity ratio κ", "kappa", "", 1, FALSE },
  { "Life factor aISO", "aiso", "", 1, FALSE },
  { "Life under that, × now", "life_factor", "", 1, FALSE },
  { "Rated life", "rated_life_h", "h", 1, FALSE },
  { "Fatigue life left", "fatigue_h", "h", 1, TRUE },
  { "Remaining life", "rul_s", "d", 1 / DAY_S, TRUE },
  { "At least, with 95 %", "lower_bound_s", "d", 1 / DAY_S, FALSE },
  { "Chance of failure", "failure_chance", "%", 100, FALSE },
  { "Expected cost", "cost_mean", "", 1, FALSE },
};

static char *
dup_cell (JsonObject *side, const Row *row)
{
  JsonObject  *range = twin_json_member_object (side, row->member);
  const double middle =
      row->factor *
      twin_json_member_number (row->is_range ? range : side,
                               row->is_range ? "p50" : row->member);

  if (!isfinite (middle))
    return g_strdup ("–");
  if (!row->is_range)
    return g_strdup_printf ("%.4g", middle);

  return g_strdup_printf ("%.4g (%.4g…%.4g)", middle,
                          row->factor * twin_json_member_number (range, "p05"),
                          row->factor * twin_json_member_number (range, "p95"));
}

static void
print_text (JsonObject *detail, const char *name)
{
  const char *text =
      json_object_get_string_member_with_default (detail, name, "");

  if (text[0] != '\0')
    printf ("%s\n", text);
}

static void
print_date (JsonObject *detail)
{
  JsonObject *date =
      twin_json_member_object (twin_json_member_object (detail, "maintenance"),
                               "scenario");
  const char *day;

  if (date == NULL)
    return;

  day = json_object_get_string_member_with_default (date, "date", NULL);
  if (day != NULL)
    printf ("Best maintenance date: %s. ", day);
  print_text (date, "why");
}

static void
print (JsonObject *detail)
{
  const char *const headings[] = { "", ">now", ">what if", "unit", NULL };
  TwinCtlTable     *table = twin_ctl_table_new (headings);
  JsonObject       *signal = twin_json_member_object (detail, "signal");

  for (size_t i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *now =
          dup_cell (twin_json_member_object (detail, "baseline"), &rows[i]);
      g_autofree char *then =
          dup_cell (twin_json_member_object (detail, "scenario"), &rows[i]);

      twin_ctl_table_add (table, rows[i].label, now, then, rows[i].unit);
    }

  twin_ctl_table_print (table);
  if (signal != NULL)
    {
      printf ("Simulated bearing, %s: diagnosed %s. ",
              json_object_get_string_member_with_default (signal, "simulated",
                                                          ""),
              json_object_get_string_member_with_default (signal, "verdict",
                                                          ""));
      print_text (signal, "why");
    }

  print_date (detail);
  print_text (detail, "notes");
  printf ("Answered by the level “%s” in %.3g ms. ",
          json_object_get_string_member_with_default (detail, "level", ""),
          twin_json_member_number (detail, "actual_ms"));
  print_text (detail, "reason");
}

/* --- the question ------------------------------------------------------------
 */

/* "90d", "12h", "2w". */
static gboolean
parse_span (const char *text, double *seconds)
{
  static const struct
  {
    const char *unit;
    double      seconds;
  } units[] = { { "s", 1 },          { "m", 60 },        { "h", 3600 },
                { "d", DAY_S },      { "w", 7 * DAY_S }, { "y", 365 * DAY_S },
                { "a", 365 * DAY_S } };
  char *end;

  *seconds = g_ascii_strtod (text, &end);
  if (end == text || !(*seconds > 0) || !isfinite (*seconds))
    return FALSE;

  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (end, units[i].unit) == 0)
      {
        *seconds *= units[i].seconds;
        return TRUE;
      }

  return FALSE;
}

/* A number as a number, so that nobody's locale reads it. */
static gboolean
add_setting (JsonObject *set, const char *text)
{
  const char      *equals = strchr (text, '=');
  g_autofree char *name = NULL;

  if (equals == NULL || equals == text || equals[1] == '\0')
    return FALSE;

  name = g_strndup (text, (gsize) (equals - text));
  json_object_set_string_member (set, name, equals + 1);
  return TRUE;
}

static char *
dup_question (JsonObject *set,
              double      horizon_s,
              double      accuracy,
              double      budget_ms,
              gboolean    signal)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *question = json_object_new ();

  json_node_take_object (root, question);
  json_object_set_object_member (question, "set", json_object_ref (set));
  json_object_set_double_member (question, "horizon", horizon_s);
  json_object_set_double_member (question, "accuracy", accuracy);
  if (budget_ms > 0)
    json_object_set_double_member (question, "budget", budget_ms);
  json_object_set_boolean_member (question, "signal", signal);
  return json_to_string (root, FALSE);
}

static int
whatif (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (GStrv) settings = NULL;
  g_autofree char   *horizon = NULL;
  double             accuracy = ACCURACY, budget_ms = 0;
  double             horizon_s = 90 * DAY_S;
  gboolean           signal = FALSE;
  const GOptionEntry entries[] = {
    { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &settings, NULL, NULL },
    { "horizon", 0, 0, G_OPTION_ARG_STRING, &horizon, NULL, NULL },
    { "accuracy", 0, 0, G_OPTION_ARG_DOUBLE, &accuracy, NULL, NULL },
    { "budget", 0, 0, G_OPTION_ARG_DOUBLE, &budget_ms, NULL, NULL },
    { "signal", 0, 0, G_OPTION_ARG_NONE, &signal, NULL, NULL },
    { NULL }
  };
  g_autoptr (JsonObject) set = json_object_new ();
  g_autofree char *question = NULL;
  TwinCtlAsk       ask = { .kind = TWIN_OUTBOX_WHATIF,
                           .number = -1,
                           .wait_s = WAIT_S,
                           .print = print,
                           .question = TRUE };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("whatif needs TWIN");
  if (horizon != NULL && !parse_span (horizon, &horizon_s))
    return twin_ctl_usage ("“%s” is no horizon; write 90d, 12h or 2w", horizon);
  if (!(accuracy > 0) || budget_ms < 0)
    return twin_ctl_usage ("--accuracy needs a share over 0 (0.1), --budget "
                           "milliseconds");

  for (int i = 0; settings != NULL && settings[i] != NULL; i++)
    if (!add_setting (set, settings[i]))
      return twin_ctl_usage ("“%s” is no setting; write --set load=1.2",
                             settings[i]);

  question = dup_question (set, horizon_s, accuracy, budget_ms, signal);
  ask.subject = argv[1];
  ask.text = question;
  return twin_ctl_ask (ctl, &ask);
}

const TwinCtlVerb twin_ctl_whatif_verbs[] = {
  { "whatif", NULL, whatif,
    "TWIN [--set NAME=VALUE…] [--horizon 90d] [--accuracy 0.1] [--budget MS] "
    "[--signal]",
    "Life, temperature and cost of a machine under other conditions, beside "
    "now; load and speed are shares of the present ones" },
  { NULL },
};
